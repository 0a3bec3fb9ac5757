import { append, type SealedSegment } from '../audit/index.js'
import { StorageError } from '../core/errors.js'
import { timeText } from '../core/ids.js'
import { canonicalJson, type Json } from '../core/json.js'
import type { Storage } from '../storage/storage.js'
import { readHeads } from './audit-heads.js'
import { keys } from './keys.js'

/** Chains the records that wait in the outbox. Several processes may seal: the head is moved by compare-and-set, so the chain never forks. */
export interface Sealer {
  /** Notes that a record was written; seals once enough wait. Never throws, never blocks. */
  wrote(): void
  /** Seals everything that waits now. */
  flush(): Promise<void>
}

/** Records per segment: one commit chains this many. */
const SEGMENT = 128
/** A record waits for its seal no longer than this while the process lives. */
const MAX_WAIT_MS = 1000

export function createSealer(storage: Storage, onFault: (error: unknown) => void): Sealer {
  let waiting = 0
  let sealing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function flush(): Promise<void> {
    // One more round after the one under way: its scan may have been before the caller's record.
    sealing = (sealing ?? Promise.resolve()).catch(() => undefined).then(sealAll)
    return sealing
  }

  async function sealAll(): Promise<void> {
    waiting = 0
    clearTimeout(timer)
    timer = undefined
    while (await sealSegment(storage)) {
      // until the outbox is empty
    }
  }

  return {
    wrote() {
      waiting++
      if (waiting === SEGMENT) flush().catch(onFault)
      else if (timer === undefined) {
        timer = setTimeout(() => flush().catch(onFault), MAX_WAIT_MS)
        timer.unref()
      }
    },
    flush,
  }
}

/** Moves up to one segment from the outbox to the chain. True when there may be more. */
async function sealSegment(storage: Storage): Promise<boolean> {
  const records = await storage.scan(keys.outbox, { limit: SEGMENT })
  if (records.length === 0) return false
  const { end } = await readHeads(storage)
  const texts = records.map(({ value }) => canonicalJson(value ?? null))
  const sealed = append(end.head, texts)
  const [result] = await storage.commit([
    [
      { op: 'put', key: keys.auditHead, value: sealed.head as unknown as Json, version: end.version },
      { op: 'put', key: segmentKey(sealed.segment), value: sealed.segment as unknown as Json, version: null },
      ...records.map(({ key, version }) => ({ op: 'del' as const, key, version })),
    ],
  ])
  if (result?.ok === false && result.failed === 1)
    throw new StorageError(
      'corrupt',
      'The head of the audit is behind its segments, so nothing can be chained. Restore the storage from a backup.',
    )
  // A lost race means that another process sealed these records: look again.
  return result?.ok === false || records.length === SEGMENT
}

function segmentKey(segment: SealedSegment): string {
  return `${keys.audit}${timeText(segment.from)}`
}
