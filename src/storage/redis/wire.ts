import { StorageError } from '../../core/errors.js'
import type { Json } from '../../core/json.js'
import type { Batch, BatchResult, Entry, Op } from '../../core/storage-ops.js'
import { retryTime } from '../retry-time.js'
import type { Names } from './names.js'
import { createPlaces, runsOf } from './places.js'

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

/**
 * What `COMMIT` gets after its five keys and three arguments: one text of JSON, then the values as they will be stored. Every
 * key and list is there once, however many batches name it. The JSON is `[places, lists, batches]`: see `places.ts`; of a list
 * its runs, each `hash, first field, last field, weight`; of a batch its operations (`Coded`) one after the other.
 */
export function encodeBatches(
  names: Names,
  batches: readonly Batch[],
): { readonly keys: readonly string[]; readonly args: readonly string[] } {
  const places = createPlaces(names)
  const lists = new Map<Plus, number>()
  const listed: (readonly (number | string)[])[] = []
  const values: string[] = []

  function listOf(plus: Plus): number {
    const known = lists.get(plus)
    if (known !== undefined) return known
    const runs = runsOf(plus).flatMap(({ first, count, weight }) => {
      const { hash, number } = places.find(first)
      return [hash, number, number + count - 1, numeral(weight)]
    })
    const number = listed.push(runs)
    lists.set(plus, number)
    return number
  }

  function code(op: Op): Coded {
    const at = places.take(op.key)
    switch (op.op) {
      case 'check':
        return ['c', at, guardOf(op.version)]
      case 'del':
        return ['d', at, guardOf(op.version)]
      case 'put':
        return ['p', at, guardOf(op.version), values.push(JSON.stringify(op.value)), ends(op.expiresAt)]
      case 'add': {
        const list = op.plus === undefined || op.max === undefined ? 0 : listOf(op.plus)
        return ['a', at, op.by, op.max === undefined ? '' : numeral(op.max), ends(op.expiresAt), list]
      }
      case 'pace':
        return ['t', at, op.every, op.burst ?? 1]
    }
  }

  const coded = batches.map((batch) => batch.map(code))
  const { keys, places: all } = places.all()
  return { keys, args: [JSON.stringify([all, listed, coded]), ...values] }
}

/** An operation as the script reads it. Values are named by their number, from 1. */
type Coded =
  | readonly ['c' | 'd', place: number, guard: string]
  | readonly ['p', place: number, guard: string, value: number, expiresAt: string]
  | readonly ['a', place: number, by: number, max: number | string, expiresAt: string, list: number]
  | readonly ['t', place: number, every: number, burst: number]

/** Infinity as Lua reads it: JSON has none. */
function numeral(number: number): number | string {
  return number === Number.POSITIVE_INFINITY ? '1e999' : number
}

/** Kept as text, as it is stored. */
function ends(expiresAt: number | undefined): string {
  return expiresAt === undefined ? '-' : String(expiresAt)
}

function guardOf(version: string | null | undefined): string {
  return version === undefined ? '*' : version === null ? '-' : version
}

/** The answers of `COMMIT`, per batch `+<version> <which operations have it>` or `-<failed> <what its key held>`. */
export function decodeResults(answers: unknown, batches: readonly Batch[]): BatchResult[] {
  if (!Array.isArray(answers)) throw damaged('an answer')
  return batches.map((batch, index): BatchResult => {
    const answer = answers[index]
    if (typeof answer !== 'string') throw damaged('an answer')
    const space = answer.indexOf(' ')
    const first = answer.slice(1, space)
    if (answer.startsWith('+')) return { ok: true, versions: batch.map((_, at) => (answer[space + 1 + at] === '1' ? first : '')) }
    const failed = Number(first)
    const op = batch[failed]
    if (op === undefined) throw damaged('an answer')
    const found = space + 1 === answer.length ? null : decodeEntry(op.key, answer.slice(space + 1))
    const retryAt = retryTime(op, found)
    return retryAt === undefined ? { ok: false, failed, found } : { ok: false, failed, found, retryAt }
  })
}

/** `<version> <c|v> <expiresAt|-> <count|JSON>` */
export function decodeEntry(key: string, raw: string): Entry {
  const first = raw.indexOf(' ')
  const second = raw.indexOf(' ', first + 3)
  const version = raw.slice(0, first)
  const kind = raw[first + 1]
  const expires = raw.slice(first + 3, second)
  const content = raw.slice(second + 1)
  if (first < 1 || second < 0 || (kind !== 'c' && kind !== 'v')) throw damaged(key)
  try {
    const held = kind === 'c' ? { count: Number(content) } : { value: JSON.parse(content) as Json }
    return expires === '-' ? { key, ...held, version } : { key, ...held, version, expiresAt: Number(expires) }
  } catch {
    throw damaged(key)
  }
}

function damaged(what: string): StorageError {
  return new StorageError(
    'corrupt',
    `${what} is not in the form sendwarden writes: something else wrote to its keys in Redis. Restore a backup that is not older than the last send.`,
  )
}
