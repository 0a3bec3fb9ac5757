import { z } from 'zod'
import { ACTION_TYPES, type ActionType } from '../core/action.js'
import { PERMISSIONS, type Permission } from '../core/permission.js'

/** `send_email` is both an action and a permission: naming it means either. */
const NAMES = [...new Set<ActionType | Permission>([...ACTION_TYPES, ...PERMISSIONS])] as const

/** What needs a human, how many of them, and for how long a request waits. Nothing is ever approved by itself. */
export const approvalsPolicy = z
  .strictObject({
    /** A request nobody decided, or a grant nobody used, ends after so many ms. Default: 24 hours. */
    expireMs: z
      .number()
      .int()
      .min(1000)
      .max(366 * 86_400_000)
      .default(86_400_000),
    /** So many different approvers have to say yes. Default: 1. */
    required: z.number().int().min(1).max(20).default(1),
    /** Action types and permissions that wait too, besides what is critical or what the role asks for. Default: none. */
    requireFor: z.array(z.enum(NAMES)).readonly().default([]),
    /** A grant given under an older configuration may still be used. Default: false. */
    allowPolicyChange: z.boolean().default(false),
  })
  .readonly()

export type ApprovalsPolicy = z.infer<typeof approvalsPolicy>

export const DEFAULT_APPROVALS_POLICY: ApprovalsPolicy = approvalsPolicy.parse({})
