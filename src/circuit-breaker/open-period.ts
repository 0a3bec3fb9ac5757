import type { BreakerPolicy } from './policy.js'
import type { BreakerState, Open } from './state.js'

/** Opens the circuit: the period grows with each failed round, is never shorter than the server asked, and has a cap. */
export function openAfter(state: BreakerState, policy: BreakerPolicy, now: number, round = 0, retryAfterMs = 0): Open {
  const gen = state.gen + 1
  return { v: 1, kind: 'open', gen, openedAt: now, retryAt: now + periodMs(policy, round, retryAfterMs, gen, now), round }
}

function periodMs(policy: BreakerPolicy, round: number, retryAfterMs: number, gen: number, now: number): number {
  const asked = Math.max(0, retryAfterMs || 0)
  const base = Math.max(policy.openMs * policy.growth ** round, asked)
  return Math.min(Math.ceil(base * (1 + policy.jitter * chance(gen, now))), policy.maxOpenMs)
}

/** A number in 0..1 that looks random but follows from the state, so that the same events give the same state. */
function chance(gen: number, now: number): number {
  let hash = (gen ^ Math.floor(now) ^ Math.floor(now / 2 ** 32)) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
