import type { KeyObject } from 'node:crypto'
import {
  type AuditRecord,
  type ChainHead,
  type Checkpoint,
  type CheckpointSigner,
  checkpoint,
  type SealedSegment,
  type Verification,
  verifyAsync,
} from '../audit/index.js'
import { type AuditArchived, type AuditArchiveRequest, archive, cutOff } from './audit-archive.js'
import { readHeads } from './audit-heads.js'
import { isAnnounced, recordsOf, segmentOf, storedSegments } from './audit-segments.js'
import type { Core } from './core.js'

/** The chained record of everything that was wanted, refused, done and decided. It can be read, never written. */
export interface AuditLog {
  /** Records in the order of the chain, oldest first; what still waits is sealed before. */
  records(filter?: AuditFilter): AsyncIterable<AuditRecord>
  /**
   * Walks the whole chain, from where it was archived up to. With a checkpoint kept elsewhere, a cut-off tail is seen too.
   * Throws `StorageError` (`corrupt`) when it cannot be read where the chain begins or ends.
   */
  verify(against?: Against): Promise<Verification>
  /** A signed statement of how the chain stands: keep it where this storage's owner cannot reach. */
  checkpoint(signer?: CheckpointSigner): Promise<Checkpoint>
  /** Moves the oldest records to a place of yours, so that the storage stays small. What is left verifies as before. */
  archive(request: AuditArchiveRequest): Promise<AuditArchived>
  /** Chains what still waits in the outbox now. */
  seal(): Promise<void>
}

interface Against {
  readonly checkpoint?: Checkpoint
  readonly publicKey?: KeyObject
}

export interface AuditFilter {
  readonly kind?: AuditRecord['kind']
  readonly agent?: string
  readonly actionId?: string
  /** Only refusals for lack of permission. */
  readonly violations?: boolean
}

export function createAuditLog(core: Core): AuditLog {
  const { known, storage, sealer, clock } = core

  async function ready(): Promise<void> {
    await known.open()
    await sealer.flush()
  }

  async function* segments(): AsyncGenerator<SealedSegment> {
    for await (const entry of storedSegments(storage)) yield segmentOf(entry)
  }

  async function verify(against: Against): Promise<Verification> {
    await known.open()
    const base = (await readHeads(storage)).base.head
    // After the base was read, so that the record that announces it is in the chain.
    await sealer.flush()
    const verification = await verifyFrom(base, against)
    // What is archived meanwhile would look like a gap: then it is looked at again.
    if (verification.ok || (await readHeads(storage)).base.head.seq === base.seq) return verification
    return verify(against)
  }

  async function verifyFrom(base: ChainHead, against: Against): Promise<Verification> {
    const { end } = await readHeads(storage)
    // The stored head shows a tail that was cut off by somebody who forgot it.
    const inside = await verifyAsync(segments(), { checkpoint: end.head, from: base })
    if (!inside.ok) return inside
    if (!(await isAnnounced(storage, base))) return { ok: false, at: base.seq, problem: 'missing', message: cutOff(base) }
    return against.checkpoint === undefined ? inside : verifyAsync(segments(), { ...against, from: base })
  }

  return {
    async *records({ kind, agent, actionId, violations } = {}) {
      await ready()
      for await (const entry of storedSegments(storage)) {
        for (const record of recordsOf(entry)) {
          if (kind !== undefined && record.kind !== kind) continue
          if (agent !== undefined && record.agent !== agent) continue
          if (actionId !== undefined && record.actionId !== actionId) continue
          if (violations === true && record.violation !== true) continue
          yield record
        }
      }
    },
    verify: (against = {}) => verify(against),
    async checkpoint(signer) {
      await ready()
      return checkpoint((await readHeads(storage)).end.head, signer, clock.now())
    },
    async archive(request) {
      await known.open()
      return archive(core, request)
    },
    async seal() {
      await ready()
    },
  }
}
