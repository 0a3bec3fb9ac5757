import { z } from 'zod'
import type { GuardrailPolicy } from '../policy.js'
import { type DomainCounters, domainHealth } from './domain-health.js'
import { spoilWarmUp, type WarmUp } from './warm-up.js'

/** What happened to mails of a domain. */
export type HealthEvent = 'open' | 'reply' | 'bounce' | 'complaint' | 'unsubscribe'

/** Counts of one day. */
export interface DayCounts {
  readonly sent?: number
  readonly bounces?: number
  readonly complaints?: number
  readonly unsubscribes?: number
  readonly opens?: number
  readonly replies?: number
}

/** A sending domain as a gateway keeps it: counts by day, newest 30, and where its rest and its warm-up stand. */
export interface HealthRecord {
  /** By UTC day since 1970. */
  readonly days: { readonly [day: number]: DayCounts }
  readonly lastBounceAt?: number
  readonly lastComplaintAt?: number
  readonly restUntil?: number
  readonly warmUp?: WarmUp
}

export const NO_HEALTH: HealthRecord = Object.freeze({ days: Object.freeze({}) })

const number = z.number().exactOptional()
const dayCounts = z.looseObject({
  sent: number,
  bounces: number,
  complaints: number,
  unsubscribes: number,
  opens: number,
  replies: number,
})
const warmUp = z.looseObject({
  step: z.number(),
  healthyDays: z.number(),
  day: z.number(),
  spoilt: z.literal(true).exactOptional(),
})
const healthRecord = z.looseObject({
  days: z.record(z.string(), dayCounts),
  lastBounceAt: number,
  lastComplaintAt: number,
  restUntil: number,
  warmUp: warmUp.exactOptional(),
})

/** A record as storage gives it back, or null when it is none: then nobody knows whether the domain rests. */
export function readHealthRecord(value: unknown): HealthRecord | null {
  const result = healthRecord.safeParse(value)
  return result.success ? result.data : null
}

const DAY_MS = 86_400_000
/** Trailing days that are judged. */
export const HEALTH_DAYS = 30
const WEEK_DAYS = 7

/** UTC day since 1970. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}

/** Every send asks; the sums hold for a day. */
const counted = new WeakMap<HealthRecord, { readonly day: number; readonly counters: DomainCounters }>()

/** The trailing counts at an instant. */
export function countersAt(record: HealthRecord, now: number): DomainCounters {
  const day = dayOf(now)
  const known = counted.get(record)
  if (known?.day === day) return known.counters
  const counters = count(record, day)
  counted.set(record, { day, counters })
  return counters
}

function count(record: HealthRecord, today: number): DomainCounters {
  const month = sum(record, today - HEALTH_DAYS)
  const week = sum(record, today - WEEK_DAYS)
  const { lastBounceAt, lastComplaintAt, restUntil } = record
  return {
    totalSent: month.sent,
    bounces: month.bounces,
    complaints: month.complaints,
    unsubscribes: month.unsubscribes,
    replies: month.replies,
    // Never seen one: nobody tracks them.
    ...(month.opens > 0 && { opens: month.opens }),
    week: { totalSent: week.sent, bounces: week.bounces, complaints: week.complaints },
    ...(lastBounceAt !== undefined && { lastBounceAt }),
    ...(lastComplaintAt !== undefined && { lastComplaintAt }),
    ...(restUntil !== undefined && { restUntil }),
  }
}

const COUNTERS = {
  open: 'opens',
  reply: 'replies',
  bounce: 'bounces',
  complaint: 'complaints',
  unsubscribe: 'unsubscribes',
} as const

/**
 * The record after an event. It counts on the day it happened, and rests the domain from when it became known: `at` and
 * `now`, ms. `sent` = what left by day, as counted elsewhere.
 */
export function recordEvent(
  record: HealthRecord,
  event: HealthEvent,
  {
    count,
    at,
    now,
    sent,
  }: { readonly count: number; readonly at: number; readonly now: number; readonly sent: HealthRecord['days'] },
  policy: GuardrailPolicy,
): HealthRecord {
  const before = withSent(lifted(record, policy, now), sent, now)
  const { days } = before
  const day = Math.min(dayOf(at), dayOf(now))
  const counter = COUNTERS[event]
  const today = days[day] ?? {}
  const next: HealthRecord = {
    ...before,
    days: { ...days, [day]: { ...today, [counter]: (today[counter] ?? 0) + count } },
    ...(event === 'bounce' && { lastBounceAt: now }),
    ...(event === 'complaint' && { lastComplaintAt: now }),
  }
  const { healthy, coolingUntil } = domainHealth(countersAt(next, now), policy, now)
  if (healthy) return next
  const warmUp = next.warmUp === undefined ? {} : { warmUp: spoilWarmUp(next.warmUp) }
  return { ...next, ...warmUp, ...(coolingUntil !== undefined && { restUntil: coolingUntil }) }
}

/** The record without a rest that is over: a domain that came back is judged as any other. */
export function lifted(record: HealthRecord, policy: GuardrailPolicy, now: number): HealthRecord {
  const { restUntil, ...rest } = record
  if (restUntil === undefined || now < restUntil) return record
  return domainHealth(countersAt(record, now), policy, now).healthy ? rest : record
}

/** The record with what has left since its last event; `sent` by day, as counted elsewhere. */
export function withSent(record: HealthRecord, sent: HealthRecord['days'], now: number): HealthRecord {
  return { ...record, days: merged(record.days, sent, dayOf(now)) }
}

/** Counts of both, of the days that are still judged. What left is only ever counted up. */
function merged(days: HealthRecord['days'], sent: HealthRecord['days'], today: number): Record<number, DayCounts> {
  const result: Record<number, DayCounts> = {}
  for (let day = today - HEALTH_DAYS + 1; day <= today; day++) {
    const [counted, left] = [days[day], sent[day]?.sent]
    if (counted === undefined && left === undefined) continue
    result[day] = { ...counted, ...(left !== undefined && { sent: Math.max(left, counted?.sent ?? 0) }) }
  }
  return result
}

function sum({ days }: HealthRecord, after: number): Required<DayCounts> {
  const total = { sent: 0, bounces: 0, complaints: 0, unsubscribes: 0, opens: 0, replies: 0 }
  for (const [day, counts] of Object.entries(days)) {
    if (Number(day) <= after) continue
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key] ?? 0
  }
  return total
}
