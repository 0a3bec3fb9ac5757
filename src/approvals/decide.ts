import type { Approval, Approver, Vote } from './approval.js'
import { type Refused, refuse, refuseUnsound } from './refuse.js'
import { sealApproval } from './seal.js'

export interface ApprovalDecision {
  /** Anything but exactly `approve` rejects. */
  readonly verdict: 'approve' | 'reject'
  readonly by: Approver
  readonly note?: string | undefined
  /** Now, ms since 1970. */
  readonly at: number
}

/**
 * Records one approver's verdict. One `reject` ends the request; it is approved when as many different approvers
 * as it requires said yes. Refuses a decision on an own request, a second one by the same approver, and any once
 * it is decided, expired or changed.
 */
export function decide(
  approval: Approval,
  { verdict, by, note, at }: ApprovalDecision,
  key?: string,
): { readonly approval: Approval } | Refused {
  if (approval.status !== 'pending') {
    return refuse(approval, 'approval.not_pending', `it is ${approval.status} already; a decision is never changed.`, {
      status: approval.status,
    })
  }
  const unsound = refuseUnsound(approval, at, key)
  if (unsound !== undefined) return unsound
  if (by.name === '' || by.name === approval.agent || (by.kind === 'agent' && approval.editors.includes(by.name))) {
    return refuse(
      approval,
      'approval.own_request',
      `${by.name || 'somebody without a name'} asked for it or changed it and cannot decide on it.`,
      {
        by: by.name,
        agent: approval.agent,
      },
    )
  }
  if (approval.votes.some((vote) => vote.by.name === by.name)) {
    return refuse(
      approval,
      'approval.same_approver',
      `${by.name} has decided already; ${approval.required} different approvers are needed.`,
      {
        by: by.name,
        required: approval.required,
      },
    )
  }

  const yes = verdict === 'approve'
  const vote: Vote = {
    verdict: yes ? 'approve' : 'reject',
    by: { kind: by.kind, name: by.name },
    ...(note === undefined ? {} : { note }),
    at,
  }
  const { seal: _, status: __, votes: before, ...subject } = approval
  const votes = [...before, vote]
  if (!yes) return { approval: sealApproval({ ...subject, votes, status: 'rejected', decidedAt: at }, key) }
  if (votes.length < approval.required) return { approval: sealApproval({ ...subject, votes, status: 'pending' }, key) }
  return { approval: sealApproval({ ...subject, votes, status: 'approved', decidedAt: at }, key) }
}
