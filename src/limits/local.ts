import { type Clock, systemClock } from '../core/clock.js'
import { allow, type Decision, denyIf } from '../core/decision.js'
import { createCounters } from './counters.js'
import { refusals } from './refusals.js'
import { type Remaining, remaining } from './remaining.js'
import { reserve } from './reserve.js'
import { type LimitWindow, unitsOf } from './window.js'

export interface LocalLimiter {
  /** Takes `by` (default 1) times each window's `by` from every window, or from none. */
  take(by?: number): Decision
  /** What is left in each window. Consumes nothing. */
  remaining(): Remaining[]
}

const SWEEP_EVERY = 1000

/** Limits of one process, in memory, without a promise: gone with the process. For anything that must last, `createLimiter`. */
export function createLocalLimiter(
  windows: readonly LimitWindow[],
  { clock = systemClock }: { readonly clock?: Clock } = {},
): LocalLimiter {
  const counters = createCounters()
  let taken = 0
  return {
    take: (by = 1) => {
      const now = clock.now()
      const wanted = times(windows, by)
      const ops = reserve(wanted, now)
      if (!counters.fit(ops, now)) {
        const refused = refusals(wanted, counters.entries, now)
        if (refused.length > 0) return denyIf(refused)
      }
      counters.add(ops, now)
      if (++taken % SWEEP_EVERY === 0) counters.sweep(now)
      return allow()
    },
    remaining: () => remaining(windows, counters.entries, clock.now()),
  }
}

/** The same windows, each taking `by` times as much. */
export function times(windows: readonly LimitWindow[], by: number): readonly LimitWindow[] {
  if (by === 1) return windows
  const factor = unitsOf(by)
  return windows.map((window) => (window.kind === 'pace' ? window : { ...window, by: unitsOf(window.by * factor) }))
}
