import type { Batch, BatchResult } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'

/**
 * Commits one batch. A throw means unknown: it may have landed. When the batch carries a unique mark
 * (`put … version: null`), that mark tells: there = it landed, absent = it is safe to try once more.
 */
export async function commitOnce(storage: Storage, batch: Batch, mark: string): Promise<BatchResult> {
  try {
    return await commitOne(storage, batch)
  } catch (error) {
    const [found] = await storage.read([mark]).catch(() => {
      throw error
    })
    if (found) return { ok: true, versions: await versionsOf(storage, batch) }
    return await commitOne(storage, batch)
  }
}

async function commitOne(storage: Storage, batch: Batch): Promise<BatchResult> {
  const [result] = await storage.commit([batch])
  if (result === undefined) throw new Error('The storage gave no answer for a batch.')
  return result
}

/** After a lost reply: the versions as they are now. */
async function versionsOf(storage: Storage, batch: Batch): Promise<readonly string[]> {
  const entries = await storage.read(batch.map(({ key }) => key))
  return batch.map(({ op }, index) => (op === 'check' || op === 'del' ? '' : (entries[index]?.version ?? '')))
}
