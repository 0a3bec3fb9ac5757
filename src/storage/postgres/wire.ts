import { StorageError } from '../../core/errors.js'
import type { Json } from '../../core/json.js'
import type { Batch, BatchResult, Entry, Op } from '../../core/storage-ops.js'
import { retryTime } from '../retry-time.js'

/** An entry as the functions send it: value is JSON text. */
type Row = readonly [key: string, value: string | null, count: number | null, version: string, expiresAt: number | null]

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

/** One operation as `sendwarden_commit` reads it. Keys and lists are numbered from 1. */
interface WireOp {
  readonly op: Op['op'] | 'end'
  readonly k?: number
  readonly v?: string
  /** '' = must be absent. */
  readonly guard?: string
  readonly t?: number | undefined
  readonly amount?: number
  readonly most?: number | undefined
  readonly list?: number
  readonly changed?: boolean
  readonly burst?: number
}

/** The arguments of `sendwarden_commit` but its last, the latest time: every key and every rolling window's list once, however many batches name it. */
export function encodeBatches(incarnation: string, batches: readonly Batch[]): unknown[] {
  const keys = new Map<string, number>([['', 1]])
  const lists = new Map<Plus, { readonly number: number; readonly keys: readonly number[] }>()
  const starts: number[] = []
  const ends: number[] = []
  const listKeys: number[] = []
  const weights: number[] = []
  const ops: WireOp[] = []
  /** Keys that batches before this one may have changed. */
  const changed = new Set<number>()

  function keyNumber(key: string): number {
    const known = keys.get(key)
    if (known !== undefined) return known
    keys.set(key, keys.size + 1)
    return keys.size
  }

  function listOf(plus: Plus): { readonly number: number; readonly keys: readonly number[] } {
    const known = lists.get(plus)
    if (known !== undefined) return known
    const list = { number: lists.size + 1, keys: plus.map(([key]) => keyNumber(key)) }
    lists.set(plus, list)
    starts.push(listKeys.length + 1)
    listKeys.push(...list.keys)
    weights.push(...plus.map(([, weight]) => weight))
    ends.push(listKeys.length)
    return list
  }

  function encode(op: Op): WireOp {
    const k = keyNumber(op.key)
    switch (op.op) {
      case 'check':
        return { op: 'check', k, guard: guardOf(op.version) }
      case 'put': {
        const put = { op: 'put', k, v: JSON.stringify(op.value), t: op.expiresAt } as const
        return op.version === undefined ? put : { ...put, guard: guardOf(op.version) }
      }
      case 'del':
        return op.version === undefined ? { op: 'del', k } : { op: 'del', k, guard: guardOf(op.version) }
      case 'add': {
        const add = { op: 'add', k, amount: op.by, most: op.max, t: op.expiresAt } as const
        if (op.plus === undefined || op.plus.length === 0 || op.max === undefined) return add
        const list = listOf(op.plus)
        return { ...add, list: list.number, changed: list.keys.some((key) => changed.has(key)) }
      }
      case 'pace':
        return { op: 'pace', k, amount: op.every, burst: op.burst ?? 1 }
    }
  }

  for (const batch of batches) {
    for (const op of batch) ops.push(encode(op))
    for (const op of batch) if (op.op !== 'check') changed.add(keyNumber(op.key))
    ops.push({ op: 'end' })
  }
  const plain = weights.every((weight) => weight === 1)
  return [incarnation, [...keys.keys()], starts, ends, listKeys, plain ? null : weights, JSON.stringify(ops)]
}

/** No version is the empty text, which stands for absence here. */
function guardOf(version: string | null): string {
  return version === null ? '' : version === '' ? 'none' : version
}

/** The call that takes them; its schema goes before. */
export const COMMIT_CALL =
  'sendwarden_commit($1::text, $2::text[], $3::int[], $4::int[], $5::int[], $6::float8[], $7::jsonb, $8::float8) as answer'

type Result = readonly [string, readonly number[]] | readonly [number, Row | null]

/** What `sendwarden_commit` answered: the server's time, then per batch [version, skipped] or [failed, entry]. */
export function decodeCommit(
  answer: string,
  batches: readonly Batch[],
): { readonly now: number; readonly results: BatchResult[] } {
  const [now, ...given] = JSON.parse(answer) as [number, ...Result[]]
  return { now, results: decodeResults(given, batches) }
}

function decodeResults(results: readonly Result[], batches: readonly Batch[]): BatchResult[] {
  return batches.map((batch, index): BatchResult => {
    const result = results[index]
    if (result === undefined) throw new TypeError('The server answered for fewer batches than it was sent.')
    return isAccepted(result) ? accepted(batch, result[0], result[1]) : refused(batch, result[0] - 1, result[1])
  })
}

function isAccepted(result: Result): result is readonly [string, readonly number[]] {
  return typeof result[0] === 'string'
}

function accepted(batch: Batch, version: string, skipped: readonly number[]): BatchResult {
  const versions = batch.map(({ op }, index) => (op === 'check' || op === 'del' || skipped.includes(index + 1) ? '' : version))
  return { ok: true, versions }
}

function refused(batch: Batch, failed: number, row: Row | null): BatchResult {
  const found = row === null ? null : decodeEntry(row)
  const op = batch[failed]
  const retryAt = op === undefined ? undefined : retryTime(op, found)
  return retryAt === undefined ? { ok: false, failed, found } : { ok: false, failed, found, retryAt }
}

function decodeEntry([key, value, count, version, expiresAt]: Row): Entry {
  const held = value === null ? { count: count ?? 0 } : { value: readValue(key, value) }
  return expiresAt === null ? { key, ...held, version } : { key, ...held, version, expiresAt }
}

function readValue(key: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new StorageError(
      'corrupt',
      `The value of ${key} is not in the form sendwarden writes: something else wrote to its tables in PostgreSQL. Restore a backup that is not older than the last send.`,
    )
  }
}

/** What `sendwarden_read` answered, the mark first. */
export function decodeRead(answer: string): { readonly mark: string | null; readonly entries: (Entry | null)[] } {
  const [mark, ...rows] = JSON.parse(answer) as (Row | null)[]
  return { mark: mark?.[1] ?? null, entries: rows.map((row) => (row === null ? null : decodeEntry(row))) }
}

/** What `sendwarden_scan` answered. */
export function decodeScan(answer: string): { readonly mark: string | null; readonly entries: Entry[] } {
  const [mark, rows] = JSON.parse(answer) as [string | null, Row[]]
  return { mark, entries: rows.map(decodeEntry) }
}
