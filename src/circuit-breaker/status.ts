import { endIsolation, isolatedUntil } from './isolation.js'
import type { BreakerPolicy } from './policy.js'
import type { BreakerState, BreakerStateKind, Holder, Window } from './state.js'
import { totals } from './time-window.js'

/** What a human or a dashboard wants to know of a breaker. */
export interface BreakerStatus {
  readonly state: BreakerStateKind
  /** Failures counted so far, and what they are measured against. */
  readonly failures?: number
  readonly calls?: number
  readonly threshold?: number
  /** When the next probe may go, or the last hold ends, ms since 1970. */
  readonly retryAt?: number
  readonly probesInFlight?: number
  readonly successes?: number
  readonly holders?: readonly Holder[]
}

/** Describes a state without changing it. An open circuit whose period is over stays `open` until a call asks to be let in. */
export function statusOf(state: BreakerState, policy: BreakerPolicy, now: number): BreakerStatus {
  switch (state.kind) {
    case 'closed':
      return { state: 'closed', ...countsOf(state.window), threshold: thresholdOf(policy) }
    case 'open':
      return { state: 'open', retryAt: state.retryAt }
    case 'half-open': {
      const probesInFlight = state.probes.filter((probe) => now < probe.until).length
      return { state: 'half-open', probesInFlight, successes: state.successes, failures: state.failures }
    }
    case 'isolated': {
      const after = endIsolation(state, now)
      if (after !== state) return statusOf(after, policy, now)
      const retryAt = isolatedUntil(state)
      return { state: 'isolated', holders: state.holders, ...(retryAt === undefined ? {} : { retryAt }) }
    }
    case 'disabled':
    case 'shutdown':
      return { state: state.kind }
  }
}

/** A count of failures for `consecutive`, a share for the windows. */
function thresholdOf({ trip }: BreakerPolicy): number {
  return trip.kind === 'consecutive' ? trip.failures : trip.rate
}

function countsOf(window: Window | null): { failures: number; calls?: number } {
  if (window === null) return { failures: 0 }
  if (window.kind === 'consecutive') return { failures: window.failures }
  const { failures, calls } = window.kind === 'count' ? window : totals(window)
  return { failures, calls }
}
