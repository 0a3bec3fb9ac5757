import type { SystemEvent } from './events.js'
import type { Stop, SystemState } from './state.js'

/** What an operator did between two states of the system, as far as the later one shows it. */
export interface SystemChange {
  readonly type: Exclude<SystemEvent['type'], 'report'>
  /** Missing where the state keeps only that a stop is over, not who ended it. */
  readonly by?: string
  readonly reason?: string
}

/** Stops, switches and modes that came or went. Health reports are not among them: they come all day. */
export function changesBetween(before: SystemState, after: SystemState): readonly SystemChange[] {
  const changes: SystemChange[] = []

  function stop(
    was: Stop | null | undefined,
    is: Stop | null | undefined,
    on: SystemChange['type'],
    off: SystemChange['type'],
  ): void {
    const [old, now] = [was ?? null, is ?? null]
    if (now === null) {
      if (old !== null) changes.push({ type: off })
    } else if (old?.at !== now.at || old.by !== now.by) changes.push({ type: on, by: now.by, reason: now.reason })
  }

  stop(before.emergency, after.emergency, 'emergency_stop', 'lift_emergency_stop')
  stop(before.maintenance, after.maintenance, 'enter_maintenance', 'leave_maintenance')
  for (const list of ['agents', 'locations', 'channels'] as const) {
    const [was, is] = [before.switches[list], after.switches[list]]
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) stop(was[name], is[name], 'switch_off', 'switch_on')
  }
  if (JSON.stringify(before.mode) !== JSON.stringify(after.mode))
    changes.push({ type: 'set_mode', ...(after.mode !== null && { by: after.mode.by }) })
  return changes
}
