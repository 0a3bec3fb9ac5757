import type { Decision, Verdict } from '../core/decision.js'
import { allow } from '../core/decision.js'
import type { Json } from '../core/json.js'
import { type Reason, type ReasonCode, reason } from '../core/reason.js'

/** What the rules of one message have found so far, in the order they were applied. */
export interface Findings {
  verdict: Verdict
  readonly reasons: Reason[]
  readonly warnings: Reason[]
}

export function noFindings(): Findings {
  return { verdict: 'allow', reasons: [], warnings: [] }
}

export function deny(found: Findings, why: Reason): void {
  found.verdict = 'deny'
  found.reasons.push(why)
}

export function hold(found: Findings, why: Reason): void {
  if (found.verdict === 'allow') found.verdict = 'hold'
  found.reasons.push(why)
}

export function warn(found: Findings, why: Reason): void {
  found.warnings.push(why)
}

/** Denies, warns or says nothing, as the policy has it. */
export function report(found: Findings, severity: 'block' | 'warn' | 'off', why: Reason): void {
  if (severity === 'block') deny(found, why)
  else if (severity === 'warn') warn(found, why)
}

/** The strictest verdict, with every reason: what would only hold is told beside what blocks. */
export function decide(found: Findings): Decision {
  if (found.verdict === 'allow') return allow(found.warnings)
  const [first, ...rest] = found.reasons
  if (first === undefined) return allow(found.warnings)
  return { verdict: found.verdict, reasons: [first, ...rest], warnings: found.warnings }
}

/** A reason of this stage. */
export function because(
  code: ReasonCode,
  message: string,
  data: { readonly [key: string]: Json } = {},
  more: { readonly rule?: string; readonly retryAt?: number } = {},
): Reason {
  return reason('guardrails', code, message, data, more)
}
