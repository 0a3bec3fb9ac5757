import type { Batch } from '../../src/core/storage-ops.js'
import type { Storage } from '../../src/storage/storage.js'

const WINDOWS = ['q/month', 'q/day', 'q/hour', 'q/domain']

/** One send as it is counted: four windows, and the number its caller gave it; all of it or nothing. */
export function send(caller: string, n: number): Batch {
  return [{ op: 'put', key: `done/${caller}`, value: n }, ...WINDOWS.map((key) => ({ op: 'add', key, by: 1 }) as const)]
}

/** What callers asked for and what they were told, each counting its sends from 1 and waiting for one before the next. */
export interface Book {
  readonly attempted: Map<string, number>
  readonly acknowledged: Map<string, number>
}

export function createBook(): Book {
  return { attempted: new Map(), acknowledged: new Map() }
}

/** Makes the next send of a caller. */
export async function sendNext(storage: Storage, book: Book, caller: string): Promise<void> {
  const n = (book.attempted.get(caller) ?? 0) + 1
  book.attempted.set(caller, n)
  await storage.commit([send(caller, n)])
  book.acknowledged.set(caller, n)
}

export interface Audit {
  /** Acknowledged sends that the store does not know. */
  readonly lost: number
  readonly faults: readonly string[]
}

/** Compares a store with the book of what happened to it: nothing lost, nothing invented, every window equal. */
export async function audit(storage: Storage, { attempted, acknowledged }: Book): Promise<Audit> {
  const faults: string[] = []
  let lost = 0
  const counts = (await storage.read(WINDOWS)).map((entry) => entry?.count ?? 0)
  const done = await storage.scan('done/', { limit: 100_000 })
  const stored = new Map(done.map(({ key, value }) => [key.slice('done/'.length), Number(value)]))
  const total = [...stored.values()].reduce((sum, n) => sum + n, 0)
  if (counts.some((count) => count !== total))
    faults.push(`the windows say ${counts.join(', ')}, the callers' sends are ${total}`)
  for (const [caller, n] of acknowledged) {
    const have = stored.get(caller) ?? 0
    if (have >= n) continue
    lost += n - have
    faults.push(`${caller} was told that ${n} are stored, and ${have} are`)
  }
  for (const [caller, n] of stored) {
    if (n > (attempted.get(caller) ?? 0))
      faults.push(`${caller} has ${n} stored and never asked for more than ${attempted.get(caller) ?? 0}`)
  }
  return { lost, faults }
}

/** The sum of what is in a column of the book. */
export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, n) => sum + n, 0)
}
