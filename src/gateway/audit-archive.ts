import { type ChainHead, type SealedSegment, verify } from '../audit/index.js'
import { StorageError } from '../core/errors.js'
import type { Json } from '../core/json.js'
import type { Entry } from '../core/storage-ops.js'
import { readHeads } from './audit-heads.js'
import { ARCHIVED, isAnnounced, recordsOf, segmentOf } from './audit-segments.js'
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

/** Hands the oldest segments over and forgets each once it was kept. Several processes may: the base is moved by compare-and-set. */
export async function archive(core: Core, request: AuditArchiveRequest): Promise<AuditArchived> {
  const { storage, sealer, policy, clock } = core
  await requireAnnounced(core)
  const { before, write, by = 'operator' } = request
  let records = 0
  for (;;) {
    const { base } = await readHeads(storage)
    const page = await storage.scan(keys.audit, { limit: PAGE })
    const sound = verify(page.map(segmentOf), { from: base.head })
    if (!sound.ok) throw new StorageError('corrupt', `The audit is archived only as far as it is sound. ${sound.message}`)
    const young = page.findIndex((entry) => !isBefore(entry, before))
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
        recordOp(operatorRecord(clock.now(), by, ARCHIVED, policy, moved)),
      ],
    ])
    // Otherwise another process archived them meanwhile: look again.
    if (result?.ok) records += to - base.head.seq
    sealer.wrote()
  }
}

/** An archive that went on from a forged base would announce it. */
async function requireAnnounced({ storage, sealer }: Core): Promise<void> {
  for (;;) {
    const { head } = (await readHeads(storage)).base
    // Chains what announces it.
    await sealer.flush()
    if (await isAnnounced(storage, head)) return
    // Otherwise another process archived meanwhile, and the announcement with it.
    if ((await readHeads(storage)).base.head.seq === head.seq) throw new StorageError('corrupt', cutOff(head))
  }
}

export function cutOff({ seq }: ChainHead): string {
  return `Record ${seq} and those before it are gone, and no record of the chain says that they were archived.`
}

/** Records are chained in about the order of their times. */
function isBefore(entry: Entry, time: number): boolean {
  for (const { at } of recordsOf(entry)) if (!(at < time)) return false
  return true
}
