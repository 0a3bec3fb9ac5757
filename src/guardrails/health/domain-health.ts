import { kindOf } from '../../core/config-issues.js'
import type { Reason } from '../../core/reason.js'
import { because } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { rateOf } from './rates.js'

/** What a sending domain did lately: trailing counts over 30 days, so that old trouble ages out. */
export interface DomainCounters {
  readonly totalSent: number
  readonly bounces: number
  readonly complaints: number
  readonly unsubscribes?: number
  /** Leave out when opens are not tracked; they are then not judged. */
  readonly opens?: number
  readonly replies?: number
  /** When the latest bounce or complaint was counted, ms; without it a stop has no end to name. */
  readonly lastBounceAt?: number
  readonly lastComplaintAt?: number
  /** The trailing seven days of it, so that a bad week is not hidden by a good month. */
  readonly week?: { readonly totalSent: number; readonly bounces: number; readonly complaints: number }
  /** A stop that was called and not lifted yet, until when (ms): after it the domain has to score `recoverFrom` to come back. */
  readonly restUntil?: number
}

export interface DomainHealth {
  /** 0 to 100. */
  readonly score: number
  readonly healthy: boolean
  /** When it may be judged again, ms; absent = it is not cooling. */
  readonly coolingUntil?: number
  /** Why it may not send. */
  readonly reasons: readonly Reason[]
  /** Rates that may still be mended. */
  readonly warnings: readonly Reason[]
}

/**
 * How a sending domain stands. `'original'` gives the score of the system this one replaces, exactly, without
 * minimum sample and stops. Figures: GHL suspends at 5 % bounces, Gmail and Yahoo refuse from 0.3 % complaints.
 * With `now` (ms), a domain whose rest is over comes back, if it scores `recoverFrom` again. Throws `TypeError` for a
 * count that is none.
 */
export function domainHealth(counters: DomainCounters, policy: GuardrailPolicy | 'original', now?: number): DomainHealth {
  requireCounts(counters)
  if (policy === 'original') return original(counters)
  const rules = policy.health
  const month = ratesOf(counters, rules)
  const week = counters.week === undefined ? undefined : ratesOf(counters.week, rules)
  const score = scoreOf(counters, month, rules)
  const reasons: Reason[] = []
  const ends: number[] = []
  const stop = (at: number | undefined, pause: number, why: Reason) => {
    reasons.push(why)
    if (at !== undefined) ends.push(at + pause)
  }

  const bounced = [week, month].find((span) => span !== undefined && span.bounceRate >= rules.maxBounceRate)
  if (bounced !== undefined)
    stop(counters.lastBounceAt, rules.bounceCoolingMs, tooMany('bounces', bounced.bounces, bounced.sent, rules.maxBounceRate))
  const complained = [week, month].find((span) => span !== undefined && span.complaintRate >= rules.maxComplaintRate)
  const few = week !== undefined && week.sent < rules.minComplaintSample && week.complaints >= rules.maxWeeklyComplaints
  if (complained !== undefined) {
    const { complaints, sent } = complained
    stop(counters.lastComplaintAt, rules.complaintCoolingMs, tooMany('complaints', complaints, sent, rules.maxComplaintRate))
  } else if (few) stop(counters.lastComplaintAt, rules.complaintCoolingMs, tooManyThisWeek(week.complaints, rules))
  if (score < rules.healthyFrom) {
    const latest = Math.max(counters.lastBounceAt ?? 0, counters.lastComplaintAt ?? 0)
    stop(latest > 0 ? latest : undefined, rules.lowScoreCoolingMs, tooLow(score, rules.healthyFrom))
  }
  if (counters.restUntil !== undefined) {
    ends.push(counters.restUntil)
    // The score may have passed the threshold again while it rested: that is not yet enough to come back.
    if (reasons.length === 0 && score < rules.recoverFrom) reasons.push(tooLow(score, rules.recoverFrom))
  }

  const coolingUntil = ends.length > 0 ? Math.max(...ends) : undefined
  const warnings = warningsOf(month, rules)
  const rested = now !== undefined && coolingUntil !== undefined && now >= coolingUntil
  if (rested && score >= rules.recoverFrom) return { score, healthy: true, reasons: [], warnings }
  const resting = now !== undefined && coolingUntil !== undefined && now < coolingUntil
  const healthy = reasons.length === 0 && !resting
  return { score, healthy, ...(coolingUntil === undefined ? {} : { coolingUntil }), reasons, warnings }
}

