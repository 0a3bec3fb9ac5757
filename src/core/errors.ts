import type { Blocked, PendingApproval, Unknown } from './outcome.js'

/** Marks our errors across copies of the package (ESM beside CJS, two versions): never use `instanceof`. */
const BRAND = Symbol.for('sendwarden.error')

type Kind = 'config' | 'storage' | 'blocked' | 'approval_pending' | 'outcome_unknown'

abstract class SendwardenError extends Error {
  protected constructor(kind: Kind, name: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
    Object.defineProperty(this, BRAND, { value: kind })
  }
}

function isKind(error: unknown, kind: Kind): boolean {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === kind
}

export interface ConfigIssue {
  /** Where in the configuration, e.g. `guardrails.email.perDay`. */
  readonly path: string
  readonly message: string
}

/** Thrown by `createGateway` and the rooms' policies when the configuration cannot mean anything safe. Lists every issue. */
export class ConfigError extends SendwardenError {
  readonly issues: readonly ConfigIssue[]
  constructor(issues: readonly ConfigIssue[]) {
    super(
      'config',
      'ConfigError',
      `The configuration is not usable:\n${issues.map((issue) => `- ${issue.path}: ${issue.message}`).join('\n')}`,
    )
    this.issues = issues
  }
}

export type StorageErrorCode =
  | 'locked'
  | 'corrupt'
  | 'unavailable'
  | 'unknown_outcome'
  | 'wiped'
  | 'clock_skew'
  | 'invalid'
  | 'closed'

/** Thrown by storage engines. The gateway turns it into a refusal: nothing is sent while state cannot be trusted. */
export class StorageError extends SendwardenError {
  readonly code: StorageErrorCode
  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super('storage', 'StorageError', message, options)
    this.code = code
  }
}

/** Thrown by wrapped clients when the gateway refused a call. Nothing was sent; `outcome` has every reason. */
export class GatewayBlockedError extends SendwardenError {
  readonly outcome: Blocked
  readonly retryAt: number | undefined
  constructor(outcome: Blocked) {
    const why = outcome.reasons.map((reason) => `${reason.message} [${reason.code}]`).join(' ')
    super(
      'blocked',
      'GatewayBlockedError',
      `Not sent: ${outcome.agent} was refused ${outcome.action} at ${outcome.stage}. ${why}`,
    )
    this.outcome = outcome
    this.retryAt = outcome.retryAt
  }
}

/** Thrown by wrapped clients when a human has to approve first. Nothing was sent yet: do not send it again. */
export class ApprovalPendingError extends SendwardenError {
  readonly outcome: PendingApproval
  readonly approvalId: string
  constructor(outcome: PendingApproval) {
    super(
      'approval_pending',
      'ApprovalPendingError',
      `Not sent yet: ${outcome.action} by ${outcome.agent} waits for a human (approval ${outcome.approvalId}, until ${new Date(outcome.expiresAt).toISOString()}). Do not send it again.`,
    )
    this.outcome = outcome
    this.approvalId = outcome.approvalId
  }
}

/** Thrown by wrapped clients when a request may or may not have happened. Do not send it again: it is being reconciled. */
export class OutcomeUnknownError extends SendwardenError {
  readonly outcome: Unknown
  constructor(outcome: Unknown) {
    super(
      'outcome_unknown',
      'OutcomeUnknownError',
      `${outcome.action} by ${outcome.agent} may have happened (${outcome.error.message}). Do not send it again; action ${outcome.actionId} is kept for reconciliation.`,
      { cause: outcome.cause },
    )
    this.outcome = outcome
  }
}

export function isConfigError(error: unknown): error is ConfigError {
  return isKind(error, 'config')
}
export function isStorageError(error: unknown): error is StorageError {
  return isKind(error, 'storage')
}
export function isGatewayBlocked(error: unknown): error is GatewayBlockedError {
  return isKind(error, 'blocked')
}
export function isApprovalPending(error: unknown): error is ApprovalPendingError {
  return isKind(error, 'approval_pending')
}
export function isOutcomeUnknown(error: unknown): error is OutcomeUnknownError {
  return isKind(error, 'outcome_unknown')
}
