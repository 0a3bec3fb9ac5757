import type { Hours } from '../../../src/guardrails/index.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const HORIZON = 15 * 24 * HOUR

/**
 * The first allowed minute within 15 days by looking at every one of them, with wall clocks read from `Intl` alone.
 * Shares no code with what it judges. Undefined where there is none.
 */
export function firstAllowed(zones: readonly string[], hours: Exclude<Hours, 'always'>, now: number): number | undefined {
  const clocks = zones.map((zone) => wallClock(zone, now))
  for (let at = now; at <= now + HORIZON; at = (Math.floor(at / MINUTE) + 1) * MINUTE) {
    if (clocks.every((wall) => allows(hours, wall(at)))) return at
  }
  return undefined
}

function allows(hours: Exclude<Hours, 'always'>, local: number): boolean {
  const date = new Date(local)
  const weekday = date.getUTCDay() || 7
  const time = date.toISOString().slice(11, 16)
  if ('days' in hours) return hours.days.includes(weekday) && time >= hours.open && time < hours.close
  return (hours.windows[String(weekday) as '1'] ?? []).some(([open, close]) => time >= open && time < close)
}

/** Local time as if it was UTC. Hours whose ends agree are taken as one; in the others every minute is read. */
function wallClock(timeZone: string, from: number): (at: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const read = (at: number) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / MINUTE) * MINUTE
  const first = Math.floor(from / HOUR)
  const ends = Array.from({ length: HORIZON / HOUR + 2 }, (_, index) => read((first + index) * HOUR))
  return (at) => {
    const index = Math.floor(at / HOUR) - first
    const offset = ends[index] ?? Number.NaN
    return at + (offset === ends[index + 1] ? offset : read(at))
  }
}
