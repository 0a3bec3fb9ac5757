import { ALLOW, type Decision, denyIf } from '../core/decision.js'
import type { Json } from '../core/json.js'
import { type Reason, type ReasonCode, reason } from '../core/reason.js'
import type { SystemPolicyChoice } from './policy.js'
import type { Stop, SwitchKind, SystemState } from './state.js'
import { healthOf, troubledComponents } from './status.js'

/** What the first stage of the gateway has to know of an action. */
export interface SystemSubject {
  readonly agent: string
  readonly locationId?: string | undefined
  readonly channel?: string | undefined
  /** It changes nothing. A critical system still answers questions. */
  readonly reads: boolean
  /** It only takes something back (cancels a scheduled message, sets do-not-disturb): always let through. */
  readonly protective: boolean
}

/**
 * May this action start at all? Denies in an emergency, in maintenance, when an agent, location or channel is
 * switched off, and, unless it only reads, while the system is critical. Every reason says who stopped it,
 * when, why and how to go on. Protective actions always pass.
 */
export function checkSystem(state: SystemState, subject: SystemSubject, policy?: SystemPolicyChoice): Decision {
  if (subject.protective) return ALLOW
  const critical = !subject.reads && healthOf(state, policy) === 'critical'
  const agent = switchOf(state.switches.agents, subject.agent)
  const location = switchOf(state.switches.locations, subject.locationId)
  const channel = switchOf(state.switches.channels, subject.channel)
  if (
    !critical &&
    state.emergency === null &&
    state.maintenance === null &&
    agent === undefined &&
    location === undefined &&
    channel === undefined
  ) {
    return ALLOW
  }

  const reasons: Reason[] = []
  if (state.emergency !== null) {
    const how = 'Nothing runs until an operator lifts the emergency stop.'
    reasons.push(stopped('system.emergency_stop', 'Emergency stop', state.emergency, how))
  }
  if (state.maintenance !== null) {
    reasons.push(
      stopped('system.maintenance', 'Maintenance', state.maintenance, 'Nothing runs until an operator leaves maintenance.'),
    )
  }
  if (critical) {
    const components = troubledComponents(state)
    const message = `The system is critical: ${components.join(', ')}. Only reads run until a healthy report comes in.`
    reasons.push(reason('system', 'system.critical', message, { components }))
  }
  if (agent !== undefined) reasons.push(switchedOff('agent', subject.agent, agent))
  if (location !== undefined) reasons.push(switchedOff('location', subject.locationId ?? '', location))
  if (channel !== undefined) reasons.push(switchedOff('channel', subject.channel ?? '', channel))
  return denyIf(reasons)
}

function switchOf(switches: Readonly<Record<string, Stop>>, name: string | undefined): Stop | undefined {
  return name !== undefined && Object.hasOwn(switches, name) ? switches[name] : undefined
}

function switchedOff(kind: SwitchKind, name: string, stop: Stop): Reason {
  return stopped('system.switched_off', `${kind} "${name}" switched off`, stop, `An operator has to switch the ${kind} on.`, {
    kind,
    name,
  })
}

function stopped(code: ReasonCode, what: string, stop: Stop, how: string, data: Record<string, Json> = {}): Reason {
  const { by, at, reason: why } = stop
  return reason('system', code, `${what} by ${by} at ${timeText(at)}: ${why.replace(/[.\s]+$/, '')}. ${how}`, {
    ...data,
    by,
    at,
    reason: why,
  })
}

function timeText(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString()
}
