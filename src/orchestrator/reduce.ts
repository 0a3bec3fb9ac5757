import type { SystemEvent } from './events.js'
import { validateEvent } from './events.js'
import type { SystemPolicyChoice } from './policy.js'
import type { Stop, SwitchKind, SystemState } from './state.js'

/**
 * The state after an event. An event that `validateEvent` refuses changes nothing: the same object comes back,
 * as it does for an event without effect. Stops are lifted by their own event and by nothing else; the first
 * stop stands, with who made it and why, until it is lifted.
 */
export function reduce(state: SystemState, event: SystemEvent, policy?: SystemPolicyChoice): SystemState {
  const { event: valid } = validateEvent(event, policy)
  if (valid === undefined) return state
  switch (valid.type) {
    case 'report':
      return report(state, valid)
    case 'emergency_stop':
      return state.emergency === null ? { ...state, emergency: stopOf(valid) } : state
    case 'lift_emergency_stop':
      return state.emergency === null ? state : { ...state, emergency: null }
    case 'enter_maintenance':
      return state.maintenance === null ? { ...state, maintenance: stopOf(valid) } : state
    case 'leave_maintenance':
      return state.maintenance === null ? state : { ...state, maintenance: null }
    case 'switch_off':
    case 'switch_on':
      return flip(state, valid)
    case 'set_mode': {
      if (valid.mode === null) return state.mode === null ? state : { ...state, mode: null }
      return { ...state, mode: { mode: valid.mode, over: valid.over, at: valid.at, by: valid.by } }
    }
  }
}

function report(state: SystemState, event: Extract<SystemEvent, { type: 'report' }>): SystemState {
  const { component, status, at } = event
  const before = Object.hasOwn(state.components, component) ? state.components[component] : undefined
  const healthy = status === 'healthy'
  const after = {
    status,
    failures: healthy ? 0 : (before?.failures ?? 0) + 1,
    lastCheck: at,
    lastSuccess: healthy ? at : (before?.lastSuccess ?? null),
    error: event.error ?? null,
  }
  return { ...state, components: { ...state.components, [component]: after } }
}

const LIST = { agent: 'agents', location: 'locations', channel: 'channels' } as const satisfies Record<SwitchKind, string>

function flip(state: SystemState, event: Extract<SystemEvent, { type: 'switch_off' | 'switch_on' }>): SystemState {
  const list = LIST[event.kind]
  const off = state.switches[list]
  const isOff = Object.hasOwn(off, event.name)
  if (isOff === (event.type === 'switch_off')) return state
  const { [event.name]: _, ...others } = off
  const next = event.type === 'switch_off' ? { ...off, [event.name]: stopOf(event) } : others
  return { ...state, switches: { ...state.switches, [list]: next } }
}

function stopOf({ reason, at, by }: Stop): Stop {
  return { reason, at, by }
}
