import type { AuditRecord, ChainHead, SealedSegment } from '../audit/index.js'
import { StorageError } from '../core/errors.js'
import type { Entry } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import { keys } from './keys.js'
import { scanAll } from './scan-all.js'

export const ARCHIVED = 'audit.archive'
/** Segments read at once. */
const PAGE = 50

/** Stored segments, oldest first, as they are: `verify` reads anything. */
export async function* storedSegments(storage: Storage): AsyncGenerator<Entry> {
  yield* scanAll(storage, keys.audit, { page: PAGE })
}

export function segmentOf({ value }: Entry): SealedSegment {
  return value as unknown as SealedSegment
}

/** What a segment holds. Throws `StorageError` (`corrupt`) that names it where it is damaged. */
export function* recordsOf(entry: Entry): Generator<AuditRecord> {
  for (const text of textsOf(entry)) yield readRecord(entry, text)
}

function textsOf(entry: Entry): readonly string[] {
  const texts = (entry.value as { readonly records?: unknown } | null | undefined)?.records
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts
  throw damaged(entry)
}

function readRecord(entry: Entry, text: string): AuditRecord {
  try {
    const record: unknown = JSON.parse(text)
    if (typeof record === 'object' && record !== null && 'at' in record) return record as AuditRecord
  } catch {
    // Told as any other damage.
  }
  throw damaged(entry)
}

/**
 * Whether the chain itself says that everything up to a base was archived. Moving segments out leaves such a record
 * behind; cutting off the beginning does not.
 */
export async function isAnnounced(storage: Storage, { seq }: ChainHead): Promise<boolean> {
  if (seq === 0) return true
  // Newest first: whoever archives often finds it soon.
  for await (const entry of scanAll(storage, keys.audit, { page: PAGE, reverse: true }))
    for (const text of textsOf(entry)) {
      if (!text.includes(ARCHIVED)) continue
      const { kind, action, data } = readRecord(entry, text)
      if (kind === 'operator' && action === ARCHIVED && data?.to === seq) return true
    }
  return false
}

function damaged({ key }: Entry): StorageError {
  return new StorageError(
    'corrupt',
    `The segment ${key} of the audit is damaged, or holds what is no record: something else wrote to the storage. audit.verify() says what was changed since it was chained. Restore the segment from a backup.`,
  )
}
