import type { Agent } from '../agent.js'
import type { Guard } from './axios-guard.js'
import { isAxiosLike } from './axios-like.js'
import type { AgentCall } from './call-context.js'
import { ownValue } from './find-transport.js'
import { inNameOf } from './in-name-of.js'
import { isOfficialSdk } from './official-sdk.js'
import { hiddenError } from './refusals.js'

/** Marks a wrapped client, across copies of this package. */
const FACADE = Symbol.for('sendwarden.facade')

export function isFacade(value: object): boolean {
  return Reflect.get(value, FACADE) === true
}

export function markFacade<T extends object>(value: T): T {
  return Object.defineProperty(value, FACADE, { value: true })
}

type Method = (...args: unknown[]) => unknown

/** What agents need of an axios instance itself: requests, and helpers that hold nothing. */
const AXIOS_CALLS =
  /^(request|get|delete|head|options|post|put|patch|query|postForm|putForm|patchForm|getUri|isAxiosError|isCancel|all|spread)$/
/** Members of other clients that replace a credential or a way to GHL: for every agent, so they are the host's. */
const ADMINISTRATION =
  /(token|secret|credentials?|password|api_?key|interceptors?|http_?client|axios(_?instance)?|session|session_?storage)$|^(set|update)_?(config(uration)?|headers?|options|base_?url|auth\w*)$/i

/**
 * The client as one agent sees it: its type, its services and methods, and nothing of what it holds.
 * The proxy's target is an empty object, since `util.inspect` prints the target.
 */
export function facadeOf(real: object, guard: Guard, agent: Agent): object {
  const facades = new WeakMap<object, object>()
  const callbacks = new WeakMap<Method, Method>()
  const { contexts, secrets } = guard

  function facade(object: object): object {
    const known = facades.get(object)
    if (known !== undefined) return known
    const made: object = new Proxy(
      targetOf(object),
      handlerFor(object, () => made),
    )
    facades.set(object, made)
    return made
  }

  function handlerFor(object: object, self: () => object): ProxyHandler<object> {
    const wrappers = new WeakMap<object, Method>()
    const mayCall = callable(object, real)

    /** Runs a member of the real object in the agent's name. Called on something else, it fails as it always did. */
    function wrapped(name: string, method: Method): Method {
      const known = wrappers.get(method)
      if (known !== undefined) return known
      const wrapper: Method = mayCall(name)
        ? function (this: unknown, ...args) {
            return call(name, () => Reflect.apply(method, this === self() ? object : this, args.map(passedIn)))
          }
        : () => {
            throw hiddenError(agent.name, name)
          }
      wrappers.set(method, wrapper)
      return wrapper
    }

    function read(key: PropertyKey): unknown {
      if (typeof key === 'symbol') return key === FACADE ? true : undefined
      // toString, valueOf and the like answer for the facade, not for what is behind it.
      if (key in Object.prototype) return Reflect.get(Object.prototype, key, self())
      const value: unknown = Reflect.get(object, key, object)
      if (typeof value === 'function') return isAxiosLike(value) ? undefined : wrapped(String(key), value as Method)
      if (typeof value === 'object' && value !== null && (facades.has(value) || holdsTransportOf(real, value)))
        return facade(value)
      if (object === real && (isOfficialSdk(real) || isAxiosLike(real))) return undefined
      return copied(value)
    }

    /** Plain data, without credentials, as a copy: changing it changes nothing. */
    function copied(value: unknown): unknown {
      if (typeof value !== 'object' || value === null) return secrets.clean(value)
      try {
        if (isPlain(value) && Object.values(value).some((part) => typeof part === 'function')) return facade(value)
        return Array.isArray(value) || isPlain(value) ? structuredClone(secrets.clean(value)) : undefined
      } catch {
        return undefined
      }
    }

    const names = () => Object.keys(object).filter((key) => read(key) !== undefined)
    return {
      get: (_, key) => read(key),
      has: (_, key) => key in Object.prototype || read(key) !== undefined,
      ownKeys: names,
      getOwnPropertyDescriptor: (_, key) =>
        Object.hasOwn(object, key) && names().includes(String(key))
          ? { value: read(key), enumerable: true, configurable: true, writable: false }
          : undefined,
      set: () => false,
      defineProperty: () => false,
      deleteProperty: () => false,
      setPrototypeOf: () => false,
      preventExtensions: () => false,
      apply: (_, _this, args) => call('call', () => Reflect.apply((object as { request: Method }).request, object, args)),
      construct: () => {
        throw hiddenError(agent.name, 'constructor')
      },
    }
  }

  function call(name: string, run: () => unknown): unknown {
    return inNameOf(agent, guard, run, (value, made) => handOut(name, value, made))
  }

  /** What the client calls back is the agent's: it is shown no more than a caller is. The same each time, so that `off` finds it. */
  function passedIn(argument: unknown): unknown {
    if (typeof argument !== 'function') return argument
    const method = argument as Method
    const known = callbacks.get(method)
    if (known !== undefined) return known
    const show = (value: unknown) => {
      const context = contexts.getStore()
      return shown(value, context?.kind === 'agent' ? context : undefined)
    }
    const callback = new Proxy(method, {
      apply: (_, self, args) => Reflect.apply(method, show(self), args.map(show)) as unknown,
      construct: (_, args) => Reflect.construct(method, args.map(show)) as object,
    })
    callbacks.set(method, callback)
    return callback
  }

  function handOut(name: string, value: unknown, call: AgentCall): unknown {
    const clean = shown(value, call)
    if (clean === undefined && value !== undefined) throw hiddenError(agent.name, `What ${name} gives back`)
    return clean
  }

  /** What GHL answered is the agent's to read; anything else is given without what the client must keep. */
  function shown(value: unknown, call: AgentCall | undefined): unknown {
    const held = (typeof value === 'object' && value !== null) || typeof value === 'function'
    if ((!held && typeof value !== 'string') || value === call?.answer?.data) return value
    if (held && (value === real || facades.has(value))) return facade(value)
    return secrets.clean(value, call?.credentials)
  }

  return facade(real)
}

/** Which methods an agent may call. The official client's root has only its administration, and `request`. */
function callable(object: object, real: object): (name: string) => boolean {
  if (isAxiosLike(object)) return (name) => AXIOS_CALLS.test(name)
  // Functions beside a transport may be anything: closures over it, or over a credential.
  if (object !== real) return () => holdsTransportOf(real, object)
  return isOfficialSdk(real) ? (name) => name === 'request' : (name) => !ADMINISTRATION.test(name)
}

/** Empty, of the client's own kind: callable where the client is, so that `typeof` and `instanceof` hold. */
function targetOf(object: object): object {
  if (typeof object !== 'function') return Object.create(Reflect.getPrototypeOf(object)) as object
  const target = () => undefined
  // An arrow function's own members would have to be shown beside the client's.
  Reflect.deleteProperty(target, 'name')
  Reflect.deleteProperty(target, 'length')
  return target
}

/** Services of a client share its transport; an object without it is data of the host's. */
function holdsTransportOf(client: object, value: object): boolean {
  const transports = Reflect.ownKeys(client)
    .map((key) => ownValue(client, key))
    .filter(isAxiosLike)
  return Reflect.ownKeys(value).some((key) => transports.some((transport) => transport === ownValue(value, key)))
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
