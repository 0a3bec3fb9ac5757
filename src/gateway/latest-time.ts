import type { Clock } from '../core/clock.js'
import { StorageError } from '../core/errors.js'
import type { Batch, BatchResult, Entry, Op, Version } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import { keys } from './keys.js'

/**
 * The latest time at which anything was committed, by this process to the millisecond, by others and before a restart to the
 * minute. A clock that goes back would let hours pass twice, and may have let counters expire that are wanted again.
 */
export interface LatestTime {
  /** The storage, with a note of the time. All of the gateway commits through it. */
  readonly storage: Storage
  /** Throws `StorageError` (`clock_skew`) while the clock is before it. */
  requireOnward(): Promise<void> | undefined
  /** Goes on from the present time, in every process. The operations land in the same commit. */
  accept(ops: readonly Op[]): Promise<void>
}

/** Small corrections of a clock. Windows of an hour and more lose nothing by it: their parts outlive them by longer. */
const TOLERATED_MS = 60_000
/** What a process that ends, or another one, may not know of. */
const NOTED_EVERY_MS = 60_000

interface Note {
  readonly at: number
  readonly version: Version | null
}

export function createLatestTime(storage: Storage, clock: Clock): LatestTime {
  let note: Note = { at: Number.NEGATIVE_INFINITY, version: null }
  let latest = Number.NEGATIVE_INFINITY
  const isDue = (now: number) => now - note.at >= NOTED_EVERY_MS

  function commit(batches: readonly Batch[]): Promise<BatchResult[]> {
    const now = clock.now()
    if (now > latest) latest = now
    return isDue(now) ? commitNoting(now, batches) : storage.commit(batches)
  }

  async function commitNoting(now: number, batches: readonly Batch[]): Promise<BatchResult[]> {
    const noting = { op: 'put', key: keys.latestTime, value: now, version: note.version } as const
    const [noted, ...results] = await storage.commit([[noting], ...batches])
    // Another process may have been first: its time counts too.
    note = noted?.ok ? { at: now, version: noted.versions[0] ?? null } : noteOf(noted?.found ?? null)
    latest = Math.max(latest, note.at)
    return results
  }

  const isBehind = () => clock.now() < latest - TOLERATED_MS

  async function lookAgain(): Promise<void> {
    const [found] = await storage.read([keys.latestTime])
    const stored = noteOf(found ?? null)
    if (stored.version !== note.version) {
      note = stored
      latest = stored.at
    }
    if (isBehind()) throw wentBack(clock.now(), latest)
  }

  return {
    storage: {
      get info() {
        return storage.info
      },
      open: (host) => storage.open(host),
      commit,
      read: (wanted) => storage.read(wanted),
      scan: (prefix, range) => storage.scan(prefix, range),
      now: () => storage.now(),
      ...(storage.watch !== undefined && { watch: storage.watch.bind(storage) }),
      close: () => storage.close(),
    },
    requireOnward() {
      if (isDue(clock.now())) return commit([]).then(() => (isBehind() ? lookAgain() : undefined))
      return isBehind() ? lookAgain() : undefined
    },
    async accept(ops) {
      const now = clock.now()
      const [result] = await storage.commit([[...ops, { op: 'put', key: keys.latestTime, value: now }]])
      if (!result?.ok) throw new StorageError('wiped', 'The storage lost its marks. Restore it; nothing is sent until then.')
      note = { at: now, version: result.versions.at(-1) ?? null }
      latest = now
    },
  }
}

function noteOf(entry: Entry | null): Note {
  if (entry === null) return { at: Number.NEGATIVE_INFINITY, version: null }
  if (typeof entry.value === 'number') return { at: entry.value, version: entry.version }
  throw new StorageError(
    'corrupt',
    `The latest time that was seen (${keys.latestTime}) cannot be read, so nothing is sent. Restore the storage from a backup.`,
  )
}

function wentBack(now: number, latest: number): StorageError {
  const [present, seen, over] = [now, latest, latest - TOLERATED_MS].map((ms) => new Date(ms).toISOString())
  return new StorageError(
    'clock_skew',
    `The clock is at ${present}, and this storage has seen ${seen}. Hours that pass twice would let limits pass twice, so nothing is sent before ${over}. Set the clock right if it is wrong now. If it was wrong then, wait, or call gateway.system.acceptClock({ reason }): what had its end meanwhile, limits among it, may be forgotten.`,
  )
}
