import { setTimeout as delay } from 'node:timers/promises'
import { isStorageError } from '../../src/core/errors.js'
import type { Batch, BatchResult, Op } from '../../src/core/storage-ops.js'
import type { Storage } from '../../src/storage/storage.js'

/**
 * A client that does not give up while its server is away: a batch that threw is handed in again, unchanged. Its first
 * operation puts a unique mark, so a second time is harmless, and a mark that is there says that the first one landed.
 */
export function insistent(storage: Storage, again: () => void = () => undefined): Storage {
  async function commit(batches: readonly Batch[]): Promise<BatchResult[]> {
    for (let thrown = false; ; thrown = true) {
      try {
        const results = await storage.commit(batches)
        return results.map((result) => (thrown && !result.ok && result.failed === 0 ? { ok: true, versions: [] } : result))
      } catch (error) {
        if (isStorageError(error) && error.code !== 'unknown_outcome' && error.code !== 'unavailable') throw error
        again()
        await delay(10)
      }
    }
  }
  return { ...storage, commit }
}

/** How long the control is late. */
const LATE_MS = 20
/** Never holds: what comes before it is judged, and nothing is written. */
const NEVER: Op = { op: 'check', key: 'never', version: 'never' }

/** The control: a client that looks whether there is room, acknowledges, and counts a moment later. `settled` = all is counted. */
export function countingLater(storage: Storage): { readonly storage: Storage; settled(): Promise<unknown> } {
  const under: Promise<unknown>[] = []
  async function commit(batches: readonly Batch[]): Promise<BatchResult[]> {
    const results = await storage.commit(batches.map((batch) => [...batch, NEVER]))
    const room = batches.filter((batch, index) => {
      const result = results[index]
      return result?.ok === false && result.failed === batch.length
    })
    if (room.length > 0) under.push(delay(LATE_MS).then(() => storage.commit(room)))
    return results.map((result, index) =>
      !result.ok && result.failed === batches[index]?.length ? { ok: true, versions: [] } : result,
    )
  }
  return { storage: { ...storage, commit }, settled: () => Promise.all(under) }
}
