import type { Grounding } from '../core/action.js'
import type { Json } from '../core/json.js'
import type { Reason } from '../core/reason.js'
import type { Approval } from './approval.js'
import { type ApprovalsPolicy, DEFAULT_APPROVALS_POLICY } from './policy.js'
import { sealApproval } from './seal.js'

export interface ApprovalRequest {
  readonly id: string
  /** The agent that asks. */
  readonly agent: string
  readonly action: string
  /** The call in canonical form, complete: it is what will be sent. */
  readonly request: Json
  /** Digest of the call; `consume` compares it with what is about to be sent. */
  readonly digest: string
  readonly policyVersion: string
  readonly locationId?: string | undefined
  readonly contactIds: readonly string[]
  readonly reasons: readonly Reason[]
  readonly grounding?: Grounding | undefined
  /** Now, ms since 1970. */
  readonly at: number
  /** Default: `at` plus the policy's `expireMs`. */
  readonly expiresAt?: number | undefined
  readonly mode?: Json | undefined
  /** Default: the policy's. */
  readonly required?: number | undefined
}

/** A new pending request, copied, frozen and sealed. Throws `JsonFaultError` when it holds what JSON cannot carry. */
export function requestApproval(
  input: ApprovalRequest,
  policy: ApprovalsPolicy = DEFAULT_APPROVALS_POLICY,
  key?: string,
): Approval {
  return sealApproval(
    {
      status: 'pending',
      id: input.id,
      agent: input.agent,
      action: input.action,
      request: input.request,
      digest: input.digest,
      policyVersion: input.policyVersion,
      ...(input.locationId === undefined ? {} : { locationId: input.locationId }),
      contactIds: input.contactIds,
      reasons: input.reasons,
      ...(input.grounding === undefined ? {} : { grounding: input.grounding }),
      at: input.at,
      expiresAt: input.expiresAt ?? input.at + policy.expireMs,
      ...(input.mode === undefined ? {} : { mode: input.mode }),
      required: input.required ?? policy.required,
      editors: [],
      votes: [],
    },
    key,
  )
}
