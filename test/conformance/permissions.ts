import { definePermissions, isPermission } from 'sendwarden/permissions'
import { z } from 'zod'
import type { CaseResult } from './suites.js'

const vectors = z.object({
  cases: z.array(z.object({ role: z.string(), permission: z.string(), granted: z.boolean(), needsApproval: z.boolean() })),
})

/** role × permission → granted, needsApproval. `UNREGISTERED` is an agent without a role. */
export function runPermissionsSuite(file: unknown): readonly CaseResult[] {
  return vectors.parse(file).cases.map(({ role, permission, granted, needsApproval }) => {
    const permissions = definePermissions({ agents: role === 'UNREGISTERED' ? {} : { agent: role } })
    const name = permission.toLowerCase()
    const expected = { granted, needsApproval }
    const got = isPermission(name)
      ? {
          granted: permissions.check('agent', name).verdict === 'allow',
          needsApproval: permissions.needsApproval('agent', name),
        }
      : { unknownPermission: name }
    return { id: `${role} ${permission}`, ok: JSON.stringify(got) === JSON.stringify(expected), expected, got }
  })
}
