import { StorageError } from '../../src/core/errors.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'

export type StorageCall = 'open' | 'commit' | 'read' | 'scan' | 'now'

/** What happens at one call: it fails having done nothing; it does its work and fails; never answers; does its work and never answers. */
export type Breakage = 'fails' | 'lands' | 'hangs' | 'lands and hangs'

export interface BrokenStorage extends Storage {
  /** The k-th of the coming calls of this kind (from 1) breaks; `from` = it and all after it. */
  break(call: StorageCall, at: number, how: Breakage, every?: 'once' | 'from'): void
  heal(): void
  /** Calls made so far, by kind. */
  readonly counts: Readonly<Record<StorageCall, number>>
}

/** Storage in memory that breaks when told to. */
export function brokenStorage(inner: Storage = memoryStorage()): BrokenStorage {
  const counts: Record<StorageCall, number> = { open: 0, commit: 0, read: 0, scan: 0, now: 0 }
  let plan: { call: StorageCall; at: number; how: Breakage; every: 'once' | 'from' } | undefined

  async function around<T>(call: StorageCall, work: () => Promise<T>): Promise<T> {
    counts[call]++
    const hit = plan?.call === call && (plan.every === 'from' ? counts[call] >= plan.at : counts[call] === plan.at)
    if (!hit || plan === undefined) return work()
    if (plan.how.startsWith('lands')) await work()
    if (plan.how.endsWith('hangs')) return new Promise(() => undefined)
    throw new StorageError('unavailable', `broken at ${call} ${counts[call]}`)
  }

  return {
    info: inner.info,
    counts,
    break(call, at, how, every = 'once') {
      plan = { call, at: counts[call] + at, how, every }
    },
    heal() {
      plan = undefined
    },
    open: (host) => around('open', () => inner.open(host)),
    commit: (batches) => around('commit', () => inner.commit(batches)),
    read: (keys) => around('read', () => inner.read(keys)),
    scan: (prefix, range) => around('scan', () => inner.scan(prefix, range)),
    now: () => around('now', () => inner.now()),
    close: () => inner.close(),
  }
}
