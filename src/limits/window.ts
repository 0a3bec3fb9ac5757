import type { ReasonCode } from '../core/reason.js'

interface WindowBase {
  /** The rule, e.g. `email.perDay`. */
  readonly name: string
  readonly code: ReasonCode
  /** Where it is counted, without the bucket: `q/loc1/email/day`. */
  readonly key: string
  /** The most that may be used in one window; 0 = nothing passes. */
  readonly limit: number
  /** How much this reservation takes. */
  readonly by: number
  /** What it is about, for the message: a domain, an agent. */
  readonly scope?: string
  /** What else than waiting helps, a sentence for the message. */
  readonly hint?: string
  /** Counts at this time instead of now, ms since 1970: a scheduled mail counts when it leaves. Not for a pace. */
  readonly at?: number
}

/** So many per calendar day or month of a time zone. */
export interface CalendarWindow extends WindowBase {
  readonly kind: 'calendar'
  readonly period: 'day' | 'month'
  /** IANA zone. */
  readonly zone: string
}

/**
 * So many in any stretch of `lengthMs`, wherever it begins. Counted in `steps` sub-buckets, looking as far ahead
 * (at what is scheduled) as back: never above the limit in any real window, at most one sub-bucket
 * (`lengthMs / steps`) too strict.
 */
export interface RollingWindow extends WindowBase {
  readonly kind: 'rolling'
  readonly lengthMs: number
  /** Default: 20. */
  readonly steps?: number
}

/** A minimum delay: one per `everyMs`, with `burst` (default 1) at once after a rest. `by` is always one. */
export interface PaceWindow extends WindowBase {
  readonly kind: 'pace'
  readonly everyMs: number
  readonly burst?: number
}

/** One window to reserve in: plain data. */
export type LimitWindow = CalendarWindow | RollingWindow | PaceWindow

/**
 * Makes a count safe to add: at least one, whole. What is not a number at all counts as more than any
 * limit, since a comparison with NaN would let it pass.
 */
export function unitsOf(by: number): number {
  if (Number.isSafeInteger(by) && by > 0) return by
  return Number.isFinite(by) && by < Number.MAX_SAFE_INTEGER ? Math.max(1, Math.ceil(by)) : Number.MAX_SAFE_INTEGER
}

/** Makes a limit safe to compare with: NaN and negatives let nothing pass, infinity everything. */
export function boundOf(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit
  return limit > 0 ? Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER) : 0
}

/** Windows of a later time, where one is given. A minimum delay is about asking, not about leaving: it stays now. */
export function scheduled(windows: LimitWindow[], at: number | undefined): LimitWindow[] {
  return at === undefined ? windows : windows.map((window) => (window.kind === 'pace' ? window : { ...window, at }))
}
