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
  verifyAsync,
} from '../audit/index.js'
import type { Core } from './core.js'
import { keys } from './keys.js'

/** The chained record of everything that was wanted, refused, done and decided. It can be read, never written. */
export interface AuditLog {
  /** Records in the order of the chain, oldest first; what still waits is sealed before. */
  records(filter?: AuditFilter): AsyncIterable<AuditRecord>
  /** Walks the whole chain. With a checkpoint kept elsewhere, a cut-off tail is seen too. */
  verify(against?: { readonly checkpoint?: Checkpoint; readonly publicKey?: KeyObject }): Promise<Verification>
  /** A signed statement of how the chain stands: keep it where this storage's owner cannot reach. */
  checkpoint(signer?: CheckpointSigner): Promise<Checkpoint>
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

export function createAuditLog({ known, storage, sealer, clock }: Core): AuditLog {
  async function ready(): Promise<void> {
    await known.open()
    await sealer.flush()
  }

  async function* segments(): AsyncGenerator<SealedSegment> {
    let after: string | undefined
    for (;;) {
      const page = await storage.scan(keys.audit, { limit: PAGE, ...(after !== undefined && { after }) })
      for (const { value } of page) yield value as unknown as SealedSegment
      if (page.length < PAGE) return
      after = page.at(-1)?.key
    }
  }

  async function head(): Promise<ChainHead> {
    const [entry] = await storage.read([keys.auditHead])
    return (entry?.value as unknown as ChainHead | undefined) ?? GENESIS
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
      // The stored head shows a tail that was cut off by somebody who forgot it.
      const inside = await verifyAsync(segments(), { checkpoint: await head() })
      return inside.ok && against.checkpoint !== undefined ? verifyAsync(segments(), against) : inside
    },
    async checkpoint(signer) {
      await ready()
      return checkpoint(await head(), signer, clock.now())
    },
    async seal() {
      await ready()
    },
  }
}
