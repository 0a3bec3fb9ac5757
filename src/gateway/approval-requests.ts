import { type Approval, requestApproval } from '../approvals/index.js'
import { newId } from '../core/ids.js'
import type { Json } from '../core/json.js'
import type { Reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import { type Attempt, digestOf } from './attempt.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { approvalRecord, recordOp } from './records.js'
import { countedOps } from './windows.js'

/** Stores a sealed request for a human, with its audit record, in one commit. Throws when it cannot be stored. */
export async function createApproval(core: Core, attempt: Attempt, reasons: readonly Reason[], now: number): Promise<Approval> {
  const { policy, known, storage } = core
  const approval = requestApproval(
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
  const about = { attempt, policy, pseudonymKey: known.pseudonymKey, at: now }
  await storage.commit([
    [
      { op: 'check', key: keys.incarnation, version: known.incarnation },
      { op: 'put', key: keys.approval(approval.id), value: approval as unknown as Json, version: null },
      ...countedOps(attempt, policy, now),
      recordOp(approvalRecord(about, approval)),
    ],
  ])
  core.sealer.wrote()
  core.events.emit('approval', { id: approval.id, status: approval.status, agent: approval.agent, action: approval.action })
  return approval
}

/** What an approval holds: the call as it will be sent, and what the agent said about it. */
export interface HeldCall {
  readonly call: GhlRequest
  readonly context: AgentContext
}
