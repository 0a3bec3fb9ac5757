import type { BreakerPolicy } from './policy.js'

/**
 * Everything a breaker knows, as plain JSON: keep it in memory or in a shared store. Times are ms since
 * 1970; `gen` grows with every transition, so that a result can be told from one of an earlier time.
 */
export type BreakerState = Closed | Open | HalfOpen | Isolated | Disabled | Shutdown
export type BreakerStateKind = BreakerState['kind']

interface Base {
  readonly v: 1
  readonly gen: number
}

export interface Closed extends Base {
  readonly kind: 'closed'
  /** What was counted; null = nothing that matters. */
  readonly window: Window | null
  /** Until then results are not counted. */
  readonly warmUntil?: number
}

export interface Open extends Base {
  readonly kind: 'open'
  readonly openedAt: number
  readonly retryAt: number
  /** How many rounds of probes failed since the circuit was last closed. */
  readonly round: number
}

export interface HalfOpen extends Base {
  readonly kind: 'half-open'
  readonly round: number
  readonly successes: number
  readonly failures: number
  /** Probes in flight. */
  readonly probes: readonly Probe[]
  /** The number of the last probe let in. */
  readonly issued: number
}

/** Held open by hand, until every holder has released it or its time is over. */
export interface Isolated extends Base {
  readonly kind: 'isolated'
  readonly holders: readonly Holder[]
  /** What comes after the last holder. */
  readonly after: 'closed' | 'disabled'
}

/** Lets every call through and counts nothing. */
export interface Disabled extends Base {
  readonly kind: 'disabled'
}

/** Refuses every call, for good. */
export interface Shutdown extends Base {
  readonly kind: 'shutdown'
}

export interface Probe {
  readonly id: number
  readonly at: number
  readonly until: number
}

export interface Holder {
  readonly name: string
  readonly since: number
  readonly reason?: string
  readonly expiresAt?: number
}

export type Window = ConsecutiveWindow | CountWindow | TimeWindow

export interface ConsecutiveWindow {
  readonly kind: 'consecutive'
  readonly failures: number
  readonly lastAt: number
}

/** A ring of the latest results, sixteen to a word, two bits each: failed, slow. */
export interface CountWindow {
  readonly kind: 'count'
  readonly size: number
  readonly words: readonly number[]
  readonly next: number
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

export interface TimeWindow {
  readonly kind: 'time'
  /** In the order of time. */
  readonly older: readonly TimeSlot[]
  /** The slot that still takes results, apart from the others so that a result copies none of them. */
  readonly newest: TimeSlot
}

/** Results close together in time, counted as if all came with the first. */
export interface TimeSlot {
  readonly at: number
  readonly calls: number
  readonly failures: number
  readonly slow: number
}

/** The right to one call. Plain data: hand it back to `settle` with what came of the call. */
export interface Permit {
  readonly gen: number
  readonly probe?: number
}

/** A new breaker: closed, and warming up if the policy says so. */
export function initialState(policy: BreakerPolicy, now: number): BreakerState {
  const state: Closed = { v: 1, kind: 'closed', gen: 1, window: null }
  return policy.warmUpMs > 0 ? { ...state, warmUntil: now + policy.warmUpMs } : state
}

/** Closed again with nothing counted. */
export function closedAfter(state: BreakerState): Closed {
  return { v: 1, kind: 'closed', gen: state.gen + 1, window: null }
}
