import { type Period, periodAt } from './calendar.js'
import type { CalendarWindow, RollingWindow } from './window.js'

/** Where a window is counted at one instant. */
export interface Bucket {
  /** The bucket holds for every instant from `from` up to, not including, `until`. */
  readonly from: number
  readonly until: number
  /** The counter a reservation adds to. */
  readonly key: string
  /** The other counters of the window: the earlier sub-buckets, oldest first, then as many ahead. */
  readonly plus: readonly (readonly [key: string, weight: number])[]
  /** The keys of all of them, the bucket's own first. */
  readonly keys: readonly string[]
  /** After this nobody looks at the counter any more. */
  readonly expiresAt: number
}

export interface RollingBucket extends Bucket {
  readonly stepMs: number
  /** Number of the current sub-bucket since 1970. */
  readonly index: number
}

export interface CalendarBucket extends Bucket {
  readonly period: Period
}

const DEFAULT_STEPS = 20
const MAX_BUCKETS = 1000
const DAY = 86_400_000

/** The last bucket of each key: the same texts are handed out again, which keeps look-ups in storage fast. */
const rolling = new Map<string, RollingBucket>()
const calendar = new Map<string, CalendarBucket>()

/**
 * The sub-bucket of an instant. The window reaches back over `steps` whole sub-buckets, so that it covers any
 * real window of `lengthMs`, and as far ahead: there is counted what was scheduled, and by processes whose
 * clock is fast or was.
 */
export function rollingBucket(window: RollingWindow, now: number): RollingBucket {
  const time = window.at ?? now
  const steps = stepsOf(window)
  const stepMs = Math.max(1, Math.ceil(window.lengthMs / steps))
  const known = rolling.get(window.key)
  if (
    known !== undefined &&
    known.from <= time &&
    time < known.until &&
    known.stepMs === stepMs &&
    known.plus.length === 2 * steps
  ) {
    return known
  }
  const index = Math.floor(time / stepMs)
  // Numbered after a tilde, which tells an engine that these keys are read together.
  const base = `${window.key}/${stepMs}/~`
  // Texts of the bucket before are reused; what has the same name must be the same text.
  const names = new Map<string, readonly [string, number]>()
  if (known?.stepMs === stepMs) for (const pair of known.plus) names.set(pair[0], pair)
  const nameOf = (at: number): readonly [string, number] => {
    const name = `${base}${at}`
    return names.get(name) ?? Object.freeze([name, 1] as const)
  }
  const plus: (readonly [string, number])[] = []
  for (let at = index - steps; at < index; at++) plus.push(nameOf(at))
  for (let at = index + 1; at <= index + steps; at++) plus.push(nameOf(at))
  // Frozen, so that an engine may remember what it found under these names.
  Object.freeze(plus)
  const from = index * stepMs
  const key = nameOf(index)[0]
  const bucket = {
    from,
    until: from + stepMs,
    key,
    plus,
    keys: [key, ...plus.map(([name]) => name)],
    expiresAt: from + stepMs + (steps + 2) * stepMs,
    stepMs,
    index,
  }
  return remember(rolling, window.key, bucket)
}

export function calendarBucket(window: CalendarWindow, now: number): CalendarBucket {
  const known = calendar.get(window.key)
  const period = periodAt(window.zone, window.period, window.at ?? now)
  if (known !== undefined && known.period === period) return known
  const key = `${window.key}/${period.name}`
  return remember(calendar, window.key, {
    from: period.start,
    until: period.end,
    key,
    plus: [],
    keys: [key],
    // A day longer than needed: a late refund finds its counter, and clocks may differ.
    expiresAt: period.end + DAY,
    period,
  })
}

export function stepsOf(window: RollingWindow): number {
  const { steps = DEFAULT_STEPS } = window
  return Number.isSafeInteger(steps) && steps >= 1 ? steps : DEFAULT_STEPS
}

function remember<B>(cache: Map<string, B>, key: string, bucket: B): B {
  if (cache.size >= MAX_BUCKETS) cache.clear()
  cache.set(key, bucket)
  return bucket
}
