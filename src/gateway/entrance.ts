import { ACTION_TYPES, type ActionType } from '../core/action.js'
import { newId } from '../core/ids.js'
import type { Outcome } from '../core/outcome.js'
import type { Reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import { requestFor } from '../ghl/index.js'
import { GHL_HOST, NotSentError } from '../http/http.js'
import { NO_TRANSPORT } from './ask-ghl.js'
import { type Attempt, attemptOf, parseAction } from './attempt.js'
import type { ContactLookup } from './contact-lookup.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'
import { blocked } from './outcomes.js'
import { figuresOf, recordOp } from './records.js'
import { run, type Send } from './run.js'

/** How actions and requests come in: both end as a request, and are judged by it alone. */
export interface Entrance {
  execute(agent: string, action: unknown, context: AgentContext): Promise<Outcome>
  guard(agent: string, request: GhlRequest, context: AgentContext, send: Send): Promise<Outcome>
  /** Sends an attempt's own request through the gateway's transport. */
  sendByTransport(attempt: Attempt): Send
}

export function createEntrance(core: Core, lookUp: ContactLookup): Entrance {
  const { clock } = core

  function sendByTransport({ request }: Attempt): Send {
    return (signal) => {
      const http = core.http()
      if (http === undefined) return Promise.reject(new NotSentError(NO_TRANSPORT))
      return http.send(request, { signal })
    }
  }

  async function guard(
    agent: string,
    request: GhlRequest,
    context: AgentContext,
    send: Send | undefined,
    wanted: ActionType = 'ghl_request',
  ): Promise<Outcome> {
    const now = clock.now()
    const id = newId('act', now)
    const attempt = attemptOf(core, { id, agent, context, request }, now)
    if ('refused' in attempt) return refuseUnclassified(core, id, agent, wanted, attempt.refused)
    return run(core, lookUp, attempt, send ?? sendByTransport(attempt))
  }

  return {
    guard: (agent, request, context, send) => guard(agent, request, context, send),
    async execute(agent, input, context) {
      const now = clock.now()
      const action = parseAction(input)
      if ('refused' in action) return refuseUnclassified(core, newId('act', now), agent, typeOf(input), action.refused)
      const request = builtRequest(core, action, now)
      if ('refused' in request) return refuseUnclassified(core, newId('act', now), agent, action.type, request.refused)
      return guard(agent, request, context, undefined, action.type)
    },
    sendByTransport,
  }
}

/** The request GHL would get for an action. */
export function builtRequest(core: Core, action: Parameters<typeof requestFor>[0], now: number): ReturnType<typeof requestFor> {
  const http = core.http()
  const locationId = http?.locationId ?? core.policy.account.locationId
  return requestFor(action, { host: http?.host ?? GHL_HOST, now, ...(locationId !== undefined && { locationId }) })
}

/** What cannot be classified is refused before anything is known of it; the refusal is recorded all the same. */
async function refuseUnclassified(
  core: Core,
  actionId: string,
  agent: string,
  action: ActionType,
  refused: Reason,
): Promise<Outcome> {
  const outcome = blocked(
    { actionId, agent, action, warnings: [], trace: [{ stage: 'classify', result: 'deny', codes: [refused.code] }] },
    'classify',
    [refused],
  )
  try {
    await core.known.open()
    await core.storage.commit([
      [
        recordOp({
          v: 1,
          at: core.clock.now(),
          kind: 'refusal',
          actionId,
          agent,
          action,
          stage: 'classify',
          codes: [refused.code],
          data: figuresOf([refused]),
          policyVersion: core.policy.version,
        }),
      ],
    ])
    core.sealer.wrote()
  } catch (error) {
    core.tell('fault', error)
  }
  core.tell('outcome', outcome)
  return outcome
}

function typeOf(input: unknown): ActionType {
  // The data alone: what an accessor would say is not asked a second time.
  const type: unknown = Object.getOwnPropertyDescriptor(Object(input), 'type')?.value
  return ACTION_TYPES.find((known) => known === type) ?? 'ghl_request'
}