/** NaN is below every limit: a domain counted so would be healthy whatever it did. Written out: every send asks. */
function requireCounts(counters: DomainCounters): void {
  requireCount('totalSent', counters.totalSent)
  requireCount('bounces', counters.bounces)
  requireCount('complaints', counters.complaints)
  requireCount('unsubscribes', counters.unsubscribes ?? 0)
  requireCount('opens', counters.opens ?? 0)
  requireCount('replies', counters.replies ?? 0)
  requireCount('lastBounceAt', counters.lastBounceAt ?? 0)
  requireCount('lastComplaintAt', counters.lastComplaintAt ?? 0)
  requireCount('restUntil', counters.restUntil ?? 0)
  const { week } = counters
  if (week === undefined) return
  requireCount('week.totalSent', week.totalSent)
  requireCount('week.bounces', week.bounces)
  requireCount('week.complaints', week.complaints)
}

function requireCount(name: string, count: unknown): void {
  if (typeof count === 'number' && count >= 0 && count < Number.POSITIVE_INFINITY) return
  throw new TypeError(`\`${name}\` is ${kindOf(count)}, expected a number from 0.`)
}

type Rules = GuardrailPolicy['health']

interface Rates {
  readonly sent: number
  readonly bounces: number
  readonly complaints: number
  readonly bounceRate: number
  readonly complaintRate: number
}

function ratesOf({ totalSent, bounces, complaints }: NonNullable<DomainCounters['week']>, rules: Rules): Rates {
  // What bounced was sent, also where nobody counted the sends: trouble of an uncounted domain is not nothing.
  const sent = Math.max(totalSent, bounces, complaints)
  const bounceRate = rateOf(bounces, sent, rules.minSample)
  const complaintRate = rateOf(complaints, sent, rules.minComplaintSample)
  return { sent, bounces, complaints, bounceRate, complaintRate }
}

function scoreOf({ opens, replies = 0 }: DomainCounters, { sent, bounceRate, complaintRate }: Rates, rules: Rules): number {
  const enough = sent >= rules.minSample
  const openRate = enough && opens !== undefined ? (opens / sent) * 100 : undefined
  return points(bounceRate * 100, complaintRate * 100, openRate, enough ? (replies / sent) * 100 : 0)
}

function original({ totalSent, bounces, complaints, opens = 0, replies = 0 }: DomainCounters): DomainHealth {
  if (totalSent === 0) return { score: 100, healthy: true, reasons: [], warnings: [] }
  const percent = (count: number) => (count / totalSent) * 100
  const score = points(percent(bounces), percent(complaints), percent(opens), percent(replies))
  return { score, healthy: score >= 50, reasons: [], warnings: [] }
}

/** The original's steps; rates in percent. */
function points(bounces: number, complaints: number, opens: number | undefined, replies: number): number {
  let score = 100
  if (bounces > 5) score -= 30
  else if (bounces > 2) score -= 15
  else if (bounces > 1) score -= 5
  if (complaints > 0.1) score -= 40
  else if (complaints > 0.05) score -= 20
  if (opens !== undefined && opens < 20) score -= 20
  else if (opens !== undefined && opens < 30) score -= 10
  if (replies > 5) score += 10
  return Math.max(0, Math.min(100, score))
}

function warningsOf({ sent, bounces, complaints, bounceRate, complaintRate }: Rates, rules: Rules): readonly Reason[] {
  const warnings: Reason[] = []
  const bounceLevel = rules.warnBounceRates.findLast((level) => bounceRate >= level)
  const atRisk = (what: 'bounces' | 'complaints', count: number, level: number) =>
    warnings.push(
      because(
        'domain.at_risk',
        `${count} ${what} in ${sent} sends are over ${percentText(level)} %. Clean the list before the domain has to stop.`,
        { [what]: count, sent, level },
        { rule: `health.${what}-warning` },
      ),
    )
  if (bounceLevel !== undefined) atRisk('bounces', bounces, bounceLevel)
  if (complaintRate >= rules.warnComplaintRate) atRisk('complaints', complaints, rules.warnComplaintRate)
  return warnings
}

function tooMany(what: 'bounces' | 'complaints', count: number, sent: number, max: number): Reason {
  return because(
    'domain.unhealthy',
    `${count} ${what} in ${sent} sends reach the limit of ${percentText(max)} %. Stop, clean the list, let the domain rest.`,
    { [what]: count, sent, maxRate: max },
    { rule: `health.${what}` },
  )
}

function tooManyThisWeek(complaints: number, { maxWeeklyComplaints }: Rules): Reason {
  return because(
    'domain.unhealthy',
    `${complaints} complaints in seven days reach the limit of ${maxWeeklyComplaints}. Stop, clean the list, let the domain rest.`,
    { complaints, max: maxWeeklyComplaints },
    { rule: 'health.weekly-complaints' },
  )
}

function tooLow(score: number, needed: number): Reason {
  const message = `The sending domain scores ${score} of 100 and needs ${needed}.`
  return because('domain.unhealthy', message, { score, needed }, { rule: 'health.score' })
}

function percentText(rate: number): string {
  return String(Number((rate * 100).toFixed(2)))
}
