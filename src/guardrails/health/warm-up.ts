import type { GuardrailPolicy } from '../policy.js'
import { registrableDomain } from '../recipients/registrable-domain.js'
import { UNKNOWN_SENDER } from '../recipients/sender-domain.js'

/** Where a new domain stands on its way up. */
export interface WarmUp {
  /** Index in `perDay`; past its end = warm. */
  readonly step: number
  /** Healthy days with sends counted at this step. */
  readonly healthyDays: number
  /** The last day with sends, UTC day since 1970. */
  readonly day: number
  /** The domain had to stop on that day: it does not count. */
  readonly spoilt?: true
}

/**
 * Whether a domain has to ramp up: it is listed as new, or an e-mail names it and nobody says it is warm. `own` = the
 * account's default. The unnamed sender is the location's own, and ramps as soon as a new domain is listed.
 */
export function rampsUp(domain: string, own: string | undefined, { health }: GuardrailPolicy): boolean {
  const { perDay, established, new: listed } = health.warmUp
  if (perDay.length === 0) return false
  if (includes(listed, domain)) return true
  if (domain === UNKNOWN_SENDER) return listed.length > 0
  return domain !== own && !includes(established, domain)
}

/** Where it stands when it sends on a day: the same record, where nothing changes. */
export function advanceWarmUp(warm: WarmUp | undefined, today: number, { health }: GuardrailPolicy): WarmUp {
  const { daysPerStep, silentDays } = health.warmUp
  if (warm === undefined || today - warm.day > silentDays) return { step: 0, healthyDays: 0, day: today }
  if (today <= warm.day) return warm
  const healthyDays = warm.spoilt ? 0 : warm.healthyDays + 1
  return healthyDays >= daysPerStep
    ? { step: warm.step + 1, healthyDays: 0, day: today }
    : { step: warm.step, healthyDays, day: today }
}

/** The step does not move on from a day on which the domain had to stop. */
export function spoilWarmUp({ step, day }: WarmUp): WarmUp {
  return { step, healthyDays: 0, day, spoilt: true }
}

/** E-mails a day at this step; undefined = it is warm. */
export function warmUpLimit({ step }: WarmUp, { health }: GuardrailPolicy): number | undefined {
  return health.warmUp.perDay[step]
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

function includes(domains: readonly string[], domain: string): boolean {
  if (domains.length === 0) return false
  let set = sets.get(domains)
  if (set === undefined) {
    set = new Set(domains.map(registrableDomain))
    sets.set(domains, set)
  }
  return set.has(domain)
}
