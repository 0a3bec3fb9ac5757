import { StorageError } from '../core/errors.js'
import type { Json } from '../core/json.js'
import type { Batch, BatchResult, Entry, Op, Version } from '../core/storage-ops.js'
import { countOf, createKeyspace, entryOf, isPresent, type Keyspace, type Slot } from './keyspace.js'
import { retryTime } from './retry-time.js'

/**
 * What an accepted batch did to one key, without its guards: replaying effects needs no clock and no decision.
 * `[key]` deleted; `[key, 0, value, expiresAt?]` holds a value; `[key, 1, count, expiresAt?]` holds a count.
 */
export type Effect = readonly [string] | readonly [string, 0, Json, number?] | readonly [string, 1, number, number?]

export interface BatchState {
  /** Judges and applies one batch. With `effects`, reports what was written. Throws `StorageError` (`invalid`) before writing. */
  commit(batch: Batch, now: number, effects?: Effect[]): BatchResult
  /** Throws what `commit` would throw, and writes nothing. */
  validate(batch: Batch): void
  /** Writes the effects of an earlier commit again. `sequence` is the number that commit had. */
  replay(sequence: number, effects: readonly Effect[]): void
  read(key: string, now: number): Entry | null
  scan(range: { prefix: string; after?: string | undefined; limit: number; reverse?: boolean | undefined }, now: number): Entry[]
  /** The number of the last batch that wrote something; its text is the version of what it wrote. */
  sequence(): number
  setSequence(sequence: number): void
  readonly keyspace: Keyspace
}

/** Above this many new keys in one batch a set finds duplicates faster than comparing pairs. */
const PAIRWISE_LIMIT = 16

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

interface Part {
  readonly slot: Slot
  readonly weight: number
}

/** The state behind the in-process engines: a keyspace, one version sequence, and the rules of the guarded batch. */
export function createBatchState(): BatchState {
  const keyspace = createKeyspace()
  let sequence = 0
  let mark = 0
  // Reused by every batch; the work in between is synchronous.
  const slots: (Slot | undefined)[] = []
  const next: number[] = []
  /** By the very array, where it is frozen: a window hands in the same one as long as its parts are the same. */
  const resolved = new WeakMap<Plus, { readonly generation: number; readonly parts: readonly Part[] }>()

  /** Finds every operation's slot and refuses malformed batches. */
  function resolve(batch: Batch): void {
    mark++
    const absent: string[] = []
    for (let i = 0; i < batch.length; i++) {
      const op = batch[i]
      if (op === undefined) throw new StorageError('invalid', `Operation ${i} of a batch is missing.`)
      const { key } = op
      const counts = op.op === 'add' || op.op === 'pace'
      const slot = counts ? (keyspace.findCount(key) ?? keyspace.findValue(key)) : keyspace.find(key)
      slots[i] = slot
      if (slot === undefined) {
        requireKey(key)
        absent.push(key)
      } else if (slot.mark === mark) throw namedTwice(key)
      else slot.mark = mark
      requireShape(op)
    }
    requireDistinct(absent)
  }

  function findLive(index: number, now: number): Slot | undefined {
    const slot = slots[index]
    return slot !== undefined && isPresent(slot, now) ? slot : undefined
  }

  /** Judges one guard. What a counter would become is kept for `apply`. */
  function holds(op: Op, index: number, now: number): boolean {
    const slot = findLive(index, now)
    switch (op.op) {
      case 'check':
        return slot === undefined ? op.version === null : slot.version === op.version
      case 'put':
      case 'del':
        return op.version === undefined || (slot === undefined ? op.version === null : slot.version === op.version)
      case 'add': {
        if (slot?.isCount === false) return false
        const count = Math.max(0, countOf(slot) + op.by)
        next[index] = count
        return count <= Number.MAX_SAFE_INTEGER && (op.max === undefined || fits(op, count, op.max, now))
      }
      case 'pace': {
        if (slot?.isCount === false) return false
        const free = countOf(slot)
        next[index] = Math.max(free, now) + op.every
        return free <= now + ((op.burst ?? 1) - 1) * op.every
      }
    }
  }

  function fits(op: Extract<Op, { op: 'add' }>, count: number, max: number, now: number): boolean {
    let total = count
    if (op.plus !== undefined) {
      for (const { slot, weight } of partsOf(op.plus)) if (isPresent(slot, now)) total += countOf(slot) * weight
    }
    return total <= max
  }

  /** The counters there are of those an `add` looks at beside its own: of a rolling window's thirty, few are. */
  function partsOf(plus: Plus): readonly Part[] {
    const generation = keyspace.counterGeneration()
    const known = resolved.get(plus)
    if (known !== undefined && known.generation === generation) return known.parts
    const parts: Part[] = []
    for (const [key, weight] of plus) {
      const slot = keyspace.findCount(key)
      if (slot !== undefined) parts.push({ slot, weight })
    }
    if (Object.isFrozen(plus)) resolved.set(plus, { generation, parts })
    return parts
  }

  function refusal(op: Op, index: number, now: number): BatchResult {
    const slot = findLive(index, now)
    const found = slot === undefined ? null : entryOf(slot)
    const retryAt = retryTime(op, found)
    return retryAt === undefined ? { ok: false, failed: index, found } : { ok: false, failed: index, found, retryAt }
  }

  /** Writes one operation; says whether it wrote. */
  function apply(op: Op, index: number, now: number, version: Version, effects: Effect[] | undefined): boolean {
    const slot = slots[index]
    const { key } = op
    switch (op.op) {
      case 'check':
        return false
      case 'put':
        keyspace.set(slot, key, false, op.value, version, op.expiresAt)
        effects?.push(op.expiresAt === undefined ? [key, 0, op.value] : [key, 0, op.value, op.expiresAt])
        return true
      case 'del':
        if (slot === undefined) return false
        keyspace.remove(slot)
        effects?.push([key])
        return true
      case 'add':
      case 'pace': {
        const live = slot !== undefined && isPresent(slot, now)
        if (op.op === 'add' && !live && op.by <= 0) return false
        const count = next[index] ?? 0
        const kept = live ? slot.expiresAt : undefined
        // A pace that is free again means the same as no pace, so it expires by itself.
        const expiresAt = op.op === 'pace' ? count : (op.expiresAt ?? kept)
        keyspace.set(slot, key, true, count, version, expiresAt)
        effects?.push(expiresAt === undefined ? [key, 1, count] : [key, 1, count, expiresAt])
        return true
      }
    }
  }

  return {
    keyspace,
    commit(batch, now, effects) {
      keyspace.purge(now)
      resolve(batch)
      let index = 0
      for (const op of batch) {
        if (!holds(op, index, now)) return refusal(op, index, now)
        index++
      }
      const version = String(sequence + 1)
      const versions: Version[] = []
      let wrote = false
      index = 0
      for (const op of batch) {
        const written = apply(op, index++, now, version, effects)
        wrote ||= written
        versions.push(written && op.op !== 'del' ? version : '')
      }
      if (wrote) sequence++
      return { ok: true, versions }
    },
    validate: resolve,
    replay(at, effects) {
      const version = String(at)
      for (const effect of effects) {
        const [key] = effect
        const slot = keyspace.find(key)
        if (effect.length === 1) {
          if (slot !== undefined) keyspace.remove(slot)
        } else keyspace.set(slot, key, effect[1] === 1, effect[2], version, effect[3])
      }
      sequence = at
    },
    read(key, now) {
      // Most of what is read are the counters of windows.
      const slot = keyspace.findCount(key) ?? keyspace.findValue(key)
      return slot !== undefined && isPresent(slot, now) ? entryOf(slot) : null
    },
    scan: (range, now) => keyspace.scan(range, now),
    sequence: () => sequence,
    setSequence(at) {
      sequence = at
    },
  }
}

