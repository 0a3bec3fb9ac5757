import { z } from 'zod'
import { PERMISSIONS } from '../core/permission.js'

const permissions = z.array(z.enum(PERMISSIONS)).readonly()
const name = z.string().min(1).max(100)

/** What agents of one kind may do. Nothing is allowed that is not listed. */
export const roleSchema = z
  .strictObject({
    /** What the role may do. */
    permissions,
    /** Never allowed, whatever `permissions` says. Default: none. */
    deny: permissions.optional(),
    /** Platforms the role may use, any case; `All` stands for every platform. */
    platforms: z.array(name).readonly(),
    /** Actions per rolling hour, by limit key (`email_send`). Default: no limits. */
    limitsPerHour: z.record(name, z.number().int().min(0)).readonly().optional(),
    /** What a human has to approve each time. Does not grant anything. Default: nothing. */
    requiresApprovalFor: permissions.optional(),
    /** GHL location ids the role may touch. Default: any. */
    locations: z.array(name).readonly().optional(),
  })
  .readonly()

/** A role: permissions, platforms, limits per hour and what needs a human. */
export type Role = z.infer<typeof roleSchema>

/** The configuration of `definePermissions`: agent name to role name or role, and roles of your own by name. */
export const permissionsPolicy = z.strictObject({
  /** Every agent there is. A name that is not here may do nothing. */
  agents: z.record(name, z.union([z.string(), roleSchema])),
  /** Your own roles. The names of the predefined ones are taken. Default: none. */
  roles: z.record(name, roleSchema).optional(),
})
