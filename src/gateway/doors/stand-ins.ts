import { ApprovalPendingError, GatewayBlockedError, OutcomeUnknownError } from '../../core/errors.js'
import type { Outcome } from '../../core/outcome.js'

/** What a wrapped client throws for an outcome its own return type has no room for; undefined = the client goes on as ever. */
export function refusalOf(outcome: Outcome): Error | undefined {
  switch (outcome.status) {
    case 'blocked':
      return new GatewayBlockedError(outcome)
    case 'pending_approval':
      return new ApprovalPendingError(outcome)
    case 'unknown':
      return new OutcomeUnknownError(outcome)
    case 'executed':
    case 'shadowed':
    case 'failed':
      return undefined
  }
}

/** The body a client gets where nothing was sent: in shadow, or the kept answer of an idempotency key. */
export function standInBody(outcome: Outcome): unknown {
  if (outcome.status === 'executed') return outcome.value
  return { shadowed: true, actionId: outcome.actionId, message: 'Shadow mode: nothing was sent.' }
}
