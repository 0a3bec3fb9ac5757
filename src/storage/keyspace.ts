import type { Json } from '../core/json.js'
import type { Entry } from '../core/storage-ops.js'
import { unitAt } from '../core/unit-at.js'
import { createExpiry, NOT_WATCHED } from './expiry.js'
import { byKey, createOrderedIndex, type OrderedIndex, type Range } from './ordered-index.js'

/**
 * One key as it is held in memory. Changed in place; what leaves the engine is always a fresh `Entry`.
 * There may be millions: no field is ever a boxed number unless it has to be.
 */
export interface Slot {
  readonly key: string
  readonly segment: Segment
  readonly isCount: boolean
  /** The value, or the count when `isCount`. */
  content: Json
  version: string
  /** Undefined = never. */
  expiresAt: number | undefined
  live: boolean
  due: number
  /** The last batch that named this key, to notice a key named twice. */
  mark: number
}

/** The keys that share a first path part (`audit/`, `outbox/`), so that a large family does not slow the others. */
interface Segment {
  /** With its slash; empty for the keys without one. */
  readonly name: string
  readonly values: Map<string, Slot>
  readonly index: OrderedIndex<Slot>
  size: number
}

export interface Keyspace {
  /** What is stored under a key, also if it has expired. */
  find(key: string): Slot | undefined
  findValue(key: string): Slot | undefined
  findCount(key: string): Slot | undefined
  /** Changes whenever a counter is created or removed: until then, what `findCount` answered still holds. */
  counterGeneration(): number
  set(slot: Slot | undefined, key: string, isCount: boolean, content: Json, version: string, expiresAt: number | undefined): void
  remove(slot: Slot): void
  scan(range: Range, now: number): Entry[]
  purge(now: number): void
  /** Every slot, once. May be walked slowly: keys written meanwhile may or may not be seen. */
  slots(): Generator<Slot>
}

const PURGE_BUDGET = 64
/** Empty segments are kept for their next key, unless there are very many. */
const EMPTY_SEGMENTS_KEPT = 256

export function createKeyspace(): Keyspace {
  // Counters have a map of their own: a rolling window looks up sixty of them for one `add`.
  const counters = new Map<string, Slot>()
  let generation = 0
  const nameless = createSegment('')
  const segments = new Map<string, Segment>([['', nameless]])
  // The same segments by the first character of their names: finding one must not cost a substring.
  const byFirst: Segment[][] = []
  const expiry = createExpiry<Slot>((slot) => remove(slot))

  function findSegment(key: string): Segment | undefined {
    const candidates = byFirst[unitAt(key, 0)]
    if (candidates === undefined) return undefined
    if (candidates.length > 8) return segments.get(segmentName(key))
    for (let i = 0; i < candidates.length; i++) {
      const segment = candidates[i]
      if (segment !== undefined && key.startsWith(segment.name)) return segment
    }
    return undefined
  }

  function addSegment(key: string): Segment {
    const name = segmentName(key)
    if (name === '') return nameless
    const segment = createSegment(name)
    segments.set(name, segment)
    const first = unitAt(key, 0)
    byFirst[first] = [...(byFirst[first] ?? []), segment]
    return segment
  }

  function dropSegment(segment: Segment): void {
    segments.delete(segment.name)
    const first = unitAt(segment.name, 0)
    byFirst[first] = (byFirst[first] ?? []).filter((other) => other !== segment)
  }

  function findValue(key: string): Slot | undefined {
    const { values } = findSegment(key) ?? nameless
    return values.size === 0 ? undefined : values.get(key)
  }

  function remove(slot: Slot): void {
    const { segment, key } = slot
    if (slot.isCount) {
      counters.delete(key)
      generation++
    } else segment.values.delete(key)
    slot.live = false
    slot.content = null
    segment.index.buried()
    expiry.buried(slot)
    segment.size--
    if (segment.size === 0 && segments.size > EMPTY_SEGMENTS_KEPT && segment !== nameless) dropSegment(segment)
  }

  return {
    find: (key) => findValue(key) ?? counters.get(key),
    findValue,
    findCount: (key) => counters.get(key),
    counterGeneration: () => generation,
    set(slot, key, isCount, content, version, expiresAt) {
      if (slot !== undefined && slot.isCount === isCount) {
        slot.content = content
        slot.version = version
        slot.expiresAt = expiresAt
        expiry.watch(slot)
        return
      }
      if (slot !== undefined) remove(slot)
      const segment = findSegment(key) ?? addSegment(key)
      const created: Slot = { key, segment, isCount, content, version, expiresAt, live: true, due: NOT_WATCHED, mark: 0 }
      if (isCount) {
        counters.set(key, created)
        generation++
      } else segment.values.set(key, created)
      segment.index.add(created)
      segment.size++
      expiry.watch(created)
    },
    remove,
    scan(range, now) {
      const whole = range.prefix.includes('/')
      const concerned = whole ? [findSegment(range.prefix) ?? nameless] : [...segments.values()]
      const found = concerned.flatMap((segment) => segment.index.range(range, (slot) => isPresent(slot, now)))
      if (concerned.length > 1) {
        found.sort(byKey)
        if (range.reverse) found.reverse()
        found.splice(Math.max(0, range.limit))
      }
      return found.map(entryOf)
    },
    purge: (now) => expiry.purge(now, PURGE_BUDGET),
    *slots() {
      yield* counters.values()
      for (const segment of segments.values()) yield* segment.values.values()
    },
  }
}

function createSegment(name: string): Segment {
  return { name, values: new Map(), index: createOrderedIndex(), size: 0 }
}

function segmentName(key: string): string {
  return key.slice(0, key.indexOf('/') + 1)
}

export function isPresent(slot: Slot, now: number): boolean {
  return slot.expiresAt === undefined || slot.expiresAt > now
}

export function countOf(slot: Slot | undefined): number {
  return slot !== undefined && typeof slot.content === 'number' ? slot.content : 0
}

export function entryOf(slot: Slot): Entry {
  const { key, version, expiresAt } = slot
  if (slot.isCount) {
    const count = countOf(slot)
    return expiresAt === undefined ? { key, count, version } : { key, count, version, expiresAt }
  }
  const value = slot.content
  return expiresAt === undefined ? { key, value, version } : { key, value, version, expiresAt }
}
