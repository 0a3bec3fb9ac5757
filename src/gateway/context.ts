import { z } from 'zod'
import type { Grounding } from '../core/action.js'
import { parseConfig } from '../core/config-issues.js'
import { CHANNELS, CONSENT_BASES, type ConsentClaim } from '../core/contact.js'
import { ConfigError } from '../core/errors.js'
import { freezeJson, JsonFaultError } from '../core/json.js'

/** What an agent says about its calls, beside the calls themselves. Set with `agent.with()` or `agent.run()`. */
export interface AgentContext {
  /** Evidence for actions of high risk: what was checked, where, when. Judged with the action, never here. */
  readonly grounding?: Grounding
  /** The same key and the same request never happen twice: the first outcome is given again. */
  readonly idempotencyKey?: string
  /** The contact a call is about, where the call itself names none. */
  readonly contact?: string
  /**
   * A consent the contact's facts do not tell of. `withdrawn` and `none` are taken at their word; `given` counts with
   * `at` and `record` only, where nothing else is known, and is recorded. It lifts no suppression and no do-not-disturb.
   */
  readonly consent?: ConsentClaim
  /**
   * `transactional` = the recipient's own order, account or appointment causes the message: no way to opt out, no postal
   * address and no consent beforehand are due. Only agents named in `guardrails.transactional` may say so. Default: `commercial`.
   */
  readonly purpose?: 'commercial' | 'transactional'
  /** Whether it is the first message to this contact on this channel. `false` is taken from the same agents only. */
  readonly firstMessage?: boolean
  /** Recorded in the audit. */
  readonly campaign?: string
}

const name = z.string().min(1).max(200)
const contextSchema = z.strictObject({
  grounding: z.custom<Grounding>((value) => typeof value === 'object' && value !== null, 'expected an object').optional(),
  idempotencyKey: name.optional(),
  contact: name.optional(),
  consent: z
    .strictObject({
      contactId: name,
      channel: z.enum(CHANNELS),
      status: z.enum(['given', 'none', 'withdrawn']),
      basis: z.enum(CONSENT_BASES).optional(),
      at: z.number().int().positive().optional(),
      expiresAt: z.number().int().positive().optional(),
      record: name.optional(),
    })
    .optional(),
  purpose: z.enum(['commercial', 'transactional']).optional(),
  firstMessage: z.boolean().optional(),
  campaign: name.optional(),
})

/** Checks and freezes a context. Throws `ConfigError` naming the member that is wrong: a misspelt key would silently drop a safeguard. */
export function parseContext(context: unknown): AgentContext {
  const parsed = parseConfig(contextSchema, context, 'context')
  try {
    return freezeJson(parsed) as AgentContext
  } catch (error) {
    if (!(error instanceof JsonFaultError)) throw error
    const { path, message } = error.fault
    throw new ConfigError([{ path: path.replace('$', 'context'), message }])
  }
}
