import type { ActionType, Risk } from '../core/action.js'
import { type Decision, holdIf } from '../core/decision.js'
import type { Permission } from '../core/permission.js'
import { type Reason, reason } from '../core/reason.js'
import { type ApprovalsPolicy, DEFAULT_APPROVALS_POLICY } from './policy.js'

export interface ApprovalSubject {
  readonly agent: string
  readonly action: ActionType
  readonly permission: Permission
  readonly risk: Risk
  /** The agent's role asks for a human for this permission. */
  readonly roleRequires: boolean
}

/** Does a human have to say yes first? Holds with every reason: the risk is critical, the role asks for it, the policy does. */
export function checkApproval(subject: ApprovalSubject, policy: ApprovalsPolicy = DEFAULT_APPROVALS_POLICY): Decision {
  const { agent, action, permission, risk, roleRequires } = subject
  const asked = policy.requireFor.some((name) => name === action || name === permission)
  if (risk !== 'critical' && !roleRequires && !asked) return holdIf([])

  const data = { agent, action, permission, risk }
  const hold = (rule: string, why: string): Reason =>
    reason('approval', 'approval.required', `${action} by ${agent} waits for a human: ${why}.`, data, { rule })
  return holdIf([
    ...(risk === 'critical' ? [hold('approval.critical', 'its risk is critical')] : []),
    ...(roleRequires ? [hold('approval.role', `the role asks for one with ${permission}`)] : []),
    ...(asked ? [hold('approvals.requireFor', `the policy asks for one with ${action} or ${permission}`)] : []),
  ])
}
