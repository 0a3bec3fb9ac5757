import type { Clock } from '../core/clock.js'

export interface FakeClock extends Clock {
  /** Moves time on by `ms` milliseconds (negative goes back) and says what time it is then. */
  advance(ms: number): number
  /** Sets the time: ms since 1970, an ISO 8601 text or a Date. */
  set(time: number | string | Date): number
}

/**
 * A clock that stands still until it is moved.
 * @param start ms since 1970, an ISO 8601 text (`2026-03-02T15:00:00Z`) or a Date; default Monday 2 March 2026, 15:00 UTC,
 *   which is 10:00 in New York.
 * @throws RangeError when `start` is not a time.
 */
export function fakeClock(start: number | string | Date = '2026-03-02T15:00:00Z'): FakeClock {
  let current = toMs(start)
  return {
    now: () => current,
    advance(ms) {
      current = toMs(current + ms)
      return current
    },
    set(time) {
      current = toMs(time)
      return current
    },
  }
}

function toMs(time: number | string | Date): number {
  const ms = typeof time === 'number' ? time : new Date(time).getTime()
  if (!Number.isFinite(ms)) throw new RangeError(`not a time: ${String(time)}`)
  return ms
}
