import { z } from 'zod'
import { ACTION_TYPES, type ActionType } from '../core/action.js'
import { PERMISSIONS } from '../core/permission.js'

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
    /** Asks a human for these besides what is critical or what the role asks for. Default: nothing. */
    requireFor: z
      .strictObject({
        /** Action types, e.g. `send_sms`. Default: none. */
        actions: z
          .array(z.enum(ACTION_TYPES as readonly [ActionType, ...ActionType[]]))
          .readonly()
          .default([]),
        /** Permissions, e.g. `spend_money`. Default: none. */
        permissions: z.array(z.enum(PERMISSIONS)).readonly().default([]),
      })
      .readonly()
      .prefault({}),
    /** A grant given under an older configuration may still be used. Default: false. */
    allowPolicyChange: z.boolean().default(false),
  })
  .readonly()

export type ApprovalsPolicy = z.infer<typeof approvalsPolicy>

export const DEFAULT_APPROVALS_POLICY: ApprovalsPolicy = approvalsPolicy.parse({})
