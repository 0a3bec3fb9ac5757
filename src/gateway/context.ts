import { z } from 'zod'
import type { Grounding } from '../core/action.js'
import { parseConfig } from '../core/config-issues.js'
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
  /** Recorded in the audit. */
  readonly campaign?: string
}

const name = z.string().min(1).max(200)
const contextSchema = z.strictObject({
  grounding: z.custom<Grounding>((value) => typeof value === 'object' && value !== null, 'expected an object').optional(),
  idempotencyKey: name.optional(),
  contact: name.optional(),
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
