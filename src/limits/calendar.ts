import { ConfigError } from '../core/errors.js'
import { memoize } from '../core/memo.js'

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
  let label = labelOf(calendar.format, now, unit)
  let period = periodOf(calendar.format, zone, unit, label)
  // A zone that turns its clocks back over midnight shows a date twice; each instant is in one period all the same.
  while (now >= period.end) {
    label = next(label, unit)
    period = periodOf(calendar.format, zone, unit, label)
  }
  while (now < period.start) {
    label = next(label, unit, -1)
    period = periodOf(calendar.format, zone, unit, label)
  }
  calendar[unit] = period
  return period
}

const HOUR = 3_600_000

/** Formatters are slow to make; the periods last asked for answer almost every question until they end. */
const calendarOf = memoize(1000, (zone): { format: Intl.DateTimeFormat; day?: Period; month?: Period } => {
  try {
    return {
      format: new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone: zone,
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
      }),
    }
  } catch {
    throw new ConfigError([
      { path: 'zone', message: `"${zone}" is not a time zone; expected an IANA name like America/New_York` },
    ])
  }
})

function periodOf(format: Intl.DateTimeFormat, zone: string, unit: 'day' | 'month', label: number): Period {
  const date = new Date(label).toISOString().slice(0, unit === 'day' ? 10 : 7)
  return { name: `${date}@${zone}`, start: startOf(format, label), end: startOf(format, next(label, unit)) }
}

/** The first date of the period, as UTC midnight of that date: a date without a zone, in ms. */
function labelOf(format: Intl.DateTimeFormat, now: number, unit: 'day' | 'month'): number {
  const date = localDate(format, now)
  return unit === 'day' ? date : Date.UTC(new Date(date).getUTCFullYear(), new Date(date).getUTCMonth(), 1)
}

function next(label: number, unit: 'day' | 'month', step = 1): number {
  const date = new Date(label)
  return unit === 'day' ? label + step * 24 * HOUR : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + step, 1)
}

/** The first second at which the zone's date is `label` or later. Offsets lie between -12 and +14 hours. */
function startOf(format: Intl.DateTimeFormat, label: number): number {
  let before = (label - 16 * HOUR) / 1000
  let after = (label + 16 * HOUR) / 1000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (localDate(format, middle * 1000) >= label) after = middle
    else before = middle
  }
  return after * 1000
}

function localDate(format: Intl.DateTimeFormat, at: number): number {
  let year = 0
  let month = 0
  let day = 0
  for (const { type, value } of format.formatToParts(at)) {
    if (type === 'year') year = Number(value)
    else if (type === 'month') month = Number(value)
    else if (type === 'day') day = Number(value)
  }
  return Date.UTC(year, month - 1, day)
}
