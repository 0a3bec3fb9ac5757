import { fromZonedTime } from 'date-fns-tz'
import { wallAt } from './zone-clock.js'

/**
 * The instant at which a zone's clocks show a day and minute; null when they never do (a gap) or when it is
 * ambiguous (an overlap), which the caller settles. `fromZonedTime` answers one hour early in a gap and picks
 * either pass of an overlap, so its answer counts only when the wall clock there reads what was asked.
 */
export function instantOf(zone: string, day: number, minute: number): number | null {
  const text = new Date(day * 86_400_000 + minute * 60_000).toISOString().slice(0, 19)
  const at = fromZonedTime(text, zone).getTime()
  if (Number.isNaN(at) || !shows(zone, at, day, minute)) return null
  const twice = OVERLAPS.some((shift) => shows(zone, at - shift, day, minute) || shows(zone, at + shift, day, minute))
  return twice ? null : at
}

/** How far clocks are ever put back: 30 minutes on Lord Howe, two hours in Antarctica. */
const OVERLAPS = [1_800_000, 3_600_000, 7_200_000]

function shows(zone: string, at: number, day: number, minute: number): boolean {
  const wall = wallAt(zone, at)
  return wall.day === day && wall.minute === minute
}
