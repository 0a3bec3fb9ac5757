import type { Approval } from './approval.js'
import { type ApprovalsPolicy, DEFAULT_APPROVALS_POLICY } from './policy.js'
import { type Refused, refuse, refuseUnsound } from './refuse.js'
import { sealApproval } from './seal.js'

/** What is about to be sent under a grant. */
export interface ApprovalUse {
  /** Digest of the call as it will be sent. */
  readonly digest: string
  readonly locationId?: string | undefined
  /** The configuration in force; left out by those who have no versions. */
  readonly policyVersion?: string | undefined
  /** Now, ms since 1970. */
  readonly at: number
}

/**
 * Uses a grant, once. Refuses when it was not approved, was used, has expired, was changed since, is for another
 * call or location, or was given under another configuration. Store the result guarded by the version read:
 * two processes that consume at once then get one grant.
 */
export function consume(
  approval: Approval,
  { digest, locationId, policyVersion, at }: ApprovalUse,
  policy: ApprovalsPolicy = DEFAULT_APPROVALS_POLICY,
  key?: string,
): { readonly approval: Approval } | Refused {
  if (approval.status === 'consumed')
    return refuse(approval, 'approval.used', 'it was used already; a grant is good for one call.')
  if (approval.status !== 'approved') {
    return refuse(approval, 'approval.not_approved', `it is ${approval.status}, not approved.`, { status: approval.status })
  }
  const unsound = refuseUnsound(approval, at, key)
  if (unsound !== undefined) return unsound
  if (!isGranted(approval)) {
    return refuse(approval, 'approval.tampered', 'the recorded votes do not approve it.', { required: approval.required })
  }
  if (digest !== approval.digest) {
    return refuse(approval, 'approval.tampered', 'the call is not the one that was approved. Ask for this one.', {
      approved: approval.digest,
      found: digest,
    })
  }
  if (locationId !== approval.locationId) {
    return refuse(approval, 'approval.tampered', 'it was approved for another location.', {
      approved: approval.locationId ?? null,
      found: locationId ?? null,
    })
  }
  if (policyVersion !== undefined && policyVersion !== approval.policyVersion && !policy.allowPolicyChange) {
    return refuse(approval, 'approval.policy_changed', 'the configuration changed since it was asked for. Ask again.', {
      approved: approval.policyVersion,
      found: policyVersion,
    })
  }
  const { seal: _, ...granted } = approval
  return { approval: sealApproval({ ...granted, status: 'consumed', consumedAt: at }, key) }
}

/** Enough different approvers said yes, nobody no, and none of them asked for it. */
function isGranted({ votes, required, agent }: Approval): boolean {
  const names = new Set(votes.map((vote) => vote.by.name))
  return (
    names.size === votes.length &&
    names.size >= required &&
    !names.has(agent) &&
    votes.every(({ verdict }) => verdict === 'approve')
  )
}
