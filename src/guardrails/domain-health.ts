import type { Reason } from '../core/reason.js'
import { because } from './findings.js'
import type { GuardrailPolicy } from './policy.js'

/** What a sending domain did lately. Feed it trailing counts (30 days), so that old trouble ages out. */
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
}

/** The counters as a gateway keeps them. */
export type HealthRecord = DomainCounters

export interface DomainHealth {
  /** 0 to 100. */
  readonly score: number
  readonly healthy: boolean
  /** When it may be judged again, ms; absent = it is not cooling. */
  readonly coolingUntil?: number
  readonly reasons: readonly Reason[]
}

/**
 * How a sending domain stands. `'original'` gives the score of the system this one replaces, exactly, without
 * minimum sample and stops. Figures: GHL suspends at 5 % bounces, Gmail and Yahoo refuse from 0.3 % complaints.
 * With `now` (ms), a domain whose rest is over comes back, if it scores `recoverFrom` again.
 */
export function domainHealth(counters: DomainCounters, policy: GuardrailPolicy | 'original', now?: number): DomainHealth {
  if (policy === 'original') return original(counters)
  const rules = policy.health
  const { bounces, complaints } = counters
  // What bounced was sent, also where nobody counted the sends: trouble of an uncounted domain is not nothing.
  const totalSent = Math.max(counters.totalSent, bounces, complaints)
  const bounceRate = rate(bounces, totalSent, rules.minSample)
  const complaintRate = rate(complaints, totalSent, rules.minComplaintSample)
  const enough = totalSent >= rules.minSample
  const openRate = enough && counters.opens !== undefined ? counters.opens / totalSent : undefined
  const replyRate = enough ? (counters.replies ?? 0) / totalSent : 0
  const score = points(
    bounceRate * 100,
    complaintRate * 100,
    openRate === undefined ? undefined : openRate * 100,
    replyRate * 100,
  )

  const reasons: Reason[] = []
  const ends: number[] = []
  const stop = (at: number | undefined, pause: number, why: Reason) => {
    reasons.push(why)
    if (at !== undefined) ends.push(at + pause)
  }
  if (bounceRate >= rules.maxBounceRate) {
    stop(counters.lastBounceAt, rules.bounceCoolingMs, tooMany('bounces', bounces, totalSent, rules.maxBounceRate))
  }
  if (complaintRate >= rules.maxComplaintRate) {
    stop(counters.lastComplaintAt, rules.complaintCoolingMs, tooMany('complaints', complaints, totalSent, rules.maxComplaintRate))
  }
  const needed = rules.healthyFrom
  if (score < needed) {
    const latest = Math.max(counters.lastBounceAt ?? 0, counters.lastComplaintAt ?? 0)
    stop(
      latest > 0 ? latest : undefined,
      rules.lowScoreCoolingMs,
      because(
        'domain.unhealthy',
        `The sending domain scores ${score} of 100 and needs ${needed}.`,
        { score, needed },
        { rule: 'health.score' },
      ),
    )
  }
  const coolingUntil = ends.length > 0 ? Math.max(...ends) : undefined
  const rested = now !== undefined && coolingUntil !== undefined && now >= coolingUntil
  if (rested && score >= rules.recoverFrom) return { score, healthy: true, reasons: [] }
  return { score, healthy: reasons.length === 0, ...(coolingUntil === undefined ? {} : { coolingUntil }), reasons }
}

function original({ totalSent, bounces, complaints, opens = 0, replies = 0 }: DomainCounters): DomainHealth {
  if (totalSent === 0) return { score: 100, healthy: true, reasons: [] }
  const percent = (count: number) => (count / totalSent) * 100
  const score = points(percent(bounces), percent(complaints), percent(opens), percent(replies))
  return { score, healthy: score >= 50, reasons: [] }
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

/** The plain rate from `sample` sends on; below, the rate one may be 95 % sure of, and a single event says nothing. */
function rate(count: number, total: number, sample: number): number {
  if (total <= 0 || count <= 0 || (count < 2 && total < sample)) return 0
  return total >= sample ? count / total : wilsonLowerBound(count, total)
}

function wilsonLowerBound(count: number, total: number): number {
  const z = 1.96
  const p = Math.min(1, count / total)
  const middle = p + (z * z) / (2 * total)
  const spread = z * Math.sqrt((p * (1 - p) + (z * z) / (4 * total)) / total)
  return Math.max(0, (middle - spread) / (1 + (z * z) / total))
}

function tooMany(what: 'bounces' | 'complaints', count: number, sent: number, max: number): Reason {
  return because(
    'domain.unhealthy',
    `${count} ${what} in ${sent} sends reach the limit of ${Number((max * 100).toFixed(2))} %. Stop, clean the list, let the domain rest.`,
    { [what]: count, sent, maxRate: max },
    { rule: `health.${what}` },
  )
}
