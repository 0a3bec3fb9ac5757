import type { Grounding } from '../core/action.js'
import type { Json } from '../core/json.js'
import type { Reason } from '../core/reason.js'
import type { Approval, Approver } from './approval.js'
import { type Refused, refuse, refuseUnsound } from './refuse.js'
import { sealApproval } from './seal.js'

/** What an edit puts in place of the old; what it leaves out stays. */
export interface ApprovalEdit {
  /** Id of the new request. */
  readonly id: string
  readonly by: Approver
  /** Now, ms since 1970. */
  readonly at: number
  readonly expiresAt: number
  readonly request: Json
  readonly digest: string
  readonly policyVersion?: string | undefined
  readonly action?: string | undefined
  readonly contactIds?: readonly string[] | undefined
  readonly reasons?: readonly Reason[] | undefined
  readonly grounding?: Grounding | undefined
}

/**
 * Replaces a pending request by an edited one: `approval` is new and pending, without votes, `superseded` is the
 * old one, closed. The caller judges the edited call like any other before it asks for it. An agent that edits
 * cannot decide on the result; the requester may not edit at all (it asks anew).
 */
export function edit(
  approval: Approval,
  change: ApprovalEdit,
  key?: string,
): { readonly approval: Approval; readonly superseded: Approval } | Refused {
  if (approval.status !== 'pending') {
    return refuse(approval, 'approval.not_pending', `it is ${approval.status} already and cannot be edited.`, {
      status: approval.status,
    })
  }
  const unsound = refuseUnsound(approval, change.at, key)
  if (unsound !== undefined) return unsound
  const { by, at } = change
  if (by.name === '' || by.name === approval.agent) {
    return refuse(approval, 'approval.own_request', `${by.name || 'somebody without a name'} asked for it and cannot edit it.`, {
      by: by.name,
    })
  }
  const { seal: _, status: __, supersedes: ___, votes, ...subject } = approval
  return {
    approval: sealApproval(
      {
        ...subject,
        id: change.id,
        request: change.request,
        digest: change.digest,
        policyVersion: change.policyVersion ?? approval.policyVersion,
        action: change.action ?? approval.action,
        contactIds: change.contactIds ?? approval.contactIds,
        reasons: change.reasons ?? approval.reasons,
        ...(change.grounding === undefined ? {} : { grounding: change.grounding }),
        at,
        expiresAt: change.expiresAt,
        supersedes: approval.id,
        editors: by.kind === 'agent' ? [...new Set([...approval.editors, by.name])] : approval.editors,
        votes: [],
        status: 'pending',
      },
      key,
    ),
    superseded: sealApproval(
      {
        ...subject,
        ...(approval.supersedes === undefined ? {} : { supersedes: approval.supersedes }),
        votes,
        status: 'superseded',
        decidedAt: at,
        supersededBy: change.id,
      },
      key,
    ),
  }
}
