import { CORRECTED_ZONES } from '../../core/zone-changes.js'
import { clockOf, offsetAt } from '../../core/zone-clock.js'

/** How far the runtime's time zone data can be trusted. */
export interface ZoneDataReport {
  /** Zones whose newest law the runtime does not know; built-in corrections stand in for it. */
  readonly corrected: readonly string[]
  /** Zones that are wrong even so: their nights are not kept. */
  readonly wrong: readonly string[]
}

/** Compares the clocks in use with what is known of them: the zones whose law changed last, and two that never do. */
export function zoneDataReport(): ZoneDataReport {
  const wrong = ASSERTIONS.filter(([zone, at, offset]) => {
    const clock = clockOf(zone)
    return clock === null || offsetAt(clock, Date.parse(at)) !== offset
  })
  const corrected = CORRECTED_ZONES.filter((zone) => (clockOf(zone)?.changes.length ?? 0) > 0)
  return { corrected, wrong: wrong.map(([zone]) => zone) }
}

const ASSERTIONS: readonly (readonly [zone: string, at: string, offsetMinutes: number])[] = [
  ['America/New_York', '2026-12-01T00:00Z', -300],
  ['Europe/London', '2026-07-01T00:00Z', 60],
  ['America/Asuncion', '2026-07-01T00:00Z', -180],
  ['America/Vancouver', '2026-12-01T00:00Z', -420],
  ['America/Edmonton', '2026-12-01T00:00Z', -360],
  ['America/Inuvik', '2026-12-01T00:00Z', -360],
  ['America/Winnipeg', '2026-12-01T00:00Z', -300],
  ['Africa/Casablanca', '2026-12-01T00:00Z', 0],
  ['America/Havana', '2026-12-01T00:00Z', -240],
]
