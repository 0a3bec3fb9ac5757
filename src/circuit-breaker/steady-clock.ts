import type { Clock } from '../core/clock.js'

export interface BreakerClock extends Clock {
  /** Ms since any moment; never goes back. Without it `now()` is used, whose jumps cost at most one open period. */
  monotonic?(): number
}

/** Wall time that is read once and then carried on by the monotonic clock, so that setting the wall clock moves nothing. */
export interface SteadyClock {
  now(): number
  /** How far the wall clock has been set away from steady time, ms. */
  drift(): number
}

const processClock: BreakerClock = { now: () => Date.now(), monotonic: () => performance.now() }

export function steadyClock(clock: BreakerClock = processClock): SteadyClock {
  if (clock.monotonic === undefined) return { now: () => clock.now(), drift: () => 0 }
  const monotonic = clock.monotonic.bind(clock)
  const offset = clock.now() - monotonic()
  const now = () => Math.floor(offset + monotonic())
  return { now, drift: () => Math.round(clock.now() - now()) }
}
