import type { ActionType } from './action.js'
import type { Reason, Stage } from './reason.js'
import type { GhlRequest } from './request.js'

/** One step of the way an action went, for explaining it afterwards. */
export interface TraceStep {
  readonly stage: Stage | 'effect' | 'settle'
  readonly result: 'pass' | 'deny' | 'hold' | 'shadow' | 'done'
  readonly codes?: readonly string[]
}

export interface OutcomeBase {
  readonly actionId: string
  readonly agent: string
  readonly action: ActionType
  readonly warnings: readonly Reason[]
  readonly trace: readonly TraceStep[]
}

/** What an error said, without secrets or message text. */
export interface ErrorFacts {
  readonly message: string
  /** HTTP status, where GHL answered. */
  readonly status?: number
  readonly code?: string
}

export interface Executed<T = unknown> extends OutcomeBase {
  readonly status: 'executed'
  /** GHL's answer: the response body. */
  readonly value: T
}
export interface Blocked extends OutcomeBase {
  readonly status: 'blocked'
  readonly stage: Stage
  readonly reasons: readonly [Reason, ...Reason[]]
  readonly retryAt?: number
}
export interface PendingApproval extends OutcomeBase {
  readonly status: 'pending_approval'
  readonly approvalId: string
  /** ms since 1970 */
  readonly expiresAt: number
  readonly reasons: readonly Reason[]
}
export interface Shadowed extends OutcomeBase {
  readonly status: 'shadowed'
  /** What would have been sent. */
  readonly request: GhlRequest
  /** Set when a live day would have asked a human first. */
  readonly wouldHold?: readonly Reason[]
}
/** It certainly did not happen. */
export interface Failed extends OutcomeBase {
  readonly status: 'failed'
  readonly error: ErrorFacts
  /** What the transport threw or GHL answered, untouched, for the host's own handling. Not in the audit. */
  readonly cause?: unknown
  readonly retryAt?: number
}
/** It may have happened. Never send it again by yourself. */
export interface Unknown extends OutcomeBase {
  readonly status: 'unknown'
  readonly error: ErrorFacts
  readonly cause?: unknown
}

export type Outcome<T = unknown> = Executed<T> | Blocked | PendingApproval | Shadowed | Failed | Unknown
export type OutcomeStatus = Outcome['status']

/**
 * The status string the replaced system would have given: `executed`, `pending_approval`, `failed`,
 * `blocked_system`, `blocked_permission`, `blocked_guardrails`, `blocked_deliverability`,
 * `blocked_compliance`, `blocked_circuit_breaker`. Statuses it did not know map to the nearest:
 * shadowed → `executed`, unknown → `failed`.
 */
export function originalStatus(outcome: Outcome): string {
  switch (outcome.status) {
    case 'executed':
    case 'shadowed':
      return 'executed'
    case 'pending_approval':
      return 'pending_approval'
    case 'failed':
    case 'unknown':
      return 'failed'
    case 'blocked':
      return originalBlockedStatus(outcome)
  }
}

function originalBlockedStatus({ stage, reasons }: Blocked): string {
  switch (stage) {
    case 'system':
      return 'blocked_system'
    case 'breaker':
      return 'blocked_circuit_breaker'
    case 'classify':
    case 'permission':
      return 'blocked_permission'
    case 'limits':
      return reasons.some(({ code }) => code.startsWith('email.')) ? 'blocked_deliverability' : 'blocked_permission'
    case 'guardrails':
      if (reasons.some(({ code }) => code.startsWith('compliance.'))) return 'blocked_compliance'
      return reasons.some(({ code }) => code.startsWith('grounding.')) ? 'blocked_guardrails' : 'blocked_deliverability'
    case 'approval':
    case 'rollout':
      return 'blocked_guardrails'
  }
}
