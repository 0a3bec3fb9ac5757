import { randomUUID } from 'node:crypto'
import { requireMethods, requireOptions } from '../../core/adapter-options.js'
import { StorageError } from '../../core/errors.js'
import type { Batch, BatchResult, Entry } from '../../core/storage-ops.js'
import { createCallGroups } from '../call-groups.js'
import { createBatchState } from '../guarded-batch.js'
import { createServerClock } from '../server-clock.js'
import type { Storage, StorageInfo } from '../storage.js'
import { evaluate, type RedisClient, type Script } from './client.js'
import { COMMIT } from './commit-script.js'
import { faultOf, within } from './faults.js'
import { namesOf } from './names.js'
import { createPlaces } from './places.js'
import { LIST, OPEN, READ } from './scripts.js'
import { survey } from './survey.js'
import { decodeEntry, decodeResults, encodeBatches } from './wire.js'

export interface RedisStorageOptions {
  /** One namespace = one shared state. Letters, digits, `_`, `.`, `:` and `-`. Default `sendwarden`. */
  readonly namespace?: string
  /** Whether a namespace that holds nothing may be made into a store. Default true; false once you know there must be one. */
  readonly create?: boolean
  /** Milliseconds after which an unanswered call counts as unknown. Default 5,000. */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 5000
/** How long after its caller has given up a commit may still run: what arrives later is refused by the server. */
const LATE_MS = 1000
/** The form of what is stored. A store with a higher one was written by a newer version and is refused. */
const FORMAT = 1
const PAGE = 1000

/**
 * State in Redis (6.2 or newer, or a Redis Cluster), for a fleet of processes. Takes your ioredis client and never closes it;
 * one script call per commit, shared by all callers that wait at the same time. Time is the server's; a commit is refused
 * while the clock of the gateway that opened it differs.
 * A commit that ioredis sends again after a reconnect is recognised and answered as it was the first time.
 * Throws `ConfigError` for what is no client and for options it does not know, `TypeError` for a namespace that is not plain;
 * its methods throw `StorageError`: `unavailable`, `unknown_outcome`, `wiped`, `corrupt`, `clock_skew`, `invalid`, `closed`.
 *
 * @example redisStorage(new Redis(url), { namespace: 'agency-one' })
 */
export function redisStorage(client: RedisClient, options: RedisStorageOptions = {}): Storage {
  requireMethods('redisStorage', client, ['call'], 'an ioredis client: new Redis(url)')
  requireOptions('redisStorage', options, { namespace: true, create: true, timeoutMs: true })
  const { namespace = 'sendwarden', create = true, timeoutMs = TIMEOUT_MS } = options
  if (!/^[\w.:-]{1,100}$/.test(namespace))
    throw new TypeError(`A namespace is 1 to 100 of A-Z a-z 0-9 _ . : -, got ${namespace}.`)
  const names = namesOf(namespace)
  const answerKey = names.answer(randomUUID())
  const shape = createBatchState()
  const groups = createCallGroups(send)
  let durable: StorageInfo['durable'] = 'none'
  const server = createServerClock()
  let calls = 0
  let mark: string | undefined
  let opening: Promise<string> | undefined

  async function begin(): Promise<string> {
    try {
      durable = await within(timeoutMs, survey(client))
      await now()
      const fresh = create ? `${FORMAT} ${randomUUID()}` : ''
      const keys = [names.mark, names.sequence, names.index, names.expiries, names.answer('probe'), names.hash('probe~')]
      const [said, found] = await run(OPEN, keys, [fresh])
      if (said === 'wiped') throw emptied(namespace)
      if (said !== 'ok') throw nothingThere(namespace)
      const format = Number(String(found).split(' ')[0])
      if (format !== FORMAT) throw otherFormat(namespace, format)
      return String(found)
    } catch (error) {
      throw faultOf(error, 'open')
    }
  }

  async function run(script: Script, keys: readonly string[], args: readonly string[]): Promise<readonly unknown[]> {
    const answer = await within(timeoutMs, evaluate(client, script, keys, args))
    if (!Array.isArray(answer)) throw new TypeError(`the server answered ${typeof answer} where a list was due`)
    if (answer[0] === 'wiped' && script !== OPEN) throw emptied(namespace)
    return answer
  }

  async function send(batches: readonly Batch[]): Promise<BatchResult[]> {
    const { keys, args } = encodeBatches(names, batches)
    const all = [names.mark, names.sequence, names.index, names.expiries, answerKey, ...keys]
    const call = String(++calls)
    for (let tries = 1; ; tries++) {
      await server.requireAgreement(askTime)
      const latest = Math.ceil(server.now() + timeoutMs + LATE_MS)
      const [said, now, results] = await run(COMMIT, all, [requireOpen(), call, String(latest), ...args])
      server.heard(Number(now))
      if (said === 'ok') return decodeResults(results, batches)
      // The server's clock was moved, or this process was asleep. Nothing was written.
      if (tries === 2) throw new StorageError('unavailable', 'The clock of the Redis server jumps. Nothing was written.')
    }
  }

  async function now(): Promise<number> {
    const answer = await within(timeoutMs, client.call('time'))
    const [seconds, micros] = Array.isArray(answer) ? answer : []
    const time = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
    server.heard(time)
    return time
  }

  /** Where that fails before a commit, nothing was written. */
  async function askTime(): Promise<number> {
    try {
      return await now()
    } catch (error) {
      throw faultOf(error, 'read')
    }
  }

  async function read(keys: readonly string[]): Promise<(Entry | null)[]> {
    const places = createPlaces(names)
    const numbers = keys.map(places.take)
    const { keys: named, places: all } = places.all()
    const [, now, ...raws] = await run(READ, [names.mark, ...named], [requireOpen(), JSON.stringify(all)])
    return keys.map((key, index) => {
      const raw = raws[(numbers[index] ?? 0) - 1]
      if (typeof raw !== 'string') return null
      const entry = decodeEntry(key, raw)
      return entry.expiresAt !== undefined && entry.expiresAt <= Number(now) ? null : entry
    })
  }

  async function scan(prefix: string, { after, limit, reverse = false }: Parameters<Storage['scan']>[1]): Promise<Entry[]> {
    const found: Entry[] = []
    // Keys are printable ASCII: nothing that begins with the prefix is above this.
    const beyond = `(${prefix}\x7f`
    let last = after !== undefined && (reverse ? after < `${prefix}\x7f` : after >= prefix) ? after : undefined
    while (found.length < limit) {
      const from = last !== undefined ? `(${last}` : reverse ? beyond : `[${prefix}`
      const page = String(Math.min(Math.ceil(limit - found.length), PAGE))
      const [, keys] = await run(
        LIST,
        [names.mark, names.index],
        [requireOpen(), reverse ? '1' : '0', from, reverse ? `[${prefix}` : beyond, page],
      )
      if (!Array.isArray(keys) || keys.length === 0) break
      // The index may name keys that are gone; what is missing is looked for further on.
      for (const entry of await read(keys.map(String))) if (entry !== null) found.push(entry)
      last = String(keys.at(-1))
      if (keys.length < Number(page)) break
    }
    return found
  }

  function requireOpen(): string {
    if (mark === undefined)
      throw new StorageError('closed', 'The storage is not open: call open() first, and nothing after close().')
    return mark
  }

  /** Any call but a commit: what went wrong with it changed nothing. */
  async function asking<T>(ask: () => Promise<T>): Promise<T> {
    requireOpen()
    try {
      return await ask()
    } catch (error) {
      throw faultOf(error, 'read')
    }
  }

  return {
    info: {
      engine: 'redis',
      get durable() {
        return durable
      },
      shared: 'network',
    },
    async open(host) {
      server.follow(host?.clock)
      opening ??= begin()
      try {
        mark = await opening
      } catch (error) {
        opening = undefined
        throw error
      }
      return { incarnation: mark.slice(mark.indexOf(' ') + 1) }
    },
    async commit(batches) {
      requireOpen()
      for (const batch of batches) shape.validate(batch)
      try {
        return await groups.commit(batches)
      } catch (error) {
        throw faultOf(error, 'commit')
      }
    },
    read: (keys) => asking(() => read(keys)),
    scan: (prefix, range) => asking(() => scan(prefix, range)),
    now: () => asking(now),
    async close() {
      await opening?.catch(() => undefined)
      await groups.idle()
      opening = undefined
      mark = undefined
    },
  }
}

function emptied(namespace: string): StorageError {
  return new StorageError(
    'wiped',
    `The store ${namespace} in Redis was emptied or replaced while it was in use, and limits with it. Restore it, or stop every process and choose a new namespace knowingly.`,
  )
}

function nothingThere(namespace: string): StorageError {
  return new StorageError(
    'wiped',
    `There is no store ${namespace} in this Redis. If there was one, restore it; if there never was, open with create: true once.`,
  )
}

function otherFormat(namespace: string, format: number): StorageError {
  return new StorageError(
    'unavailable',
    `The store ${namespace} has data format ${format}, and this version of sendwarden knows ${FORMAT}: upgrade sendwarden in this process.`,
  )
}
