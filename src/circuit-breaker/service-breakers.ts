import { z } from 'zod'
import { type BreakerPolicyInput, breakerPolicy } from './policy.js'

/** One breaker per service, with the thresholds, open periods and probe counts of the original system. */
export const serviceBreakers = {
  ghl_api: { threshold: 5, openMs: 60_000, probes: 3 },
  linkedin_api: { threshold: 3, openMs: 300_000, probes: 3 },
  supabase: { threshold: 5, openMs: 30_000, probes: 3 },
  clay_api: { threshold: 5, openMs: 120_000, probes: 3 },
  email_sending: { threshold: 3, openMs: 600_000, probes: 3 },
} as const satisfies Record<string, BreakerPolicyInput>

export type ServiceName = keyof typeof serviceBreakers

/**
 * Breakers by name, e.g. `{ ghl_api: { threshold: 7 } }`: what is said is laid over the defaults of
 * that service, services not named keep theirs, and other names are breakers of your own.
 */
export const breakersPolicy = z
  .custom<Readonly<Record<string, BreakerPolicyInput>>>(isRecord, 'expected an object of breakers by name')
  .default({})
  .transform(overDefaults)
  .pipe(
    z
      .object({
        ghl_api: breakerPolicy,
        linkedin_api: breakerPolicy,
        supabase: breakerPolicy,
        clay_api: breakerPolicy,
        email_sending: breakerPolicy,
      })
      .catchall(breakerPolicy),
  )

export type BreakerPolicies = z.output<typeof breakersPolicy>

function overDefaults(given: Readonly<Record<string, BreakerPolicyInput>>) {
  const merged: { [name: string]: BreakerPolicyInput } & Record<ServiceName, BreakerPolicyInput> = { ...serviceBreakers }
  for (const [name, policy] of Object.entries(given)) merged[name] = isRecord(policy) ? over(merged[name], policy) : policy
  return merged
}

/** The full form of a part replaces the short form of the defaults. */
function over(defaults: BreakerPolicyInput = {}, policy: BreakerPolicyInput): BreakerPolicyInput {
  const { threshold, probes, ...rest } = defaults
  return {
    ...rest,
    ...('trip' in policy || threshold === undefined ? {} : { threshold }),
    ...('halfOpen' in policy || probes === undefined ? {} : { probes }),
    ...policy,
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
