import { type ChainHead, GENESIS } from '../audit/index.js'
import { StorageError } from '../core/errors.js'
import type { Entry, Version } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import { keys } from './keys.js'

export interface StoredHead {
  readonly head: ChainHead
  readonly version: Version | null
}

/**
 * The end of the chain, and the head before the first segment that is still stored. Throws `StorageError` (`corrupt`):
 * what is chained to a head nobody can read would never verify again.
 */
export async function readHeads(storage: Storage): Promise<{ readonly end: StoredHead; readonly base: StoredHead }> {
  const [end, base] = await storage.read([keys.auditHead, keys.auditBase])
  // Only a chain that has an end can have been archived.
  if (!end && base) throw unreadableHead(keys.auditHead)
  return { end: storedHead(keys.auditHead, end), base: storedHead(keys.auditBase, base) }
}

function storedHead(key: string, entry: Entry | null | undefined): StoredHead {
  if (!entry) return { head: GENESIS, version: null }
  const { seq, hash } = (entry.value ?? {}) as { readonly seq?: unknown; readonly hash?: unknown }
  if (
    typeof seq !== 'number' ||
    !Number.isSafeInteger(seq) ||
    seq < 1 ||
    typeof hash !== 'string' ||
    !/^[0-9a-f]{64}$/.test(hash)
  )
    throw unreadableHead(key)
  return { head: { seq, hash }, version: entry.version }
}

function unreadableHead(key: string): StorageError {
  return new StorageError(
    'corrupt',
    `${key} of the audit cannot be read: something else wrote to the storage. Nothing is chained until it is restored from a backup; records wait meanwhile.`,
  )
}
