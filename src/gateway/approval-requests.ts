import { type Approval, consume, readApproval, requestApproval } from '../approvals/index.js'
import { StorageError } from '../core/errors.js'
import { newId } from '../core/ids.js'
import type { Json } from '../core/json.js'
import type { Reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import type { Entry, Version } from '../core/storage-ops.js'
import { isWaiting, putApproval, putHeld } from './approval-store.js'
import { type Attempt, digestOf } from './attempt.js'
import { seenChecks, suppressionChecks } from './begin.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'
import { unanswered } from './judge.js'
import { keys } from './keys.js'
import { approvalRecord, recordOp } from './records.js'
import { countedOps } from './windows.js'

/** What the request was judged on has changed since; `suppressed` = somebody it would reach was suppressed. */
export type JudgeAgain = { readonly suppressed: string } | { readonly changed: string }

/**
 * Stores a sealed request for a human, with its audit record, in one commit. An agent that asks again for
 * what still waits, to be decided or to be run, gets the same approval: a model that retries must not fill the
 * list, nor be sent twice by a human who says yes twice. Nobody is asked about somebody suppressed, nor once everything was
 * stopped: the answer then says which key to judge again. Throws when it cannot be stored.
 */
export async function holdForApproval(
  core: Core,
  attempt: Attempt,
  reasons: readonly Reason[],
  now: number,
): Promise<Approval | JudgeAgain> {
  const { policy, known, storage } = core
  const approval = sealedRequest(core, attempt, reasons, now)
  const about = { attempt, policy, pseudonymKey: known.pseudonymKey, at: now }
  const seen = seenChecks(core, attempt, 'approval')
  const checks = suppressionChecks(core, attempt)
  for (let before: Version | null = null; ; ) {
    const [result] = await storage.commit([
      [
        ...seen,
        { op: 'check', key: keys.incarnation, version: known.incarnation },
        putHeld(approval, before),
        putApproval(approval, null),
        ...checks.map(({ op }) => op),
        ...countedOps(attempt, policy, now),
        recordOp(approvalRecord(about, approval)),
      ],
    ])
    if (result === undefined) throw new StorageError('unknown_outcome', 'The storage gave no answer for a batch.')
    if (result.ok) break
    const changed = seen[result.failed]
    if (changed !== undefined) {
      known.learn(changed.key, result.found)
      return { changed: changed.key }
    }
    const failed = result.failed - seen.length
    const suppressed = checks[failed - 3]
    if (suppressed !== undefined) return { suppressed: suppressed.recipientKey }
    if (failed !== 1 || result.found === null) throw new StorageError('wiped', 'The request for approval could not be stored.')
    const open = await stillOpen(core, result.found, approval, now)
    if (open !== null) return open
    before = result.found.version
  }
  core.sealer.wrote()
  core.tell('approval', { id: approval.id, status: approval.status, agent: approval.agent, action: approval.action })
  return approval
}

/** The earlier request, or what an operator's edit made of it, where a yes to it can still be given or used. */
async function stillOpen(core: Core, { value }: Pick<Entry, 'value'>, asked: Approval, now: number): Promise<Approval | null> {
  const [entry] = await core.storage.read([keys.approval(String(value))])
  const found = readApproval(entry?.value)
  if (found?.status === 'superseded') return stillOpen(core, { value: found.supersededBy }, asked, now)
  return found !== null && (isWaiting(found, now) || isUsable(core, found, asked, now)) ? found : null
}

/** A yes under another configuration, or to other reasons, is worth nothing: whoever asks again has to be heard. */
function isUsable({ policy, known }: Core, found: Approval, asked: Approval, at: number): boolean {
  const use = { digest: found.digest, policyVersion: policy.version, locationId: found.locationId, at }
  return !('refused' in consume(found, use, policy.approvals, known.sealKey)) && unanswered(found, asked.reasons).length === 0
}

function sealedRequest({ policy, known }: Core, attempt: Attempt, reasons: readonly Reason[], now: number): Approval {
  return requestApproval(
    {
      id: newId('apr', now),
      agent: attempt.agent,
      action: attempt.classified.action,
      request: { call: attempt.request, context: attempt.context } as unknown as Json,
      digest: digestOf(attempt.request),
      policyVersion: policy.version,
      locationId: attempt.location,
      contactIds: attempt.contactIds,
      reasons,
      ...(attempt.context.grounding && { grounding: attempt.context.grounding }),
      at: now,
      mode: policy.modeNow(known.system().state),
    },
    policy.approvals,
    known.sealKey,
  )
}

/** What an approval holds: the call as it will be sent, and what the agent said about it. */
export interface HeldCall {
  readonly call: GhlRequest
  readonly context: AgentContext
}
