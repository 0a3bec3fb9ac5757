import { memoize } from '../core/memo.js'
import { keyPart } from './keys.js'
import { type GhlLimitsInput, type GhlLimitsPolicy, ghlLimitsPolicy, parsePolicy } from './policy.js'
import { type LimitWindow, unitsOf } from './window.js'

export interface GhlLimits {
  readonly policy: GhlLimitsPolicy
  /** Any 10 seconds, then the UTC day. `calls` = HTTP calls the action makes. */
  windows(request: { readonly location: string; readonly calls: number; readonly prefix?: string }): LimitWindow[]
}

/** GHL's own limits per location, kept on our side so that it never has to say 429. */
export function ghlLimits(input: GhlLimitsInput = {}): GhlLimits {
  const policy = parsePolicy(ghlLimitsPolicy, input, 'ghl')
  return {
    policy,
    windows: ({ location, calls, prefix = '' }) => {
      const keys = keysOf(prefix)(location)
      const by = unitsOf(calls)
      return [
        {
          name: 'ghl.per10s',
          code: 'ghl.rate_limit',
          kind: 'rolling',
          key: keys.any10s,
          limit: policy.per10s,
          by,
          lengthMs: 10_000,
          steps: 10,
        },
        {
          name: 'ghl.perDay',
          code: 'ghl.daily_limit',
          kind: 'calendar',
          key: keys.day,
          limit: policy.perDay,
          by,
          period: 'day',
          zone: 'UTC',
        },
      ]
    },
  }
}

const keysOf = memoize(20, (prefix) =>
  memoize(500, (location) => {
    const base = `${prefix}q/${keyPart(location)}/ghl`
    return { any10s: `${base}/10s`, day: `${base}/day` }
  }),
)
