import type { Entry } from '../core/storage-ops.js'
import { calendarBucket, rollingBucket, stepsOf } from './bucket.js'
import { boundOf, type LimitWindow, type PaceWindow, type RollingWindow, unitsOf } from './window.js'

/** What storage holds: a map, or a function from key to entry. */
export type Entries = ReadonlyMap<string, Entry> | ((key: string) => Entry | null | undefined)

export interface Remaining {
  readonly window: LimitWindow
  readonly limit: number
  readonly used: number
  /** Never below 0. */
  readonly remaining: number
  /** Set when the reservation would be refused now: the earliest time it would pass, ms. Absent when it never would. */
  readonly retryAt?: number
  /** Whether the reservation (`window.by`) would pass now. */
  readonly passes: boolean
}

/** What is left in each window, from the entries of `keys(windows, now)`. Consumes nothing. */
export function remaining(windows: readonly LimitWindow[], entries: Entries, now: number): Remaining[] {
  const countOf = counter(entries, now)
  return windows.map((window) => remainingIn(window, countOf, now))
}

function remainingIn(window: LimitWindow, countOf: (key: string) => number, now: number): Remaining {
  switch (window.kind) {
    case 'calendar': {
      const bucket = calendarBucket(window, now)
      return resultOf(window, countOf(bucket.key), () => bucket.until)
    }
    case 'rolling': {
      const bucket = rollingBucket(window, now)
      let used = 0
      for (const key of bucket.keys) used += countOf(key)
      return resultOf(window, used, () => rollingRetry(window, used, countOf, now))
    }
    case 'pace':
      return paceResult(window, countOf(window.key), now)
  }
}

function counter(entries: Entries, now: number): (key: string) => number {
  const look = typeof entries === 'function' ? entries : (key: string) => entries.get(key)
  return (key) => {
    const entry = look(key)
    if (!entry || (entry.expiresAt !== undefined && entry.expiresAt <= now)) return 0
    return entry.count ?? 0
  }
}

function resultOf(window: LimitWindow, used: number, retry: () => number): Remaining {
  const limit = boundOf(window.limit)
  const by = unitsOf(window.by)
  const left = Math.max(0, limit - used)
  if (used + by <= limit) return { window, limit, used, remaining: left, passes: true }
  // More than a whole window holds, or at a time that was chosen: waiting does not help.
  if (by > limit || window.at !== undefined) return { window, limit, used, remaining: left, passes: false }
  return { window, limit, used, remaining: left, passes: false, retryAt: retry() }
}

/** As time goes on sub-buckets leave the window, oldest first: the one whose going makes room says when. */
function rollingRetry(window: RollingWindow, used: number, countOf: (key: string) => number, now: number): number {
  const { key, plus, index, stepMs } = rollingBucket(window, now)
  const steps = stepsOf(window)
  const most = boundOf(window.limit) - unitsOf(window.by)
  const inOrder = [...plus.slice(0, steps).map(([name]) => name), key, ...plus.slice(steps).map(([name]) => name)]
  let left = used
  for (const [offset, name] of inOrder.entries()) {
    left -= countOf(name)
    if (left <= most) return (index + offset + 1) * stepMs
  }
  return (index + inOrder.length) * stepMs
}

/** A pace stores when the next may go. It has room for `burst` at once, each of which costs `everyMs` of rest. */
function paceResult(window: PaceWindow, stored: number, now: number): Remaining {
  const burst = window.burst ?? 1
  const ahead = Math.max(0, stored - now)
  const used = window.everyMs > 0 ? Math.min(burst, Math.ceil(ahead / window.everyMs)) : 0
  const freeAt = stored - (burst - 1) * window.everyMs
  const base = { window, limit: burst, used, remaining: burst - used, passes: freeAt <= now }
  return base.passes ? base : { ...base, retryAt: freeAt }
}