const NOT_PRINTABLE = /[^\x20-\x7e]/

/** Throws unless a key is 1 to 256 printable ASCII characters, whose order as text is their order as bytes. */
function requireKey(key: string): void {
  if (typeof key !== 'string' || key.length === 0 || key.length > 256) {
    throw new StorageError('invalid', `A key must have 1 to 256 characters, got ${JSON.stringify(key)?.slice(0, 300)}.`)
  }
  if (NOT_PRINTABLE.test(key)) {
    const at = key.search(NOT_PRINTABLE)
    throw new StorageError('invalid', `A key must be printable ASCII, got ${JSON.stringify(key)} (character ${at}).`)
  }
}

function requireShape(op: Op): void {
  switch (op.op) {
    case 'check':
    case 'del':
      return
    case 'put':
      if (op.value === undefined) throw new StorageError('invalid', `put ${op.key} has no value.`)
      requireTime(op.key, op.expiresAt)
      return
    case 'add':
      if (!Number.isSafeInteger(op.by)) throw new StorageError('invalid', `add ${op.key}: by must be an integer, got ${op.by}.`)
      if (op.max !== undefined && !(op.max >= 0))
        throw new StorageError('invalid', `add ${op.key}: max must be 0 or more, got ${op.max}.`)
      requireTime(op.key, op.expiresAt)
      return
    case 'pace':
      if (!(Number.isSafeInteger(op.every) && op.every >= 0)) {
        throw new StorageError('invalid', `pace ${op.key}: every must be whole milliseconds, got ${op.every}.`)
      }
      if (op.burst !== undefined && !(Number.isSafeInteger(op.burst) && op.burst >= 1)) {
        throw new StorageError('invalid', `pace ${op.key}: burst must be a whole number from 1, got ${op.burst}.`)
      }
      return
    default:
      throw new StorageError('invalid', `Unknown operation ${JSON.stringify(op)}.`)
  }
}

function requireTime(key: string, expiresAt: number | undefined): void {
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) {
    throw new StorageError('invalid', `${key}: expiresAt must be a time in milliseconds, got ${expiresAt}.`)
  }
}

function requireDistinct(keys: readonly string[]): void {
  if (keys.length > PAIRWISE_LIMIT) {
    const seen = new Set<string>()
    for (const key of keys) {
      if (seen.has(key)) throw namedTwice(key)
      seen.add(key)
    }
    return
  }
  for (let i = 1; i < keys.length; i++) {
    for (let j = 0; j < i; j++) if (keys[i] === keys[j]) throw namedTwice(keys[i] ?? '')
  }
}

function namedTwice(key: string): StorageError {
  return new StorageError(
    'invalid',
    `${key} is named twice in one batch: the order of its operations would be a hidden question.`,
  )
}
