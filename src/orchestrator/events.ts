import { z } from 'zod'
import { CHANNELS } from '../core/contact.js'
import { didYouMean } from '../core/nearest.js'
import { resolvePolicy, type SystemPolicyChoice, UNUSABLE_NAMES } from './policy.js'
import { COMPONENT_STATUSES, modeSchema, SWITCH_KINDS } from './state.js'

/** When (ms since 1970) and who: the operator or part of the system that says so. */
const origin = { at: z.number(), by: z.string().min(1).max(200) }
const why = z.string().max(2000)

const sloppy = (fallback: string) =>
  z
    .string()
    .min(1)
    .catch(fallback)
    .overwrite((text) => text.slice(0, 2000))

export const systemEvent = z.discriminatedUnion('type', [
  /** A health check or a call said how a component is. */
  z.strictObject({
    type: z.literal('report'),
    component: z.string(),
    status: z.enum(COMPONENT_STATUSES),
    error: z.string().max(2000).optional(),
    ...origin,
  }),
  z.strictObject({ type: z.literal('enter_maintenance'), reason: why, ...origin }),
  z.strictObject({ type: z.literal('leave_maintenance'), ...origin }),
  /** Never refused for being badly filled in: whoever pulls it is in a hurry. */
  z.object({
    type: z.literal('emergency_stop'),
    reason: sloppy('no reason given'),
    at: z.number().catch(0),
    by: sloppy('somebody'),
  }),
  z.strictObject({ type: z.literal('lift_emergency_stop'), ...origin }),
  /** Stops one agent, one GHL location or one channel. */
  z.strictObject({ type: z.literal('switch_off'), kind: z.enum(SWITCH_KINDS), name: z.string().min(1), reason: why, ...origin }),
  z.strictObject({ type: z.literal('switch_on'), kind: z.enum(SWITCH_KINDS), name: z.string().min(1), ...origin }),
  /** Replaces the configured rollout mode (`over`); null goes back to it. */
  z.strictObject({ type: z.literal('set_mode'), mode: modeSchema.nullable(), over: modeSchema, ...origin }),
])

/** Everything that can happen to the system's state. Only an operator's call may cause any but `report`. */
export type SystemEvent = z.infer<typeof systemEvent>

/**
 * Says whether `reduce` would take the event, and if not why: a text for whoever sent it. An unknown
 * component or channel is refused with the nearest name.
 */
export function validateEvent(
  event: unknown,
  policy?: SystemPolicyChoice,
): { readonly event: SystemEvent; readonly refused?: never } | { readonly refused: string; readonly event?: never } {
  const parsed = systemEvent.safeParse(event)
  if (!parsed.success) {
    return { refused: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`).join('; ') }
  }
  const known = parsed.data
  if (known.type === 'report') {
    const { components } = resolvePolicy(policy)
    if (!components.includes(known.component)) {
      return {
        refused: `component: "${known.component}" is not one of the components.${didYouMean(known.component, components)}`,
      }
    }
  }
  if (known.type === 'switch_off') {
    if (known.kind === 'channel' && !CHANNELS.some((channel) => channel === known.name)) {
      return { refused: `name: "${known.name}" is not a channel.${didYouMean(known.name, CHANNELS)}` }
    }
    if (UNUSABLE_NAMES.includes(known.name)) return { refused: `name: "${known.name}" is a name that is never accepted` }
  }
  return { event: known }
}
