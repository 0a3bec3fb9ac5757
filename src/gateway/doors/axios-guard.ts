import { ConfigError } from '../../core/errors.js'
import type { GhlResponse } from '../../core/request.js'
import { type AgentDoor, doorOf } from '../agent.js'
import { checkBodiesEarly, checkCopiedBody, keepRefusals } from './axios-entrance.js'
import type { AxiosAdapter, AxiosAnswer, AxiosConfig, AxiosLike } from './axios-like.js'
import { responseOf, transportOf } from './axios-transport.js'
import { bareCopy, exactly, followHost, sendExactly, wireRequestOf } from './axios-wire.js'
import { type AgentCall, type CallContexts, createCallContexts } from './call-context.js'
import { ownValue } from './find-transport.js'
import { allowTokenRefresh, atSession, isOfficialSdk, isTokenCall, noteSessions, type OfficialSdk } from './official-sdk.js'
import { endedError, givenUp, outsideError, refusalOf, standInBody } from './refusals.js'
import { createSecrets, type Secrets } from './secrets.js'
import { ghlRequestOf, urlOf } from './wire-request.js'

/** As it was at the start: tests put a clock of their own in its place. */
const turn = setImmediate

/** What the doors of one client share. */
export interface Guard {
  readonly gateway: object
  readonly contexts: CallContexts
  readonly secrets: Secrets
}

/** Marks a guarded instance, across copies of this package. */
const GUARD = Symbol.for('sendwarden.guard')

/**
 * Settings that are called with a request's headers, or that change it unseen, before and after the adapter. They are the
 * host's to set, on the instance; a caller's are put back to those. What the adapter itself obeys is chosen in `exactly`.
 */
const HOST_ONLY = [
  'transformRequest',
  'transformResponse',
  'paramsSerializer',
  'allowAbsoluteUrls',
  'formSerializer',
  'transitional',
  'parseReviver',
  'env',
] as const

const RESPONSE_TYPES: readonly unknown[] = ['json', 'text', 'arraybuffer']

/** Guards an axios instance at its adapter, where the final request is known. Guarding it again for the same gateway changes nothing. */
export function guardAxios(instance: AxiosLike, door: AgentDoor, client: object): Guard {
  const existing = ownValue(instance, GUARD) as Guard | undefined
  if (existing !== undefined) {
    if (existing.gateway !== door.gateway)
      throw new ConfigError([{ path: 'client', message: 'is guarded by another gateway already: one client, one gateway.' }])
    existing.secrets.watch(client)
    return existing
  }
  const guard: Guard = { gateway: door.gateway, contexts: createCallContexts(), secrets: createSecrets() }
  guard.secrets.watch(client)
  const official = isOfficialSdk(client) ? client : undefined
  const guarded = createAdapter(instance, bareCopy(instance), door, guard, official)
  instance.defaults.adapter = guarded
  instance.interceptors.request.use((config) => {
    for (const name of HOST_ONLY) config[name] = instance.defaults[name]
    if (!RESPONSE_TYPES.includes(config.responseType)) config.responseType = instance.defaults.responseType
    config.adapter = guarded
    checkCopiedBody(config)
    return config
  })
  checkBodiesEarly(instance)
  if (official !== undefined) {
    keepRefusals(instance, door, guard.contexts)
    allowTokenRefresh(official, guard.contexts)
    noteSessions(official, guard.contexts)
  }
  Object.defineProperty(instance, GUARD, { value: guard })
  door.adopt(transportOf(instance, client, guard.contexts))
  return guard
}

function createAdapter(
  instance: AxiosLike,
  bare: AxiosLike,
  door: AgentDoor,
  guard: Guard,
  official?: OfficialSdk,
): AxiosAdapter {
  return async (config) => {
    const context = guard.contexts.getStore()
    followHost(bare, instance)
    const wire = await wireRequestOf(bare, config)
    const { authorization = '' } = wire.headers
    if (context?.kind === 'agent') {
      // A queue of the client runs the next entry right behind the one before: time for the call of that one to end.
      if (context.credentials.size > 0) await new Promise((resolve) => turn(resolve))
      context.credentials.add(authorization)
    } else guard.secrets.learn(authorization)
    const request = await atSession(official, ghlRequestOf(wire), context)
    const send = (signal?: AbortSignal) => sendExactly(bare, exactly(config, wire, signal), config)

    if (context?.kind === 'gateway') {
      const url = new URL(context.target, wire.url)
      // The official client 3.0.0 forgets that it has tried again, and would go on doing so.
      config.__isRetryRequest = context.tried
      context.tried = true
      return sendExactly(bare, exactly(config, { ...wire, url }), config)
    }
    if (context?.kind === 'token') {
      if (isTokenCall(request) && wire.url.origin === urlOf(instance.getUri({ url: '/' })).origin) return send()
      throw outsideError(request)
    }
    if (context?.ended) throw endedError(request)
    const own = doorOf(context?.agent)
    if (own === undefined && !door.isRunning()) throw outsideError(request)
    if (context?.refusal !== undefined) return refuse(context, context.refusal)

    let answer: AxiosAnswer | undefined
    let fault: unknown
    const outcome = await (own === undefined ? door.guardRunning : own.guard)(request, async (signal): Promise<GhlResponse> => {
      // axios looks at it before anything leaves.
      const late = config.signal instanceof AbortSignal && config.signal.aborted
      try {
        answer = await send(signal)
        return responseOf(answer)
      } catch (error) {
        fault = error
        const refused = (error as { response?: AxiosAnswer }).response
        if (refused === undefined) throw late ? givenUp(error) : error
        return responseOf(refused)
      }
    })
    // An unknown outcome carries its cause, and axios hangs the request with its credentials on that.
    const shown =
      outcome.status === 'unknown' ? { ...outcome, cause: guard.secrets.cleanFault(outcome.cause, [authorization]) } : outcome
    const refusal = refusalOf(shown, (answer ?? fault) !== undefined)
    if (refusal !== undefined) return refuse(context, refusal)
    if (fault !== undefined) throw fault
    if (answer !== undefined && answer.status < 300) guard.secrets.learn(authorization)
    const given = answer ?? standIn(config, standInBody(outcome))
    if (context !== undefined) context.answer = given
    return given

    /** The official client wraps and logs what is thrown here, so its call is ended quietly and the refusal thrown at its door. */
    function refuse(call: AgentCall | undefined, why: Error): AxiosAnswer {
      if (call !== undefined) call.refusal = why
      if (call === undefined || official === undefined) throw why
      return standIn(config, undefined)
    }
  }
}

function standIn(config: AxiosConfig, body: unknown): AxiosAnswer {
  return {
    data: body === undefined ? undefined : JSON.stringify(body),
    status: 200,
    statusText: 'Not sent',
    headers: { 'content-type': 'application/json' },
    config,
  }
}
