import { resolvePolicy, type SystemPolicyChoice } from './policy.js'
import { fractionUsed, type RateLimitUse, type Readiness, readiness, type SystemFacts, type TimeZoneFacts } from './readiness.js'
import type { ComponentState, SystemState } from './state.js'
import { isOperational, type SystemStatus, statusOf } from './status.js'

export interface SystemWarning {
  readonly level: 'critical' | 'warning'
  readonly message: string
}

/** The system on one page, as plain data for a dashboard. */
export interface SystemSnapshot extends Pick<SystemState, 'emergency' | 'maintenance' | 'switches' | 'mode'> {
  /** ms since 1970 */
  readonly at: number
  readonly status: SystemStatus
  readonly operational: boolean
  readonly components: readonly (ComponentState & { readonly name: string })[]
  /** `fraction` is 0 to 1. */
  readonly rateLimits: readonly (RateLimitUse & { readonly fraction: number })[]
  readonly openBreakers: readonly string[]
  readonly pendingApprovals: number | null
  readonly errorsLastHour: number | null
  readonly timeZones: TimeZoneFacts | null
  readonly readiness: Readiness
  /** Critical ones first. */
  readonly warnings: readonly SystemWarning[]
  /** What to do about it, each once, in the order of urgency. */
  readonly recommendations: readonly string[]
}

export function snapshot(facts: SystemFacts, now: number, policy?: SystemPolicyChoice): SystemSnapshot {
  const { state } = facts
  const status = statusOf(state, policy)
  return {
    at: now,
    status,
    operational: isOperational(state, policy),
    emergency: state.emergency,
    maintenance: state.maintenance,
    switches: state.switches,
    mode: state.mode,
    components: Object.entries(state.components).map(([name, component]) => ({ name, ...component })),
    rateLimits: (facts.rateLimits ?? []).map((use) => ({ ...use, fraction: fractionUsed(use) })),
    openBreakers: facts.openBreakers ?? [],
    pendingApprovals: facts.pendingApprovals ?? null,
    errorsLastHour: facts.errorsLastHour ?? null,
    timeZones: facts.timeZones ?? null,
    readiness: readiness(facts, policy),
    ...advise(facts, status, policy),
  }
}

interface Advice {
  readonly warnings: readonly SystemWarning[]
  readonly recommendations: readonly string[]
}

function advise(
  { state, rateLimits = [], openBreakers = [] }: SystemFacts,
  status: SystemStatus,
  policy?: SystemPolicyChoice,
): Advice {
  const { readiness: bounds } = resolvePolicy(policy)
  const warnings: SystemWarning[] = []
  const todo = new Set<string>()
  const warn = (level: SystemWarning['level'], message: string) => warnings.push({ level, message })

  if (state.emergency !== null) todo.add('Find out why the emergency stop was made, then lift it.')
  for (const [name, { status: health, failures }] of Object.entries(state.components)) {
    if (health === 'down') {
      warn('critical', `${name} is down.`)
      todo.add(`Check the credentials and the connection of ${name}.`)
    } else if (health === 'degraded') warn('warning', `${name} is degraded.`)
    if (failures >= bounds.failuresFrom) warn('warning', `${name} failed ${failures} times in a row.`)
  }
  if (openBreakers.length > 0) {
    warn('warning', `Circuit breakers not closed: ${openBreakers.join(', ')}.`)
    todo.add('Look at the errors behind the open circuit breakers.')
  }
  for (const use of rateLimits) {
    const fraction = fractionUsed(use)
    if (fraction < bounds.usedBelow) continue
    warn(fraction >= bounds.criticalFrom ? 'critical' : 'warning', `${use.name} is ${Math.floor(fraction * 100)} % used.`)
    todo.add('Spread the work over a longer time, or raise the limit.')
  }
  if (status === 'unchecked') todo.add('Run a health check of the critical components.')
  else if (status !== 'healthy') todo.add('Clear this up before running campaigns.')
  return {
    warnings: warnings.sort((a, b) => Number(b.level === 'critical') - Number(a.level === 'critical')),
    recommendations: [...todo],
  }
}
