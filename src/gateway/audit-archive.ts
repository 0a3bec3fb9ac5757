import { type ChainHead, GENESIS, type SealedSegment, verify } from '../audit/index.js'
import { StorageError } from '../core/errors.js'
import type { Json } from '../core/json.js'
import type { Entry, Version } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'

export interface AuditArchiveRequest {
  /** Segments whose records are all older than this go, ms since 1970. */
  readonly before: number
  /**
   * Keeps one segment, oldest first; what rejects stays in the storage. After a crash a segment may come again, the
   * same one: name its file after `from`.
   */
  readonly write: (segment: SealedSegment) => Promise<void> | void
  readonly by?: string
}

export interface AuditArchived {
  /** How many records left the storage. */
  readonly records: number
  /** Where what is left begins: `verify` of the segments kept ends here. */
  readonly head: ChainHead
}

/** Segments that leave in one commit. */
const PAGE = 50

/** The head before the first segment that is still stored. */
export async function readBase(storage: Storage): Promise<{ readonly head: ChainHead; readonly version: Version | null }> {
  const [entry] = await storage.read([keys.auditBase])
  return { head: (entry?.value as unknown as ChainHead | undefined) ?? GENESIS, version: entry?.version ?? null }
}

/** Hands the oldest segments over and forgets each once it was kept. Several processes may: the base is moved by compare-and-set. */
export async function archive({ storage, sealer, policy, clock }: Core, request: AuditArchiveRequest): Promise<AuditArchived> {
  const { before, write, by = 'operator' } = request
  let records = 0
  for (;;) {
    const base = await readBase(storage)
    const page = await storage.scan(keys.audit, { limit: PAGE })
    const sound = verify(page.map(segmentOf), { from: base.head })
    if (!sound.ok) throw new StorageError('corrupt', `The audit is archived only as far as it is sound. ${sound.message}`)
    const young = page.findIndex((entry) => !isBefore(segmentOf(entry), before))
    const old = young === -1 ? page : page.slice(0, young)
    const last = old.at(-1)
    if (last === undefined) return { records, head: base.head }
    for (const entry of old) await write(segmentOf(entry))
    const { to, hash } = segmentOf(last)
    const moved = { from: base.head.seq + 1, to }
    const [result] = await storage.commit([
      [
        {
          op: 'put',
          key: keys.auditBase,
          value: { seq: to, hash } satisfies ChainHead as unknown as Json,
          version: base.version,
        },
        ...old.map(({ key, version }) => ({ op: 'del' as const, key, version })),
        recordOp(operatorRecord(clock.now(), by, 'audit.archive', policy, moved)),
      ],
    ])
    // Otherwise another process archived them meanwhile: look again.
    if (result?.ok) records += to - base.head.seq
    sealer.wrote()
  }
}

function segmentOf({ value }: Entry): SealedSegment {
  return value as unknown as SealedSegment
}

/** Records are chained in about the order of their times. */
function isBefore({ records }: SealedSegment, time: number): boolean {
  return records.every((text) => ((JSON.parse(text) as { readonly at?: unknown }).at as number) < time)
}
