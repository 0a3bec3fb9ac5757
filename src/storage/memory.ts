import { randomUUID } from 'node:crypto'
import { requireOptions } from '../core/adapter-options.js'
import { type Clock, systemClock } from '../core/clock.js'
import { StorageError } from '../core/errors.js'
import type { BatchResult } from '../core/storage-ops.js'
import { createBatchState } from './guarded-batch.js'
import type { Storage } from './storage.js'
import { createWatchers } from './watchers.js'

export interface MemoryStorageOptions {
  /** Where time comes from; without it, the clock of the gateway that opens this storage. */
  readonly clock?: Clock
}

/**
 * State in this process's memory: for tests and trials. Everything is forgotten when the object is dropped;
 * closing and opening it again keeps its contents. Throws `StorageError` (`closed`, `invalid`).
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  requireOptions('memoryStorage', options, { clock: true })
  const state = createBatchState()
  const watchers = createWatchers()
  const incarnation = randomUUID()
  let clock = options.clock ?? systemClock
  let opened = false

  function requireOpen(): void {
    if (!opened) throw new StorageError('closed', 'The storage is not open: call open() first, and nothing after close().')
  }

  return {
    info: { engine: 'memory', durable: 'none', shared: 'process' },
    async open(host) {
      clock = options.clock ?? host?.clock ?? clock
      opened = true
      return { incarnation }
    },
    async commit(batches) {
      requireOpen()
      const now = clock.now()
      // A malformed batch must not leave the ones before it written: nobody would know.
      if (batches.length > 1) for (const batch of batches) state.validate(batch)
      const results: BatchResult[] = []
      for (const batch of batches) {
        const result = state.commit(batch, now)
        if (result.ok) watchers.notify(batch)
        results.push(result)
      }
      return results
    },
    async read(keys) {
      requireOpen()
      const now = clock.now()
      return keys.map((key) => state.read(key, now))
    },
    async scan(prefix, range) {
      requireOpen()
      return state.scan({ prefix, ...range }, clock.now())
    },
    async now() {
      requireOpen()
      return clock.now()
    },
    watch: (prefix, changed) => watchers.add(prefix, changed),
    async close() {
      opened = false
    },
  }
}
