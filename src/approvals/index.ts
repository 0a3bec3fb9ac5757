export {
  type Approval,
  type ApprovalStatus,
  type Approver,
  approvalSchema,
  isExpired,
  readApproval,
  type Vote,
} from './approval.js'
export { type ApprovalSubject, checkApproval } from './check-approval.js'
export { type ApprovalUse, consume } from './consume.js'
export { type ApprovalDecision, decide } from './decide.js'
export { type ApprovalEdit, edit } from './edit.js'
export { type ApprovalsPolicy, approvalsPolicy, DEFAULT_APPROVALS_POLICY } from './policy.js'
export type { Refused } from './refuse.js'
export { type ApprovalRequest, requestApproval, requestApproval as request } from './request.js'
