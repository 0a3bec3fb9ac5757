import type { Wall } from '../../core/zone-clock.js'
import type { Hours } from '../policy.js'

/** Windows by weekday, 0 = Monday: minutes since local midnight, half-open, in order. */
export type Windows = readonly (readonly (readonly [open: number, close: number])[])[]

/** True for a local day (days since 1970) on which the windows stay shut. */
export type Rests = (day: number) => boolean

const compiled = new WeakMap<object, Windows>()
const ALWAYS: Windows = Array.from({ length: 7 }, () => [[0, 1440] as const])
const DAY_MINUTES = 1440
/** As far as an opening is searched for. */
const DAYS_AHEAD = 15

/** The policy's hours in the form they are asked in. */
export function windowsOf(hours: Hours): Windows {
  if (hours === 'always') return ALWAYS
  let windows = compiled.get(hours)
  if (windows === undefined) {
    windows = compile(hours)
    compiled.set(hours, windows)
  }
  return windows
}

export function isOpen(windows: Windows, { day, minute }: Wall, rests?: Rests): boolean {
  for (const [open, close] of windows[weekdayOf(day)] ?? []) {
    if (minute >= open && minute < close) return rests === undefined || !rests(day)
  }
  return false
}

/** Minutes of wall time until the next window opens, as if no clock was changed; null when none does within 15 days. */
export function minutesToOpening(windows: Windows, { day, minute }: Wall, rests?: Rests): number | null {
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    if (rests?.(day + ahead)) continue
    for (const [open] of windows[weekdayOf(day + ahead)] ?? []) {
      const minutes = ahead * DAY_MINUTES + open - minute
      if (minutes > 0) return minutes
    }
  }
  return null
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

function compile(hours: Exclude<Hours, 'always'>): Windows {
  return Array.from({ length: 7 }, (_, index) => {
    const weekday = index + 1
    if ('days' in hours) return hours.days.includes(weekday) ? [[toMinute(hours.open), toMinute(hours.close)] as const] : []
    const spans = hours.windows[String(weekday) as '1'] ?? []
    return spans.map(([open, close]) => [toMinute(open), toMinute(close)] as const).sort((a, b) => a[0] - b[0])
  })
}

function toMinute(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}
