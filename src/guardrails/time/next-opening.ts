import { instantOf } from './instant-of.js'
import { isOpen, minutesToOpening, type Windows } from './windows.js'
import { offsetAt, wallAt } from './zone-clock.js'

const MINUTE = 60_000
const SLOT = 15 * MINUTE
const HORIZON = 15 * 86_400_000

/** The first instant from `at` on when every zone is inside a window; null when there is none within 15 days. */
export function nextOpening(zones: readonly string[], windows: Windows, at: number): number | null {
  let candidate = at
  for (let round = 0; round < 64; round++) {
    let latest = candidate
    for (const zone of zones) {
      const opens = nextIn(zone, windows, latest, at + HORIZON)
      if (opens === null) return null
      latest = opens
    }
    if (latest === candidate) return candidate
    candidate = latest
  }
  return null
}

/** For one zone. Where the clocks change before the window opens, the search goes on from the change. */
function nextIn(zone: string, windows: Windows, from: number, until: number): number | null {
  let at = from
  while (at <= until) {
    const wall = wallAt(zone, at)
    if (isOpen(windows, wall)) return at
    const minutes = minutesToOpening(windows, wall)
    if (minutes === null) return null
    const reckoned = (Math.floor(at / MINUTE) + minutes) * MINUTE
    if (offsetAt(zone, reckoned) === offsetAt(zone, at)) {
      const opening = wall.minute + minutes
      at = instantOf(zone, wall.day + Math.floor(opening / 1440), opening % 1440) ?? reckoned
    } else {
      at = firstChange(zone, at, reckoned)
    }
  }
  return null
}

/** The first 15-minute slot after `from` whose offset differs; there is one up to `to`. */
function firstChange(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from)
  let low = Math.floor(from / SLOT)
  let high = Math.ceil(to / SLOT)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle * SLOT) === before) low = middle
    else high = middle
  }
  return high * SLOT
}
