import { z } from 'zod'
import { didYouMean } from '../core/nearest.js'

/** What the replaced system watched: its agents, its services, its database. */
export const DEFAULT_COMPONENTS = [
  'HUNTER',
  'ENRICHER',
  'SEGMENTOR',
  'CRAFTER',
  'GATEKEEPER',
  'GHL_MASTER',
  'QUEEN',
  'api_ghl',
  'api_supabase',
  'api_linkedin',
  'api_clay',
  'api_rb2b',
  'supabase_db',
] as const

/** No store can hold these as keys. */
export const UNUSABLE_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype']

const component = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => !UNUSABLE_NAMES.includes(name), 'is a name that is never accepted.')
const count = z.number().int().min(1)
const fraction = z.number().min(0).max(1)

/** Which components are watched, when they stop the system, and what readiness asks for. */
export const systemPolicy = z
  .strictObject({
    /** Components that may be reported on. Default: the 13 of `DEFAULT_COMPONENTS`. */
    components: z.array(component).readonly().default(DEFAULT_COMPONENTS),
    /** Components whose `down` alone makes the system critical. Default: api_ghl, api_supabase, supabase_db. */
    critical: z.array(component).readonly().default(['api_ghl', 'api_supabase', 'supabase_db']),
    /** So many components down make the system critical. Default: 3. */
    criticalAtDown: count.default(3),
    /** So many components down make it degraded. Default: 1. */
    degradedAtDown: count.default(1),
    /** So many components degraded make it degraded. Default: 3. */
    degradedAtDegraded: count.default(3),
    /** What a critical component nobody has checked yet means. Default: `not_ready` (status `unchecked`); `fine` = healthy. */
    unchecked: z.enum(['not_ready', 'fine']).default('not_ready'),
    /** What readiness and warnings go by. */
    readiness: z
      .strictObject({
        /** Every rate limit must be used less than this fraction. Default: 0.8; also where warnings begin. */
        usedBelow: fraction.default(0.8),
        /** From this fraction on a warning is critical. Default: 0.9. */
        criticalFrom: fraction.default(0.9),
        /** Errors in the last hour must stay below this count. Default: 5. */
        errorsBelow: count.default(5),
        /** So many failures of a component in a row are a warning. Default: 3. */
        failuresFrom: count.default(3),
      })
      .readonly()
      .prefault({}),
  })
  .check((context) => {
    const { components, critical } = context.value
    for (const [index, name] of critical.entries()) {
      if (components.includes(name)) continue
      const message = `is "${name}", which is not one of the components.${didYouMean(name, components)}`
      context.issues.push({ code: 'custom', path: ['critical', index], message, input: name })
    }
  })
  .readonly()

export type SystemPolicy = z.infer<typeof systemPolicy>

export const DEFAULT_SYSTEM_POLICY: SystemPolicy = systemPolicy.parse({})

/** The replaced system's: only the two APIs are critical, and what nobody checked counts as fine. For comparisons. */
export const ORIGINAL_SYSTEM_POLICY: SystemPolicy = systemPolicy.parse({
  critical: ['api_ghl', 'api_supabase'],
  unchecked: 'fine',
})

/** A policy of your own, or `'original'` for the replaced system's. */
export type SystemPolicyChoice = SystemPolicy | 'original'

export function resolvePolicy(policy: SystemPolicyChoice | undefined): SystemPolicy {
  if (policy === 'original') return ORIGINAL_SYSTEM_POLICY
  return policy ?? DEFAULT_SYSTEM_POLICY
}
