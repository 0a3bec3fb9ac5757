import { openAfter } from './open-period.js'
import type { BreakerPolicy } from './policy.js'
import { type BreakerState, type Closed, closedAfter, type HalfOpen, type Permit } from './state.js'
import { record, tripped } from './window.js'

/**
 * What came of a call: `success` and `failure` of the other side; `neutral`: says nothing about it (the caller gave up, an
 * error of the caller's making); `local`: it never left (refused by a limit of our own).
 */
export type OutcomeKind = 'success' | 'failure' | 'neutral' | 'local'

export interface CallOutcome {
  readonly kind: OutcomeKind
  /** What the server asked for, ms from now: lengthens the open period, up to the policy's `maxOpenMs`. */
  readonly retryAfterMs?: number
  /** How long the call took, ms; needed for `slow`. */
  readonly durationMs?: number
}

/** `stale`: of an earlier generation, nothing changed. `expired`: a probe that came after its lease, nothing changed. */
export type Counted = 'counted' | 'stale' | 'expired'

export interface Settlement {
  readonly state: BreakerState
  readonly counted: Counted
}

/** Tells the breaker what came of a permitted call. The same state object comes back when nothing changed. */
export function settle(
  state: BreakerState,
  permit: Permit,
  outcome: CallOutcome | OutcomeKind,
  policy: BreakerPolicy,
  now: number,
): Settlement {
  if (permit.gen !== state.gen) return { state, counted: 'stale' }
  if (state.kind === 'closed') return { state: settleClosed(state, outcome, policy, now), counted: 'counted' }
  if (state.kind === 'half-open') return settleProbe(state, permit, outcome, policy, now)
  return { state, counted: 'stale' }
}

/** A result that changes nothing at whatever time: of a healthy circuit that counts failures in a row. */
export function isRoutine(state: BreakerState, outcome: CallOutcome | OutcomeKind, policy: BreakerPolicy): boolean {
  if (state.kind !== 'closed' || state.window !== null || policy.trip.kind !== 'consecutive') return false
  return kindOf(outcome) !== 'failure' && !isSlow(outcome, policy)
}

function settleClosed(state: Closed, outcome: CallOutcome | OutcomeKind, policy: BreakerPolicy, now: number): BreakerState {
  if (isRoutine(state, outcome, policy)) return state
  const kind = kindOf(outcome)
  if (kind === 'neutral' || kind === 'local') return state
  const failed = kind === 'failure'
  const slow = isSlow(outcome, policy)
  if (state.warmUntil !== undefined && now < state.warmUntil) return warming(state, state.warmUntil, policy, now)
  const window = record(state.window, { failed, slow }, policy, now)
  if ((failed || slow) && tripped(window, policy)) return openAfter(state, policy, now, 0, retryAfterOf(outcome))
  return { v: 1, kind: 'closed', gen: state.gen, window }
}

/** A clock that was set back must not make the warm-up longer than it is. */
function warming(state: Closed, warmUntil: number, policy: BreakerPolicy, now: number): BreakerState {
  return warmUntil - now > policy.warmUpMs ? { ...state, warmUntil: now + policy.warmUpMs } : state
}

function settleProbe(
  state: HalfOpen,
  permit: Permit,
  outcome: CallOutcome | OutcomeKind,
  policy: BreakerPolicy,
  now: number,
): Settlement {
  const probe = state.probes.find((one) => one.id === permit.probe)
  if (probe === undefined || now >= probe.until) return { state, counted: 'expired' }
  const kind = kindOf(outcome)
  if (kind === 'neutral' && !policy.halfOpen.releaseOnCancel) return { state, counted: 'counted' }
  const probes = state.probes.filter((one) => one !== probe)
  if (kind === 'neutral' || kind === 'local') return { state: { ...state, probes }, counted: 'counted' }
  const failed = kind === 'failure' || isSlow(outcome, policy)
  const { successes, failures } = state
  const tried = { ...state, probes, successes: successes + (failed ? 0 : 1), failures: failures + (failed ? 1 : 0) }
  return { state: judge(tried, policy, now, retryAfterOf(outcome)), counted: 'counted' }
}

/** Closes, opens again, or goes on trying. */
function judge(state: HalfOpen, policy: BreakerPolicy, now: number, retryAfterMs: number | undefined): BreakerState {
  const { sample, successesToClose } = policy.halfOpen
  const reopened = () => openAfter(state, policy, now, state.round + 1, retryAfterMs)
  if (sample === undefined) {
    if (state.failures > 0) return reopened()
    return state.successes >= successesToClose ? closedAfter(state) : state
  }
  if (state.successes + state.failures < sample.calls) return state
  return state.failures / (state.successes + state.failures) > sample.maxFailureRate ? reopened() : closedAfter(state)
}

function kindOf(outcome: CallOutcome | OutcomeKind): OutcomeKind {
  return typeof outcome === 'string' ? outcome : outcome.kind
}

function retryAfterOf(outcome: CallOutcome | OutcomeKind): number | undefined {
  return typeof outcome === 'string' ? undefined : outcome.retryAfterMs
}

function isSlow(outcome: CallOutcome | OutcomeKind, { slow }: BreakerPolicy): boolean {
  return slow !== undefined && typeof outcome !== 'string' && (outcome.durationMs ?? 0) >= slow.overMs
}
