import { countTripped, recordCount } from './count-window.js'
import type { BreakerPolicy, ConsecutiveTrip } from './policy.js'
import type { ConsecutiveWindow, Window } from './state.js'
import { recordTime, timeTripped } from './time-window.js'

/** What a settled call adds to the window. */
export interface Sample {
  readonly failed: boolean
  readonly slow: boolean
}

/** Counts one result; the same object comes back when nothing changed. A window of another policy starts anew. */
export function record(window: Window | null, sample: Sample, policy: BreakerPolicy, now: number): Window | null {
  const { trip } = policy
  if (trip.kind === 'consecutive') return recordConsecutive(window?.kind === trip.kind ? window : null, sample, trip, now)
  if (trip.kind === 'count')
    return recordCount(window?.kind === trip.kind && window.size === trip.size ? window : null, sample, trip)
  return recordTime(window?.kind === trip.kind ? window : null, sample, trip, now)
}

/** Whether what was counted opens the circuit. */
export function tripped(window: Window | null, policy: BreakerPolicy): boolean {
  const { trip, slow } = policy
  if (window === null) return false
  if (window.kind === 'consecutive') return trip.kind === 'consecutive' && window.failures >= trip.failures
  if (window.kind === 'count') return trip.kind === 'count' && countTripped(window, trip, slow?.rate)
  return trip.kind === 'time' && timeTripped(window, trip, slow?.rate)
}

function recordConsecutive(
  window: ConsecutiveWindow | null,
  sample: Sample,
  trip: ConsecutiveTrip,
  now: number,
): ConsecutiveWindow | null {
  if (!sample.failed && !sample.slow) return null
  const streak = window !== null && now - window.lastAt <= trip.forgetAfterMs ? window.failures : 0
  return { kind: 'consecutive', failures: streak + 1, lastAt: now }
}
