import type { Hours } from '../policy.js'
import type { Wall } from './zone-clock.js'

/** Windows of one weekday: minutes since local midnight, half-open, in order. Index 0 is not used, 1 = Monday. */
export type Windows = readonly (readonly (readonly [open: number, close: number])[])[]

const compiled = new WeakMap<object, Windows>()
const ALWAYS: Windows = Array.from({ length: 8 }, () => [[0, 1440] as const])

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

export function isOpen(windows: Windows, wall: Wall): boolean {
  return windows[wall.weekday]?.some(([open, close]) => wall.minute >= open && wall.minute < close) ?? false
}

/** Minutes of wall time until the next window opens, counting as if no clock was changed; null when none ever does. */
export function minutesToOpening(windows: Windows, wall: Wall): number | null {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const weekday = ((wall.weekday - 1 + ahead) % 7) + 1
    for (const [open] of windows[weekday] ?? []) {
      const minutes = ahead * 1440 + open - wall.minute
      if (minutes > 0) return minutes
    }
  }
  return null
}

function compile(hours: Exclude<Hours, 'always'>): Windows {
  return Array.from({ length: 8 }, (_, weekday) => {
    if ('days' in hours) return hours.days.includes(weekday) ? [[toMinute(hours.open), toMinute(hours.close)] as const] : []
    const spans = hours.windows[String(weekday) as '1'] ?? []
    return spans.map(([open, close]) => [toMinute(open), toMinute(close)] as const).sort((a, b) => a[0] - b[0])
  })
}

function toMinute(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
}
