import { z } from 'zod'
import { resolvePolicy, type SystemPolicyChoice } from './policy.js'

export const COMPONENT_STATUSES = ['healthy', 'degraded', 'down', 'unknown'] as const
export const SWITCH_KINDS = ['agent', 'location', 'channel'] as const

const time = z.number()
const stop = z.strictObject({ reason: z.string(), at: time, by: z.string() }).readonly()
const switches = z.record(z.string(), stop).readonly()
const componentState = z
  .strictObject({
    status: z.enum(COMPONENT_STATUSES),
    /** Reports other than `healthy` in a row. */
    failures: z.number().int().min(0),
    lastCheck: time.nullable(),
    lastSuccess: time.nullable(),
    error: z.string().nullable(),
  })
  .readonly()

export const modeSchema = z.union([z.enum(['shadow', 'live']), z.strictObject({ pilot: z.number().min(0).max(1) }).readonly()])

/** Everything the operator's switches and the health reports say. Plain JSON: it is stored under one key. */
export const systemState = z
  .strictObject({
    components: z.record(z.string(), componentState).readonly(),
    emergency: stop.nullable(),
    maintenance: stop.nullable(),
    switches: z.strictObject({ agents: switches, locations: switches, channels: switches }).readonly(),
    /** A rollout mode that replaces the configured one. `over` is the configured one it replaced. */
    mode: z.strictObject({ mode: modeSchema, over: modeSchema, at: time, by: z.string() }).readonly().nullable(),
  })
  .readonly()

export type SystemState = z.infer<typeof systemState>
export type ComponentState = z.infer<typeof componentState>
export type ComponentStatus = ComponentState['status']
/** Who stopped something, when (ms since 1970) and why. */
export type Stop = z.infer<typeof stop>
export type SwitchKind = (typeof SWITCH_KINDS)[number]

const UNCHECKED: ComponentState = Object.freeze({
  status: 'unknown',
  failures: 0,
  lastCheck: null,
  lastSuccess: null,
  error: null,
})

/**
 * A system nobody has checked yet and nobody has stopped. With `previous`, everything in it is kept: stops,
 * switches, health; only components the policy no longer has are dropped, and new ones begin unchecked.
 */
export function initialSystem(policy?: SystemPolicyChoice, previous?: SystemState): SystemState {
  const known = previous?.components ?? {}
  const components = resolvePolicy(policy).components.map((name) => [
    name,
    (Object.hasOwn(known, name) ? known[name] : undefined) ?? UNCHECKED,
  ])
  return {
    components: Object.fromEntries(components) as Record<string, ComponentState>,
    emergency: previous?.emergency ?? null,
    maintenance: previous?.maintenance ?? null,
    switches: previous?.switches ?? { agents: {}, locations: {}, channels: {} },
    mode: previous?.mode ?? null,
  }
}

/** The stored state, or null when it is not one: then nobody knows what was stopped, so nothing may be sent. */
export function readSystem(stored: unknown): SystemState | null {
  const result = systemState.safeParse(stored)
  return result.success ? result.data : null
}
