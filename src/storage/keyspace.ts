import type { Json } from '../core/json.js'
import type { Entry } from '../core/storage-ops.js'
import { createExpiry, NOT_WATCHED } from './expiry.js'
import { byKey, createOrderedIndex, type OrderedIndex, type Range } from './ordered-index.js'

/** One key as it is held in memory. Changed in place; what leaves the engine is always a fresh `Entry`. */
export interface Slot {
  readonly key: string
  readonly segment: Segment
  kind: 'value' | 'count'
  value: Json
  count: number
  version: string
  /** Infinity = never. */
  expiresAt: number
  live: boolean
  due: number
  /** The last batch that named this key, to notice a key named twice. */
  mark: number
}

/** The keys that share a first path part (`audit/`, `outbox/`), so that a large family does not slow the others. */
interface Segment {
  readonly name: string
  readonly values: Map<string, Slot>
  readonly index: OrderedIndex<Slot>
  size: number
}

export interface Keyspace {
  /** What is stored under a key, also if it has expired. */
  find(key: string): Slot | undefined
  findCount(key: string): Slot | undefined
  setValue(slot: Slot | undefined, key: string, value: Json, version: string, expiresAt: number): void
  setCount(slot: Slot | undefined, key: string, count: number, version: string, expiresAt: number): void
  remove(slot: Slot): void
  scan(range: Range, now: number): Entry[]
  purge(now: number): void
  /** Every slot, once. May be walked slowly: keys written meanwhile may or may not be seen. */
  slots(): Generator<Slot>
  size(): number
}

const PURGE_BUDGET = 64

export function createKeyspace(): Keyspace {
  // Counters have a map of their own: a rolling window looks up sixty of them for one `add`.
  const counters = new Map<string, Slot>()
  const segments = new Map<string, Segment>()
  const expiry = createExpiry<Slot>((slot) => {
    slot.due = NOT_WATCHED
    remove(slot)
  })

  function findValue(key: string): Slot | undefined {
    return segments.get(segmentName(key))?.values.get(key)
  }

  function segmentOf(key: string): Segment {
    const name = segmentName(key)
    const known = segments.get(name)
    if (known !== undefined) return known
    const created: Segment = { name, values: new Map(), index: createOrderedIndex(), size: 0 }
    segments.set(name, created)
    return created
  }

  function create(key: string, kind: 'value' | 'count', value: Json, count: number, version: string, expiresAt: number): Slot {
    const segment = segmentOf(key)
    const slot: Slot = { key, segment, kind, value, count, version, expiresAt, live: true, due: NOT_WATCHED, mark: 0 }
    if (kind === 'count') counters.set(key, slot)
    else segment.values.set(key, slot)
    segment.index.add(slot)
    segment.size++
    return slot
  }

  function remove(slot: Slot): void {
    const { segment, key } = slot
    if (slot.kind === 'count') counters.delete(key)
    else segment.values.delete(key)
    slot.live = false
    slot.value = null
    segment.index.buried()
    expiry.buried(slot)
    if (--segment.size === 0) segments.delete(segment.name)
  }

  return {
    find: (key) => findValue(key) ?? counters.get(key),
    findCount: (key) => counters.get(key),
    setValue(slot, key, value, version, expiresAt) {
      if (slot !== undefined && slot.kind === 'value') {
        slot.value = value
        slot.version = version
        slot.expiresAt = expiresAt
        expiry.watch(slot)
      } else {
        if (slot !== undefined) remove(slot)
        expiry.watch(create(key, 'value', value, 0, version, expiresAt))
      }
    },
    setCount(slot, key, count, version, expiresAt) {
      if (slot !== undefined && slot.kind === 'count') {
        slot.count = count
        slot.version = version
        slot.expiresAt = expiresAt
        expiry.watch(slot)
      } else {
        if (slot !== undefined) remove(slot)
        expiry.watch(create(key, 'count', null, count, version, expiresAt))
      }
    },
    remove,
    scan(range, now) {
      const present = (slot: Slot) => slot.expiresAt > now
      const exact = range.prefix.includes('/') ? segments.get(segmentName(range.prefix)) : undefined
      const concerned = range.prefix.includes('/') ? (exact === undefined ? [] : [exact]) : [...segments.values()]
      const found = concerned.flatMap((segment) => segment.index.range(range, present))
      if (concerned.length > 1) {
        found.sort(byKey)
        if (range.reverse) found.reverse()
        found.splice(range.limit)
      }
      return found.map(entryOf)
    },
    purge: (now) => expiry.purge(now, PURGE_BUDGET),
    *slots() {
      yield* counters.values()
      for (const segment of segments.values()) yield* segment.values.values()
    },
    size: () => [...segments.values()].reduce((sum, segment) => sum + segment.size, 0),
  }
}

/** A key without a slash belongs to the nameless segment. */
function segmentName(key: string): string {
  const slash = key.indexOf('/')
  return slash < 0 ? '' : key.slice(0, slash + 1)
}

export function entryOf(slot: Slot): Entry {
  const { key, version, expiresAt } = slot
  if (slot.kind === 'count') {
    return expiresAt === Number.POSITIVE_INFINITY
      ? { key, count: slot.count, version }
      : { key, count: slot.count, version, expiresAt }
  }
  return expiresAt === Number.POSITIVE_INFINITY
    ? { key, value: slot.value, version }
    : { key, value: slot.value, version, expiresAt }
}
