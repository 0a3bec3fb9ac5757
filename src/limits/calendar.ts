import { ConfigError } from '../core/errors.js'
import { memoize } from '../core/memo.js'
import { clockOf, wallAt, type ZoneClock } from '../core/zone-clock.js'

/** A calendar day or month of a zone, from `start` up to, not including, `end` (ms since 1970). */
export interface Period {
  /** `2026-01-17@America/New_York`, or `2026-01@America/New_York` for a month. */
  readonly name: string
  readonly start: number
  readonly end: number
}

/**
 * The calendar period of a zone in which an instant lies. A period starts when local midnight happens,
 * or at the first minute that exists where the clocks skip midnight. Throws `ConfigError` for a zone that does not exist.
 */
export function periodAt(zone: string, unit: 'day' | 'month', now: number): Period {
  const calendar = calendarOf(zone)
  const known = calendar[unit]
  if (known !== undefined && known.start <= now && now < known.end) return known
  const { clock } = calendar
  let label = labelOf(clock, now, unit)
  let period = periodOf(clock, unit, label)
  // A zone that turns its clocks back over midnight shows a date twice; each instant is in one period all the same.
  while (now >= period.end) {
    label = next(label, unit)
    period = periodOf(clock, unit, label)
  }
  while (now < period.start) {
    label = next(label, unit, -1)
    period = periodOf(clock, unit, label)
  }
  calendar[unit] = period
  return period
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The periods last asked for answer almost every question until they end. */
const calendarOf = memoize(1000, (zone): { clock: ZoneClock; day?: Period; month?: Period } => {
  const clock = clockOf(zone)
  if (clock !== null) return { clock }
  throw new ConfigError([{ path: 'zone', message: `"${zone}" is not a time zone; expected an IANA name like America/New_York` }])
})

function periodOf(clock: ZoneClock, unit: 'day' | 'month', label: number): Period {
  const date = new Date(label).toISOString().slice(0, unit === 'day' ? 10 : 7)
  return { name: `${date}@${clock.zone}`, start: startOf(clock, label), end: startOf(clock, next(label, unit)) }
}

/** The first date of the period, as UTC midnight of that date: a date without a zone, in ms. */
function labelOf(clock: ZoneClock, now: number, unit: 'day' | 'month'): number {
  const date = localDate(clock, now)
  return unit === 'day' ? date : Date.UTC(new Date(date).getUTCFullYear(), new Date(date).getUTCMonth(), 1)
}

function next(label: number, unit: 'day' | 'month', step = 1): number {
  const date = new Date(label)
  return unit === 'day' ? label + step * DAY : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + step, 1)
}

/** The first second at which the zone's date is `label` or later. Offsets lie between -12 and +14 hours. */
function startOf(clock: ZoneClock, label: number): number {
  let before = (label - 16 * HOUR) / 1000
  let after = (label + 16 * HOUR) / 1000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (localDate(clock, middle * 1000) >= label) after = middle
    else before = middle
  }
  return after * 1000
}

function localDate(clock: ZoneClock, at: number): number {
  return wallAt(clock, at).day * DAY
}
