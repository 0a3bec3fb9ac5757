import { steadyUntil, wallAt } from '../../core/zone-clock.js'
import type { Opening } from './openings.js'
import { isOpen, minutesToOpening } from './windows.js'

const MINUTE = 60_000
const HORIZON = 15 * 86_400_000

/** The first instant from `at` on at which everything is open; null when there is none within 15 days. */
export function nextOpening(openings: readonly Opening[], at: number): number | null {
  const until = at + HORIZON
  let candidate = at
  // Ends: a round either moves on to a later opening or stops.
  for (;;) {
    let latest = candidate
    for (const opening of openings) {
      const opens = nextIn(opening, latest, until)
      if (opens === null) return null
      latest = opens
    }
    if (latest === candidate) return candidate
    candidate = latest
  }
}

/** For one clock. Where it is changed before the window opens, the search goes on from the change. */
function nextIn({ clock, windows, rests }: Opening, from: number, until: number): number | null {
  let at = from
  while (at <= until) {
    const wall = wallAt(clock, at)
    if (isOpen(windows, wall, rests)) return at
    const minutes = minutesToOpening(windows, wall, rests)
    if (minutes === null) return null
    const opens = (Math.floor(at / MINUTE) + minutes) * MINUTE
    const steady = steadyUntil(clock, at)
    if (opens < steady) return opens <= until ? opens : null
    at = steady
  }
  return null
}
