import { type Clock, systemClock } from '../core/clock.js'
import { type Decision, denyIf } from '../core/decision.js'
import type { Entry, Op } from '../core/storage-ops.js'
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
  const entries = new Map<string, Entry>()
  let taken = 0
  return {
    take: (by = 1) => {
      const now = clock.now()
      const wanted = times(windows, by)
      const refused = refusals(wanted, entries, now)
      if (refused.length > 0) return denyIf(refused)
      applyReserved(entries, reserve(wanted, now), now)
      if (++taken % SWEEP_EVERY === 0) sweep(entries, now)
      return denyIf([])
    },
    remaining: () => remaining(windows, entries, clock.now()),
  }
}

/** The same windows, each taking `by` times as much. */
export function times(windows: readonly LimitWindow[], by: number): readonly LimitWindow[] {
  if (by === 1) return windows
  const factor = unitsOf(by)
  return windows.map((window) => (window.kind === 'pace' ? window : { ...window, by: unitsOf(window.by * factor) }))
}

/** Counts reservations that were let through into a map, as a storage engine would. */
export function applyReserved(entries: Map<string, Entry>, ops: readonly Op[], now: number): void {
  for (const operation of ops) {
    const { op, key } = operation
    const found = entries.get(key)
    const stored = found === undefined || (found.expiresAt ?? Infinity) <= now ? 0 : (found.count ?? 0)
    if (op === 'add') {
      const { expiresAt } = operation
      entries.set(key, { key, count: stored + operation.by, version: '', ...(expiresAt === undefined ? {} : { expiresAt }) })
    } else if (op === 'pace') {
      entries.set(key, { key, count: Math.max(stored, now) + operation.every, version: '' })
    }
  }
}

function sweep(entries: Map<string, Entry>, now: number): void {
  for (const [key, { expiresAt }] of entries) if (expiresAt !== undefined && expiresAt <= now) entries.delete(key)
}
