import { definePermissions } from 'sendwarden/permissions'
import { z } from 'zod'
import type { CaseResult } from './suites.js'

const vectors = z.object({
  cases: z.array(
    z.object({ role: z.string(), platform: z.string(), allowed: z.boolean(), defects: z.array(z.string()).optional() }),
  ),
})

/** role × platform, any case → allowed. With us `All` is a wildcard, so the cases where it was not one are skipped. */
export function runPlatformsSuite(file: unknown): readonly CaseResult[] {
  return vectors.parse(file).cases.map(({ role, platform, allowed, defects }) => {
    const permissions = definePermissions({ agents: role === 'UNREGISTERED' ? {} : { agent: role } })
    const got = permissions.platform('agent', platform).verdict === 'allow'
    const id = `${role} ${JSON.stringify(platform)}`
    const skipped = defects === undefined || defects.length === 0 ? {} : { skipped: defects.join('; ') }
    return { id, ok: got === allowed, expected: allowed, got, ...skipped }
  })
}
