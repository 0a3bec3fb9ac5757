import type { KeyObject } from 'node:crypto'
import {
  type AuditRecord,
  type ChainHead,
  type Checkpoint,
  type CheckpointSigner,
  checkpoint,
  GENESIS,
  type SealedSegment,
  type Verification,
  type VerifyOptions,
  verifyAsync,
} from '../audit/index.js'
import { type AuditArchived, type AuditArchiveRequest, archive, readBase } from './audit-archive.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { scanAll } from './scan-all.js'

/** The chained record of everything that was wanted, refused, done and decided. It can be read, never written. */
export interface AuditLog {
  /** Records in the order of the chain, oldest first; what still waits is sealed before. */
  records(filter?: AuditFilter): AsyncIterable<AuditRecord>
  /** Walks the whole chain, from where it was archived up to. With a checkpoint kept elsewhere, a cut-off tail is seen too. */
  verify(against?: { readonly checkpoint?: Checkpoint; readonly publicKey?: KeyObject }): Promise<Verification>
  /** A signed statement of how the chain stands: keep it where this storage's owner cannot reach. */
  checkpoint(signer?: CheckpointSigner): Promise<Checkpoint>
  /** Moves the oldest records to a place of yours, so that the storage stays small. What is left verifies as before. */
  archive(request: AuditArchiveRequest): Promise<AuditArchived>
  /** Chains what still waits in the outbox now. */
  seal(): Promise<void>
}

export interface AuditFilter {
  readonly kind?: AuditRecord['kind']
  readonly agent?: string
  readonly actionId?: string
  /** Only refusals for lack of permission. */
  readonly violations?: boolean
}

/** Segments read at once. */
const PAGE = 50

export function createAuditLog(core: Core): AuditLog {
  const { known, storage, sealer, clock } = core

  async function ready(): Promise<void> {
    await known.open()
    await sealer.flush()
  }

  async function* segments(): AsyncGenerator<SealedSegment> {
    for await (const { value } of scanAll(storage, keys.audit, { page: PAGE })) yield value as unknown as SealedSegment
  }

  async function head(): Promise<ChainHead> {
    const [entry] = await storage.read([keys.auditHead])
    return (entry?.value as unknown as ChainHead | undefined) ?? GENESIS
  }

  /** What is archived meanwhile would look like a gap: then it is looked at again. */
  async function verifyFrom(base: ChainHead, options: VerifyOptions): Promise<Verification> {
    const verification = await verifyAsync(segments(), { ...options, from: base })
    if (verification.ok) return verification
    const { head: later } = await readBase(storage)
    return later.seq === base.seq ? verification : verifyFrom(later, options)
  }

  return {
    async *records({ kind, agent, actionId, violations } = {}) {
      await ready()
      for await (const segment of segments()) {
        for (const text of segment.records) {
          const record = JSON.parse(text) as AuditRecord
          if (kind !== undefined && record.kind !== kind) continue
          if (agent !== undefined && record.agent !== agent) continue
          if (actionId !== undefined && record.actionId !== actionId) continue
          if (violations === true && record.violation !== true) continue
          yield record
        }
      }
    },
    async verify(against = {}) {
      await ready()
      const { head: base } = await readBase(storage)
      // The stored head shows a tail that was cut off by somebody who forgot it.
      const inside = await verifyFrom(base, { checkpoint: await head() })
      return inside.ok && against.checkpoint !== undefined ? verifyFrom(base, against) : inside
    },
    async checkpoint(signer) {
      await ready()
      return checkpoint(await head(), signer, clock.now())
    },
    async archive(request) {
      await ready()
      return archive(core, request)
    },
    async seal() {
      await ready()
    },
  }
}
