import { requireMethods, requireOptions } from '../../core/adapter-options.js'
import { type Clock, systemClock } from '../../core/clock.js'
import { StorageError } from '../../core/errors.js'
import { createCallGroups } from '../call-groups.js'
import { createBatchState } from '../guarded-batch.js'
import type { Storage } from '../storage.js'
import type { SqliteDatabase } from './database.js'
import { faultOf, isBusy } from './faults.js'
import { configure, fileOf, requireSafeVersion } from './handle.js'
import { openStore, type Store } from './store.js'

export interface SqliteStorageOptions {
  /** Whether a database that holds no store may be given one. Default true; false once you know there must be one. */
  readonly create?: boolean
  /** Milliseconds to wait for the write lock while other processes have it. Default 5,000. */
  readonly timeoutMs?: number
  /** For tests. Default: the machine's clock, which all processes that share the file have in common. */
  readonly clock?: Clock
}

const TIMEOUT_MS = 5000
const RETRY_MS = 5

/**
 * State in a SQLite database (3.51.3 or newer), for several processes on one machine. Takes your handle, of better-sqlite3 or
 * `node:sqlite`, and never closes it; give it one of its own, because it sets pragmas. Callers that wait at the same time share
 * one transaction and one flush. Throws `ConfigError` for what is no handle, and options it does not know; its methods throw `StorageError`: `locked`, `unavailable`, `unknown_outcome`, `wiped`,
 * `corrupt`, `invalid`, `closed`.
 *
 * @example sqliteStorage(new Database('sendwarden.db'))
 */
export function sqliteStorage(db: SqliteDatabase, options: SqliteStorageOptions = {}): Storage {
  requireMethods('sqliteStorage', db, ['exec', 'prepare'], 'a handle: new Database(path) of better-sqlite3')
  requireOptions('sqliteStorage', options, { create: true, timeoutMs: true, clock: true })
  const { create = true, timeoutMs = TIMEOUT_MS, clock = systemClock } = options
  const shape = createBatchState()
  const groups = createCallGroups((batches) => asking((store) => store.commit(batches)))
  let file = 'the database'
  let opening: Promise<Store> | undefined
  let opened: Store | undefined

  async function begin(): Promise<Store> {
    try {
      return await patiently(() => {
        requireSafeVersion(db)
        file = fileOf(db)
        configure(db, file)
        return openStore(db, file, create, clock)
      })
    } catch (error) {
      throw faultOf(error, 'open', file, timeoutMs)
    }
  }

  /** As long as somebody else has the lock, tries again, with the event loop free in between. */
  async function patiently<T>(work: () => T): Promise<T> {
    const until = performance.now() + timeoutMs
    for (;;) {
      try {
        return work()
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * RETRY_MS))
    }
  }

  async function asking<T>(ask: (store: Store) => T): Promise<T> {
    requireOpen()
    try {
      return await patiently(() => ask(requireOpen()))
    } catch (error) {
      throw faultOf(error, 'use', file, timeoutMs)
    }
  }

  function requireOpen(): Store {
    if (opened === undefined)
      throw new StorageError('closed', 'The storage is not open: call open() first, and nothing after close().')
    return opened
  }

  return {
    info: { engine: 'sqlite', durable: 'power-loss', shared: 'machine' },
    async open() {
      opening ??= begin()
      try {
        opened = await opening
      } catch (error) {
        opening = undefined
        throw error
      }
      return { incarnation: opened.incarnation }
    },
    async commit(batches) {
      requireOpen()
      for (const batch of batches) shape.validate(batch)
      return groups.commit(batches)
    },
    read: (keys) => asking((store) => store.read(keys)),
    scan: (prefix, range) => asking((store) => store.scan(prefix, range)),
    async now() {
      requireOpen()
      return clock.now()
    },
    async close() {
      await opening?.catch(() => undefined)
      await groups.idle()
      opening = undefined
      opened = undefined
    },
  }
}
