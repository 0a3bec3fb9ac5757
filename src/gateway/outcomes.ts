import { retryAtOf } from '../core/decision.js'
import type { Blocked, OutcomeBase, TraceStep } from '../core/outcome.js'
import type { Reason, Stage } from '../core/reason.js'
import type { Attempt } from './attempt.js'

export function baseOf(attempt: Attempt, trace: readonly TraceStep[], warnings: readonly Reason[] = []): OutcomeBase {
  return { actionId: attempt.id, agent: attempt.agent, action: attempt.classified.action, warnings, trace }
}

export function blocked(base: OutcomeBase, stage: Stage, reasons: readonly [Reason, ...Reason[]]): Blocked {
  const retryAt = retryAtOf(reasons)
  return { ...base, status: 'blocked', stage, reasons, ...(retryAt !== undefined && { retryAt }) }
}
