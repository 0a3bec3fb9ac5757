import { type Approval, isExpired, readApproval } from '../approvals/index.js'
import type { Json } from '../core/json.js'
import type { Op, Version } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import { keys } from './keys.js'
import { scanAll } from './scan-all.js'

/** How long an approval can still be read once its time is over, ms. What was decided stays in the audit for good. */
const KEPT_MS = 30 * 24 * 3_600_000
/** Approvals read at once. */
const PAGE = 500

/** Writes an approval: whatever becomes of it has become of it by `expiresAt`. */
export function putApproval(approval: Approval, version: Version | null): Extract<Op, { op: 'put' }> {
  const value = approval as unknown as Json
  return { op: 'put', key: keys.approval(approval.id), value, version, expiresAt: approval.expiresAt + KEPT_MS }
}

/** Remembers which approval an agent's request became, as long as that can be read; `version` left out = whatever stood there. */
export function putHeld({ id, agent, digest, expiresAt }: Approval, version?: Version | null): Op {
  return {
    op: 'put',
    key: keys.held(agent, digest),
    value: id,
    expiresAt: expiresAt + KEPT_MS,
    ...(version !== undefined && { version }),
  }
}

/** The stored approvals, oldest first, after one of them; read a page at a time. What is none is passed over. */
export async function* storedApprovals(storage: Storage, after?: string): AsyncGenerator<Approval> {
  const from = after === undefined ? undefined : keys.approval(after)
  for await (const { value } of scanAll(storage, keys.approvals, { page: PAGE, after: from })) {
    const approval = readApproval(value)
    if (approval !== null) yield approval
  }
}

/** Waits for somebody to decide: nobody has, and its time is not over. */
export function isWaiting(approval: Approval, now: number): boolean {
  return approval.status === 'pending' && !isExpired(approval, now)
}
