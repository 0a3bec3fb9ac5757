import type { Op, Version } from '../core/storage-ops.js'
import { calendarBucket, rollingBucket } from './bucket.js'
import { boundOf, type LimitWindow, unitsOf } from './window.js'

/**
 * The storage operations that reserve in every window, one per window in their order. Commit them in one
 * batch: either every window has room and all are charged, or none is. The index of a failed operation is
 * the index of the window that refused. Counters expire once nobody looks at them any more.
 */
export function reserve(windows: readonly LimitWindow[], now: number): Op[] {
  const ops: Op[] = []
  for (const window of windows) ops.push(operationOf(window, now))
  return ops
}

/**
 * The operations that give back what was reserved at `reservedAt` (not: now), in the very buckets it was
 * taken from. Once a bucket has rolled over and expired this does nothing: a refund never creates credit.
 * A minimum delay is not among them, see `releasePace`.
 */
export function release(windows: readonly LimitWindow[], reservedAt: number): Op[] {
  const ops: Op[] = []
  for (const window of windows) {
    if (window.kind === 'pace') continue
    const { key, expiresAt } = window.kind === 'calendar' ? calendarBucket(window, reservedAt) : rollingBucket(window, reservedAt)
    ops.push({ op: 'add', key, by: -unitsOf(window.by), expiresAt })
  }
  return ops
}

/**
 * The operations that give back a minimum delay, provided nobody has gone since. `versions` are those the
 * reservation's commit returned, one per window in order. Commit them as a batch of their own and ignore
 * its refusal, which means that another send has taken the slot meanwhile. Without this a failed send
 * delays the next one by up to `everyMs`. Sound because a reservation without burst proves that the time
 * stored before had passed: deleting it says the same. With a burst it would forget earlier sends, so
 * those are left charged.
 */
export function releasePace(windows: readonly LimitWindow[], versions: readonly (Version | undefined)[]): Op[] {
  const ops: Op[] = []
  windows.forEach((window, index) => {
    const version = versions[index]
    if (window.kind !== 'pace' || (window.burst ?? 1) > 1 || !version) return
    ops.push({ op: 'del', key: window.key, version })
  })
  return ops
}

/** Every key `remaining` and `refusals` want to see, each once. */
export function keys(windows: readonly LimitWindow[], now: number): string[] {
  const all: string[] = []
  for (const window of windows) {
    if (window.kind === 'pace') {
      all.push(window.key)
      continue
    }
    const bucket = window.kind === 'calendar' ? calendarBucket(window, now) : rollingBucket(window, now)
    for (const key of bucket.keys) all.push(key)
  }
  // Only windows that share a key can name the same bucket.
  return new Set(windows.map(({ key }) => key)).size === windows.length ? all : [...new Set(all)]
}

function operationOf(window: LimitWindow, now: number): Op {
  switch (window.kind) {
    case 'calendar': {
      const { key, expiresAt } = calendarBucket(window, now)
      return { op: 'add', key, by: unitsOf(window.by), max: boundOf(window.limit), expiresAt }
    }
    case 'rolling': {
      const { key, plus, expiresAt } = rollingBucket(window, now)
      return { op: 'add', key, by: unitsOf(window.by), max: boundOf(window.limit), plus, expiresAt }
    }
    case 'pace':
      return window.burst === undefined
        ? { op: 'pace', key: window.key, every: window.everyMs }
        : { op: 'pace', key: window.key, every: window.everyMs, burst: window.burst }
  }
}
