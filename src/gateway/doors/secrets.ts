import { types } from 'node:util'
import { isAxiosLike } from './axios-like.js'
import { isData, walk } from './walk.js'

/** What a client must not give away. Told by value: wherever a known credential turns up, it is taken out. */
export interface Secrets {
  /** The credentials a client holds, now and later: the host may set new ones at any time. */
  watch(client: object): void
  /** A credential that the host gave or GHL took, with or without its scheme (`Bearer …`). What an agent writes may be any text. */
  learn(credential: unknown): void
  /**
   * The value without credentials: the same one where it holds none, else a copy with `[redacted]`. Errors keep their
   * identity. Undefined for functions and for objects that would lead to a credential or a transport. `used` are the
   * credentials of the call the value comes from, whoever gave them.
   */
  clean(value: unknown, used?: Iterable<string>): unknown
  /** The same for what was thrown, which must not get lost: where it cannot be shown, an error says so. */
  cleanFault(fault: unknown, used?: Iterable<string>): unknown
}

const REDACTED = '[redacted]'
const CREDENTIAL = /token|secret|authorization|password|passphrase|api_?-?key|credential|private_?key/i
const NOT_CREDENTIAL = /(name|type|url|uri|path|at|expir\w*)$/i
const SHORTEST = 8
/** A few clients' worth of rotated tokens; the oldest have expired long before. */
const MOST = 500

export function createSecrets(): Secrets {
  const clients = new Set<object>()
  const learned = new Set<string>()

  function known(used: Iterable<string>): Set<string> {
    const all = new Set(learned)
    const add = (credential: string): unknown => isSecret(bare(credential)) && all.add(bare(credential))
    for (const credential of used) add(credential)
    for (const client of clients)
      walk(client, (name, value) => {
        if (typeof value === 'string' && CREDENTIAL.test(name) && !NOT_CREDENTIAL.test(name)) add(value)
        return false
      })
    return all
  }

  function clean(root: unknown, used: Iterable<string> = []): unknown {
    const secrets = known(used)
    const done = new Map<object, unknown>()

    function mask(text: string): string {
      let masked = text
      for (const secret of secrets) if (masked.includes(secret)) masked = masked.replaceAll(secret, REDACTED)
      return masked
    }

    /** An object of a class is given whole or not at all. */
    function leads(object: object): boolean {
      return walk(object, (_, value) =>
        typeof value === 'string' ? mask(value) !== value : isAxiosLike(value) || clients.has(value as object),
      )
    }

    function visit(value: unknown, depth: number): unknown {
      if (typeof value === 'string') return mask(value)
      if (typeof value === 'function') return undefined
      if (typeof value !== 'object' || value === null) return value
      if (done.has(value)) return done.get(value)
      done.set(value, undefined)
      const result = visitObject(value, depth)
      done.set(value, result)
      return result
    }

    function visitObject(object: object, depth: number): unknown {
      if (depth > 100) return undefined
      // axios up to 1.13 throws errors that are no native ones.
      if (object instanceof Error || types.isNativeError(object)) return visitError(object, depth)
      if (isData(object)) return object
      if (Array.isArray(object)) {
        const items = object.map((item) => visit(item, depth + 1))
        return items.every((item, index) => item === object[index]) ? object : items
      }
      if (!isPlain(object) && !isHeaders(object)) return leads(object) ? undefined : object
      const parts = Object.entries(object).map(([key, part]) => [key, part, visitMember(key, part, depth)] as const)
      return parts.every(([, before, after]) => before === after)
        ? object
        : Object.fromEntries(parts.map(([key, , after]) => [key, after]))
    }

    /** axios hangs the live request, with its header block as text, on answers and errors. */
    function visitMember(key: string, part: unknown, depth: number): unknown {
      if (key === 'request' && typeof part === 'object' && part !== null && !isPlain(part)) return undefined
      return visit(part, depth + 1)
    }

    /** A fault stays the one the client threw: what it holds is replaced in place. */
    function visitError(error: Error, depth: number): Error {
      done.set(error, error)
      for (const key of Reflect.ownKeys(error)) {
        const before: unknown = Reflect.get(error, key)
        const after = visitMember(String(key), before, depth)
        if (after === before) continue
        const enumerable = Object.prototype.propertyIsEnumerable.call(error, key) && after !== undefined
        if (!Reflect.defineProperty(error, key, { value: after, configurable: true, writable: true, enumerable }))
          return new Error(mask(error.message))
      }
      return error
    }

    return visit(root, 0)
  }

  return {
    watch: (client) => void clients.add(client),
    learn(credential) {
      if (typeof credential !== 'string' || !isSecret(bare(credential))) return
      learned.add(bare(credential))
      if (learned.size > MOST) learned.delete(learned.values().next().value as string)
    },
    clean,
    cleanFault(fault, used) {
      const shown = clean(fault, used)
      if (shown !== undefined || fault === undefined) return shown
      return new Error('The client threw something that leads to a credential, so it is not shown.')
    },
  }
}

function bare(credential: string): string {
  return credential.replace(/^(bearer|basic)\s+/i, '').trim()
}

function isSecret(text: string): boolean {
  return text.length >= SHORTEST && !/^https?:/i.test(text)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function isHeaders(value: object): boolean {
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'AxiosHeaders'
}
