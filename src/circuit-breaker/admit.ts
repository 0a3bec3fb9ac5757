import type { ReasonCode } from '../core/reason.js'
import { endIsolation, isolatedUntil } from './isolation.js'
import type { BreakerPolicy } from './policy.js'
import type { BreakerState, HalfOpen, Isolated, Open, Permit, Probe } from './state.js'

export type DenialCode = Extract<ReasonCode, `breaker.${string}`>

/** Why a call may not go, and when to come back (ms since 1970; absent when nobody knows). */
export interface Denied {
  readonly code: DenialCode
  readonly retryAt?: number
}

/** The next state and either a permit or a denial. Keep the state in both cases; it is the same object when nothing changed. */
export type Admission =
  | { readonly state: BreakerState; readonly permit: Permit; readonly denied?: undefined }
  | { readonly state: BreakerState; readonly permit?: undefined; readonly denied: Denied }

/**
 * May a call go now? Only a probe changes the state: let the call go after the state has been kept.
 * @param now ms since 1970. A clock that was set back keeps a circuit open for one period more, not longer.
 */
export function admit(state: BreakerState, policy: BreakerPolicy, now: number): Admission {
  switch (state.kind) {
    case 'closed':
    case 'disabled':
      return { state, permit: { gen: state.gen } }
    case 'open':
      return admitOpen(state, policy, now)
    case 'half-open':
      return admitProbe(state, policy, now)
    case 'isolated':
      return admitIsolated(state, policy, now)
    case 'shutdown':
      return { state, denied: { code: 'breaker.shutdown' } }
  }
}

function admitOpen(state: Open, policy: BreakerPolicy, now: number): Admission {
  if (now >= state.retryAt) {
    const { gen, round } = state
    const tried: HalfOpen = { v: 1, kind: 'half-open', gen: gen + 1, round, successes: 0, failures: 0, probes: [], issued: 0 }
    return admitProbe(tried, policy, now)
  }
  if (!(now < state.openedAt)) return { state, denied: { code: 'breaker.open', retryAt: state.retryAt } }
  const retryAt = now + (state.retryAt - state.openedAt)
  return { state: { ...state, openedAt: now, retryAt }, denied: { code: 'breaker.open', retryAt } }
}

function admitProbe(state: HalfOpen, policy: BreakerPolicy, now: number): Admission {
  const { maxConcurrent, leaseMs, sample } = policy.halfOpen
  const live = liveProbes(state.probes, now)
  const missing = sample === undefined ? maxConcurrent : Math.max(1, sample.calls - state.successes - state.failures)
  if (live.length < Math.min(maxConcurrent, missing)) {
    const id = state.issued + 1
    const probes = [...live, { id, at: now, until: now + leaseMs }]
    return { state: { ...state, probes, issued: id }, permit: { gen: state.gen, probe: id } }
  }
  const retryAt = Math.min(...live.map((probe) => probe.until))
  const denied: Denied = { code: 'breaker.half_open_full', retryAt }
  const clockWasSetBack = live.some((probe) => !state.probes.includes(probe))
  return { state: clockWasSetBack ? { ...state, probes: live } : state, denied }
}

/** Probes whose lease still runs; one from the future was let in before the clock was set back, and gets one lease from now. */
function liveProbes(probes: readonly Probe[], now: number): Probe[] {
  const live: Probe[] = []
  for (const probe of probes) {
    if (now < probe.at) live.push({ ...probe, at: now, until: now + (probe.until - probe.at) })
    else if (now < probe.until) live.push(probe)
  }
  return live
}

function admitIsolated(state: Isolated, policy: BreakerPolicy, now: number): Admission {
  const freed = endIsolation(state, now)
  if (freed !== state) return admit(freed, policy, now)
  const retryAt = isolatedUntil(state)
  return { state, denied: { code: 'breaker.isolated', ...(retryAt === undefined ? {} : { retryAt }) } }
}
