import type { Decision } from '../core/decision.js'
import type { ReasonCode } from '../core/reason.js'

/** An agent tried what it may not do. */
export interface Violation {
  readonly agent: string
  /** What it wanted, where a permission was asked for. */
  readonly permission?: string
  readonly code: ReasonCode
  readonly message: string
  /** ms since 1970, where the caller knows the time. */
  readonly at?: number
}

/** The violation in a denial by `check`, `platform` or `location`; undefined when nothing was denied. */
export function violationOf(agent: string, decision: Decision, at?: number): Violation | undefined {
  if (decision.verdict !== 'deny') return undefined
  const { code, message, data } = decision.reasons[0]
  return {
    agent,
    ...(typeof data.permission === 'string' ? { permission: data.permission } : {}),
    code,
    message,
    ...(at === undefined ? {} : { at }),
  }
}
