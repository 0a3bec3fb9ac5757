import { memoize } from '../core/memo.js'
import { keyPart } from './keys.js'
import { agentLimitsPolicy, parsePolicy } from './policy.js'
import { type LimitWindow, unitsOf } from './window.js'

export interface AgentLimits {
  /** One rolling hour for the limit key; none where the role sets no limit for it. */
  windows(request: {
    readonly agent: string
    /** The action's limit key (`ACTION_RULES[type].limitKey`), e.g. `email_send`. */
    readonly limitKey: string
    /** Default: 1. */
    readonly by?: number
    readonly prefix?: string
  }): LimitWindow[]
}

/**
 * What one agent may do per rolling hour, by limit key, e.g. `{ email_send: 500 }`. Each agent and each key
 * has a count of its own. Throws `ConfigError` for a limit that is not a whole number from 0.
 */
export function agentLimits(limitsPerHour: Readonly<Record<string, number>>): AgentLimits {
  const limits = new Map(Object.entries(parsePolicy(agentLimitsPolicy, limitsPerHour, 'limitsPerHour')))
  return {
    windows: ({ agent, limitKey, by = 1, prefix = '' }) => {
      const limit = limits.get(limitKey)
      if (limit === undefined) return []
      return [
        {
          name: `agent.${limitKey}`,
          code: 'agent.hourly_limit',
          kind: 'rolling',
          key: keyOf(prefix)(agent)(limitKey),
          limit,
          by: unitsOf(by),
          lengthMs: 3_600_000,
          scope: agent,
        },
      ]
    },
  }
}

/** The same text each time: a text made anew has to be hashed anew wherever it is looked up. */
const keyOf = memoize(20, (prefix) =>
  memoize(500, (agent) => memoize(100, (limitKey) => `${prefix}q/agent/${keyPart(agent)}/${keyPart(limitKey)}`)),
)
