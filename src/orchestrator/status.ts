import { resolvePolicy, type SystemPolicyChoice } from './policy.js'
import type { SystemState } from './state.js'

export const SYSTEM_STATUSES = ['healthy', 'unchecked', 'degraded', 'critical', 'maintenance', 'emergency'] as const
export type SystemStatus = (typeof SYSTEM_STATUSES)[number]

/**
 * The one word for the whole system, the worst that applies: an emergency stop outranks maintenance, which
 * outranks the health of the components. `unchecked` = nobody has checked a critical component yet.
 */
export function statusOf(state: SystemState, policy?: SystemPolicyChoice): SystemStatus {
  if (state.emergency !== null) return 'emergency'
  if (state.maintenance !== null) return 'maintenance'
  return healthOf(state, policy)
}

/** May ordinary actions run? Not in an emergency, in maintenance, or while the system is critical. */
export function isOperational(state: SystemState, policy?: SystemPolicyChoice): boolean {
  const status = statusOf(state, policy)
  return status === 'healthy' || status === 'unchecked' || status === 'degraded'
}

/** The health of the components alone, stops aside. */
export function healthOf(state: SystemState, policy?: SystemPolicyChoice): 'healthy' | 'unchecked' | 'degraded' | 'critical' {
  const { critical, criticalAtDown, degradedAtDown, degradedAtDegraded, unchecked } = resolvePolicy(policy)
  const { components } = state
  let down = 0
  let degraded = 0
  for (const name in components) {
    const status = components[name]?.status
    if (status === 'down') down++
    else if (status === 'degraded') degraded++
  }
  let anyUnchecked = false
  for (let i = 0; i < critical.length; i++) {
    const status = components[critical[i] ?? '']?.status
    if (status === 'down') return 'critical'
    if (status === undefined || status === 'unknown') anyUnchecked = true
  }
  if (down >= criticalAtDown) return 'critical'
  if (degraded >= degradedAtDegraded || down >= degradedAtDown) return 'degraded'
  return anyUnchecked && unchecked === 'not_ready' ? 'unchecked' : 'healthy'
}

/** The components behind a status other than healthy, worst first. */
export function troubledComponents(state: SystemState): string[] {
  const named = (status: string) => Object.keys(state.components).filter((name) => state.components[name]?.status === status)
  return [...named('down').map((name) => `${name} is down`), ...named('degraded').map((name) => `${name} is degraded`)]
}
