import { resolvePolicy, type SystemPolicyChoice } from './policy.js'
import type { SystemState } from './state.js'
import { statusOf } from './status.js'

/** How far a limit is used, in the same unit on both sides: 20 of 3000 e-mails. Never a percentage. */
export interface RateLimitUse {
  readonly name: string
  readonly used: number
  readonly limit: number
  /** When the window ends, ms since 1970. */
  readonly resetsAt?: number
}

/** What readiness is judged by. What is left out was not measured, and counts against it. */
export interface SystemFacts {
  readonly state: SystemState
  readonly rateLimits?: readonly RateLimitUse[]
  /** Names of the circuit breakers that are not closed. */
  readonly openBreakers?: readonly string[]
  readonly pendingApprovals?: number
  readonly errorsLastHour?: number
  readonly timeZones?: TimeZoneFacts
}

/** How far this runtime's time zone data can be trusted. */
export interface TimeZoneFacts {
  /** Release of the tz database, e.g. `2026c`; null where the runtime does not say. */
  readonly version: string | null
  /** Zones for which built-in corrections stand in. */
  readonly corrected: readonly string[]
  /** Zones that are wrong even so. */
  readonly wrong: readonly string[]
}

export interface ReadinessCheck {
  readonly check: string
  readonly message: string
}

export interface Readiness {
  /** True when nothing failed. */
  readonly ready: boolean
  readonly passed: readonly ReadinessCheck[]
  readonly failed: readonly ReadinessCheck[]
}

/** May this go to production now? Checks critical components, limits, breakers, approvals, errors and the status. */
export function readiness(facts: SystemFacts, policy?: SystemPolicyChoice): Readiness {
  const { critical, readiness: bounds } = resolvePolicy(policy)
  const passed: ReadinessCheck[] = []
  const failed: ReadinessCheck[] = []
  const say = (ok: boolean, check: string, message: string) => (ok ? passed : failed).push({ check, message })
  const { state, rateLimits, openBreakers, pendingApprovals, errorsLastHour, timeZones } = facts

  for (const name of critical) {
    const component = Object.hasOwn(state.components, name) ? state.components[name] : undefined
    const status = component?.status ?? 'not configured'
    say(
      status === 'healthy',
      name,
      status === 'unknown' ? `${name} has not been checked: run a health check.` : `${name} is ${status}.`,
    )
  }

  if (rateLimits === undefined) say(false, 'rate limits', 'The rate limits were not measured.')
  for (const use of rateLimits ?? []) {
    const left = Math.floor((1 - fractionUsed(use)) * 100)
    say(fractionUsed(use) < bounds.usedBelow, use.name, `${use.name}: ${use.used} of ${use.limit} used, ${left} % left.`)
  }

  if (openBreakers === undefined) say(false, 'breakers', 'The circuit breakers were not looked at.')
  else
    say(
      openBreakers.length === 0,
      'breakers',
      openBreakers.length === 0 ? 'All circuit breakers are closed.' : `Not closed: ${openBreakers.join(', ')}.`,
    )

  if (!isCount(pendingApprovals)) say(false, 'approvals', 'The pending approvals were not counted.')
  else
    say(
      pendingApprovals === 0,
      'approvals',
      pendingApprovals === 0 ? 'No approval is waiting.' : `${pendingApprovals} waiting for a human.`,
    )

  if (!isCount(errorsLastHour)) say(false, 'errors', 'The errors of the last hour were not counted.')
  else
    say(
      errorsLastHour < bounds.errorsBelow,
      'errors',
      `${errorsLastHour} errors in the last hour, fewer than ${bounds.errorsBelow} are fine.`,
    )

  if (timeZones === undefined) say(false, 'time zones', 'The time zone data were not looked at.')
  else say(timeZones.wrong.length === 0, 'time zones', timeZoneText(timeZones))

  const status = statusOf(state, policy)
  say(status === 'healthy', 'status', `The system is ${status}.`)
  return { ready: failed.length === 0, passed, failed }
}

/** 0 to 1. What cannot be judged (no limit, not a number) counts as used up. */
export function fractionUsed({ used, limit }: RateLimitUse): number {
  const fraction = used / limit
  return limit > 0 && Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 1
}

function timeZoneText({ version, corrected, wrong }: TimeZoneFacts): string {
  const data = `The tz database is ${version ?? 'of an unknown release'}`
  if (wrong.length > 0) return `${data} and wrong for ${wrong.join(', ')}: update the runtime or set \`hours.zoneChanges\`.`
  return corrected.length === 0 ? `${data}.` : `${data}; newer laws are built in for ${corrected.join(', ')}.`
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0
}
