import { ApprovalPendingError, GatewayBlockedError, OutcomeUnknownError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import type { Failed, Outcome } from '../../core/outcome.js'
import { reason } from '../../core/reason.js'
import type { GhlRequest } from '../../core/request.js'
import { NotSentError, NotTriedError } from '../../http/http.js'
import { blocked } from '../outcomes.js'

/**
 * What a wrapped client throws for an outcome its own return type has no room for; undefined = the client goes on as ever.
 * `came` = its call gave an answer or an error of its own.
 */
export function refusalOf(outcome: Outcome, came: boolean): Error | undefined {
  switch (outcome.status) {
    case 'blocked':
      return new GatewayBlockedError(outcome)
    case 'pending_approval':
      return new ApprovalPendingError(outcome)
    case 'unknown':
      return new OutcomeUnknownError(outcome)
    case 'failed':
      return came ? undefined : causeOf(outcome)
    case 'executed':
    case 'shadowed':
      return undefined
  }
}

function causeOf({ cause, error }: Failed): Error {
  return cause instanceof Error ? cause : new NotSentError(error.message, { cause })
}

/** The caller gave its call up between the decision and the sending. `cause` = what the client throws for that. */
export function givenUp(cause: unknown): NotTriedError {
  return new NotTriedError('Not sent: given up before the request left.', { cause })
}

/** The body a client gets where nothing was sent: in shadow, or the kept answer of an idempotency key. */
export function standInBody(outcome: Outcome): unknown {
  if (outcome.status === 'executed') return outcome.value
  return { shadowed: true, actionId: outcome.actionId, message: 'Shadow mode: nothing was sent.' }
}

/** A guarded transport was used in nobody's name. */
export function outsideError(request: Place): GatewayBlockedError {
  return nobodysError(
    request,
    'was called outside any agent. Use the client that withGateway returned, or call inside agent.run().',
  )
}

/** A guarded transport was used by what an agent's call had left behind. */
export function endedError(request: Place): GatewayBlockedError {
  return nobodysError(
    request,
    'was called when the call of the agent it came from had ended. Wait for it in the method; in a queue, add entries with AsyncResource.bind().',
  )
}

type Place = Pick<GhlRequest, 'method' | 'path'>

function nobodysError({ method, path }: Place, what: string): GatewayBlockedError {
  const why = reason('permission', 'no_agent_context', `${method} ${path} ${what}`, { method, path })
  return new GatewayBlockedError(blocked({ ...base('(none)') }, 'permission', [why]))
}

/** A wrapped client was asked for what belongs to the host. */
export function hiddenError(agent: string, name: string): GatewayBlockedError {
  const why = reason(
    'permission',
    'hidden_member',
    `${name} is not reachable through a wrapped client: credentials and transport belong to the host. Use the client that was wrapped.`,
    { member: name },
  )
  return new GatewayBlockedError(blocked(base(agent), 'permission', [why]))
}

function base(agent: string) {
  return { actionId: newId('act', Date.now()), agent, action: 'ghl_request' as const, warnings: [], trace: [] }
}
