import { GatewayBlockedError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import { reason } from '../../core/reason.js'
import type { Agent } from '../agent.js'
import { blocked } from '../outcomes.js'
import { isAxiosLike } from './axios-like.js'
import type { CallContext, CallContexts } from './call-context.js'
import { ownValue } from './find-transport.js'
import { scrubAnswer, scrubError } from './scrub.js'

/** Members that hold or change credentials and transports. They are the host's, on the client it kept. */
const HIDDEN =
  /token|secret|credential|password|session|interceptor|http_?client|axios|headers?$|^(get|set|update)?(default)?config$|^(set|update).*(version|clientid|url|apikey)$|^get.*(clientid|apikey)$|sanitize|redact|^initiali[sz]e|logger|^webhooks$|^create$|^defaults$/i

/**
 * The client as one agent sees it: its type, its methods, its services, and nothing that could
 * be used around the gate. The proxy's target is an empty object, since `util.inspect` prints the target.
 */
export function facadeOf(real: object, contexts: CallContexts, agent: Agent): object {
  const facades = new WeakMap<object, object>()

  function facade(object: object): object {
    const known = facades.get(object)
    if (known !== undefined) return known
    const made = new Proxy(targetOf(object), handlerFor(object))
    facades.set(object, made)
    return made
  }

  function handlerFor(object: object): ProxyHandler<object> {
    const methods = new WeakMap<object, unknown>()
    const self = (): object => facades.get(object) ?? object

    /** Runs a member of the real object in the agent's name. Called on something else, it fails as it always did. */
    function method(name: string, fn: (...args: unknown[]) => unknown): unknown {
      const known = methods.get(fn)
      if (known !== undefined) return known
      const wrapper =
        object === real && HIDDEN.test(name)
          ? () => {
              throw hiddenError(agent, name)
            }
          : function (this: unknown, ...args: unknown[]) {
              return inNameOf(agent, contexts, () => Reflect.apply(fn, this === self() ? object : this, args))
            }
      methods.set(fn, wrapper)
      return wrapper
    }

    function read(key: PropertyKey): unknown {
      if (typeof key === 'symbol' || key === 'constructor') return key === 'constructor' ? Object : undefined
      const value: unknown = Reflect.get(object, key, object)
      if (typeof value === 'function')
        return isAxiosLike(value) ? undefined : method(String(key), value as (...args: unknown[]) => unknown)
      if (typeof value === 'object' && value !== null)
        return isService(value, object) && !HIDDEN.test(String(key)) ? facade(value) : undefined
      return typeof value === 'string' || HIDDEN.test(String(key)) ? undefined : value
    }

    const names = () => Object.keys(object).filter((key) => read(key) !== undefined)
    return {
      get: (_, key) => read(key),
      has: (_, key) => key in Object.prototype || read(key) !== undefined,
      ownKeys: names,
      getOwnPropertyDescriptor: (_, key) =>
        names().includes(String(key)) ? { value: read(key), enumerable: true, configurable: true, writable: false } : undefined,
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
      setPrototypeOf: () => false,
      preventExtensions: () => false,
      apply: (_, _this, args) =>
        inNameOf(agent, contexts, () => Reflect.apply(object as (...args: unknown[]) => unknown, undefined, args)),
      construct: () => {
        throw hiddenError(agent, 'constructor')
      },
    }
  }

  return facade(real)
}

/** Empty, of the client's own kind: callable where the client is, so that `typeof` and `instanceof` hold. */
function targetOf(object: object): object {
  if (typeof object !== 'function') return Object.create(Reflect.getPrototypeOf(object)) as object
  const callable = () => undefined
  // An arrow function's own members would have to be shown beside the client's.
  Reflect.deleteProperty(callable, 'name')
  Reflect.deleteProperty(callable, 'length')
  return callable
}

/** Services of a client share its transport; an object without it is data of the host's. */
function isService(value: object, owner: object): boolean {
  const transports = Reflect.ownKeys(owner)
    .map((key) => ownValue(owner, key))
    .filter(isAxiosLike)
  return Reflect.ownKeys(value).some((key) => transports.some((transport) => transport === ownValue(value, key)))
}

function inNameOf(agent: Agent, contexts: CallContexts, call: () => unknown): unknown {
  const context: CallContext & { kind: 'agent' } = { kind: 'agent', agent }
  const refused = (error: unknown) => context.refusal ?? scrubError(error)
  const given = (value: unknown) => {
    if (context.refusal !== undefined) throw context.refusal
    return scrubAnswer(value)
  }
  let result: unknown
  try {
    result = contexts.run(context, call)
  } catch (error) {
    throw refused(error)
  }
  if (!isPromise(result)) return given(result)
  return result.then(given, (error: unknown) => {
    throw refused(error)
  })
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function'
}

function hiddenError(agent: Agent, name: string): GatewayBlockedError {
  const why = reason(
    'permission',
    'hidden_member',
    `${name} is not reachable through a wrapped client: credentials and transport belong to the host. Use the client that was wrapped.`,
    { member: name },
  )
  const base = { actionId: newId('act', Date.now()), agent: agent.name, action: 'ghl_request' as const, warnings: [], trace: [] }
  return new GatewayBlockedError(blocked(base, 'permission', [why]))
}
