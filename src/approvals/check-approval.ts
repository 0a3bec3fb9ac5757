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
  const { actions, permissions } = policy.requireFor
  const reasons: Reason[] = []
  const hold = (rule: string, why: string) =>
    reasons.push(
      reason(
        'approval',
        'approval.required',
        `${action} by ${agent} waits for a human: ${why}.`,
        { agent, action, permission, risk },
        { rule },
      ),
    )
  if (risk === 'critical') hold('approval.critical', 'its risk is critical')
  if (roleRequires) hold('approval.role', `the role asks for it with ${permission}`)
  if (actions.includes(action)) hold('approvals.requireFor.actions', 'the policy asks for it with this action')
  if (permissions.includes(permission)) hold('approvals.requireFor.permissions', `the policy asks for it with ${permission}`)
  return holdIf(reasons)
}
