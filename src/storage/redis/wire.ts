import { StorageError } from '../../core/errors.js'
import type { Json } from '../../core/json.js'
import type { Batch, BatchResult, Entry, Op } from '../../core/storage-ops.js'
import { retryTime } from '../retry-time.js'
import type { Names } from './names.js'
import { createPlaces, runsOf } from './places.js'

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

/** What `COMMIT` gets after its five keys and three arguments. Every key and list once, however many batches name it. */
export function encodeBatches(
  names: Names,
  batches: readonly Batch[],
): { readonly keys: readonly string[]; readonly args: readonly string[] } {
  const places = createPlaces(names)
  const lists = new Map<Plus, string>()
  const listed: string[] = []
  const args: string[] = []

  function listOf(plus: Plus): string {
    const known = lists.get(plus)
    if (known !== undefined) return known
    const number = String(lists.size + 1)
    lists.set(plus, number)
    const runs = runsOf(plus)
    listed.push(String(runs.length))
    for (const { first, count, weight } of runs) {
      const { hash, number: from } = places.find(first)
      listed.push(String(hash), String(from), String(from + count - 1), numeral(weight))
    }
    return number
  }

  function encode(op: Op): void {
    const at = String(places.take(op.key))
    switch (op.op) {
      case 'check':
        args.push('c', at, guardOf(op.version))
        return
      case 'del':
        args.push('d', at, guardOf(op.version))
        return
      case 'put':
        args.push('p', at, guardOf(op.version), JSON.stringify(op.value), op.expiresAt === undefined ? '-' : String(op.expiresAt))
        return
      case 'add': {
        const max = op.max === undefined ? '' : numeral(op.max)
        const list = op.plus === undefined || op.max === undefined ? '' : listOf(op.plus)
        args.push('a', at, String(op.by), max, op.expiresAt === undefined ? '' : String(op.expiresAt), list)
        return
      }
      case 'pace':
        args.push('t', at, String(op.every), String(op.burst ?? 1))
    }
  }

  for (const batch of batches) {
    const header = args.length
    args.push(String(batch.length), '')
    for (const op of batch) encode(op)
    args[header + 1] = String(args.length - header - 2)
  }
  const found = places.all()
  return { keys: found.keys, args: [...found.args, String(lists.size), ...listed, String(batches.length), ...args] }
}

/** Infinity as Lua reads it. */
function numeral(number: number): string {
  return number === Number.POSITIVE_INFINITY ? '1e999' : String(number)
}

function guardOf(version: string | null | undefined): string {
  return version === undefined ? '*' : version === null ? '-' : `=${version}`
}

/** The answers of `COMMIT`, per batch [1, version, which operations have it] or [0, failed, what its key held]. */
export function decodeResults(answers: unknown, batches: readonly Batch[]): BatchResult[] {
  if (!Array.isArray(answers)) throw damaged('an answer')
  return batches.map((batch, index): BatchResult => {
    const [accepted, second, third] = (answers[index] ?? []) as [number?, (string | number)?, string?]
    if (second === undefined || third === undefined) throw damaged('an answer')
    if (accepted === 1) return { ok: true, versions: batch.map((_, at) => (third[at] === '1' ? String(second) : '')) }
    const failed = Number(second)
    const op = batch[failed]
    if (op === undefined) throw damaged('an answer')
    const found = third === '' ? null : decodeEntry(op.key, third)
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
