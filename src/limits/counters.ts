import type { Entry, Op } from '../core/storage-ops.js'

/** Counts in memory, by the rules of a storage engine, for callers that need no storage. */
export interface Counters {
  readonly entries: ReadonlyMap<string, Entry>
  /** Whether every reservation would be let through now. */
  fit(ops: readonly Op[], now: number): boolean
  /** Counts reservations that were let through. */
  add(ops: readonly Op[], now: number): void
  /** Drops what nobody looks at any more. */
  sweep(now: number): void
}

type Add = Extract<Op, { op: 'add' }>
type Counter = { -readonly [K in keyof Entry]: Entry[K] } & { count: number }

export function createCounters(): Counters {
  const entries = new Map<string, Counter>()
  // Of a rolling window's thirty parts few are there: they are looked up again only when a counter came or went.
  const parts = new WeakMap<object, { readonly generation: number; readonly counters: readonly Counter[] }>()
  let generation = 0

  function countOf(counter: Counter | undefined, now: number): number {
    return counter === undefined || (counter.expiresAt !== undefined && counter.expiresAt <= now) ? 0 : counter.count
  }

  function partsOf(plus: NonNullable<Add['plus']>): readonly Counter[] {
    const known = parts.get(plus)
    if (known !== undefined && known.generation === generation) return known.counters
    const counters = plus.flatMap(([key]) => entries.get(key) ?? [])
    parts.set(plus, { generation, counters })
    return counters
  }

  function fits(op: Op, now: number): boolean {
    const stored = countOf(entries.get(op.key), now)
    if (op.op === 'pace') return stored <= now + ((op.burst ?? 1) - 1) * op.every
    if (op.op !== 'add' || op.max === undefined) return true
    let total = stored + op.by
    if (op.plus !== undefined) for (const counter of partsOf(op.plus)) total += countOf(counter, now)
    return total <= op.max
  }

  return {
    entries,
    fit: (ops, now) => ops.every((op) => fits(op, now)),
    add(ops, now) {
      for (const op of ops) {
        if (op.op !== 'add' && op.op !== 'pace') continue
        let counter = entries.get(op.key)
        const stored = countOf(counter, now)
        if (counter === undefined) {
          counter = { key: op.key, count: 0, version: '' }
          entries.set(op.key, counter)
          generation++
        }
        counter.count = op.op === 'add' ? stored + op.by : Math.max(stored, now) + op.every
        if (op.op === 'add' && op.expiresAt !== undefined) counter.expiresAt = op.expiresAt
      }
    },
    sweep(now) {
      for (const [key, { expiresAt }] of entries) {
        if (expiresAt === undefined || expiresAt > now) continue
        entries.delete(key)
        generation++
      }
    },
  }
}
