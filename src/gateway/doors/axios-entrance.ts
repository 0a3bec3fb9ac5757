import type { AgentDoor } from '../agent.js'
import type { AxiosConfig, AxiosLike } from './axios-like.js'
import type { AgentCall, CallContexts } from './call-context.js'
import { ownValue } from './find-transport.js'
import { outsideError } from './refusals.js'
import { jsonFault } from './wire-body.js'

/** Carries from the entrance of a request to its adapter why its body cannot be sent. */
export const FAULT = 'sendwardenBodyFault'

/** Before axios copies a body: its copy drops some keys silently and never ends on a cycle. */
export function checkBodiesEarly(instance: AxiosLike): void {
  const checked = (config: unknown, data: unknown): object | undefined => {
    const fault = jsonFault(data)
    return fault === undefined ? undefined : { ...(config as object | undefined), data: undefined, [FAULT]: fault }
  }
  replaceMember(instance, 'request', (request) => (first: unknown, config?: unknown) => {
    const own = typeof first === 'string' ? config : first
    const faulty = checked(own, (own as AxiosConfig | undefined)?.data)
    if (faulty === undefined) return request(first, config)
    return typeof first === 'string' ? request(first, faulty) : request(faulty)
  })
  for (const verb of ['get', 'delete', 'head', 'options']) {
    replaceMember(instance, verb, (send) => (url: unknown, config?: unknown) => {
      return send(url, checked(config, (config as AxiosConfig | undefined)?.data) ?? config)
    })
  }
  for (const verb of ['post', 'put', 'patch', 'query', 'postForm', 'putForm', 'patchForm']) {
    replaceMember(instance, verb, (send) => (url: unknown, data?: unknown, config?: unknown) => {
      const faulty = checked(config, data)
      return faulty === undefined ? send(url, data, config) : send(url, undefined, faulty)
    })
  }
}

/** Once axios has copied it: for an instance that is called as a function, which is no member that could be replaced. */
export function checkCopiedBody(config: AxiosConfig): void {
  const fault = jsonFault(config.data)
  if (fault !== undefined) Object.assign(config, { data: undefined, [FAULT]: fault })
}

/** The raw official client, used by the host: a refusal comes out as it is, neither wrapped nor logged. */
export function keepRefusals(instance: AxiosLike, door: AgentDoor, contexts: CallContexts): void {
  replaceMember(instance, 'request', (request) => async (...args) => {
    if (contexts.getStore() !== undefined) return request(...args)
    if (!door.isRunning()) throw outsideError(namesOf(args[0]))
    const call: AgentCall = { kind: 'agent', credentials: new Set(), ended: false }
    const answer = await contexts
      .run(call, () => request(...args) as Promise<unknown>)
      .catch((error: unknown) => {
        throw call.refusal ?? error
      })
    if (call.refusal !== undefined) throw call.refusal
    return answer
  })
}

function namesOf(config: unknown): { method: string; path: string } {
  const { method = 'GET', url = '' } = (typeof config === 'object' && config !== null ? config : {}) as AxiosConfig
  return { method: String(method).toUpperCase(), path: String(url) }
}

type Call = (...args: unknown[]) => unknown

function replaceMember(instance: AxiosLike, name: string, made: (original: Call) => Call): void {
  const original = ownValue(instance, name)
  if (typeof original === 'function')
    Object.defineProperty(instance, name, { value: made(original as Call), configurable: true, writable: true, enumerable: true })
}
