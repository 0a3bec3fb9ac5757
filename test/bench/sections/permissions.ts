import { AbilityBuilder, createMongoAbility } from '@casl/ability'
import { definePermissions, PERMISSIONS, ROLES } from '../../../src/permissions/index.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'

const N = 500_000

/** May this agent do that? Both sides are asked for every permission in turn, of a role that has eight of them. */
export async function permissions(): Promise<readonly Row[]> {
  const own = definePermissions({ agents: { outreach: 'GHL_MASTER', scout: 'HUNTER' } })
  const { can, build } = new AbilityBuilder(createMongoAbility)
  for (const permission of ROLES.GHL_MASTER.permissions) can(permission, 'GoHighLevel')
  const ability = build()
  const granted = ROLES.GHL_MASTER.permissions
  const refused = PERMISSIONS.filter((permission) => !granted.includes(permission))
  let allowed = 0

  const took = await measure({
    own: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++)
          if (own.check('outreach', granted[i % granted.length] ?? 'read_leads').verdict === 'allow') allowed++
      },
    },
    casl: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) if (ability.can(granted[i % granted.length] ?? 'read_leads', 'GoHighLevel')) allowed++
      },
    },
    ownRefused: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++)
          if (own.check('outreach', refused[i % refused.length] ?? 'read_leads').verdict === 'allow') allowed++
      },
    },
    caslRefused: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) if (ability.can(refused[i % refused.length] ?? 'read_leads', 'GoHighLevel')) allowed++
      },
    },
  })
  if (allowed === 0) throw new Error('Nothing was measured.')
  return [
    { what: 'permissions.check, granted', rounds: took.own, peer: { name: 'casl can', rounds: took.casl } },
    {
      what: 'permissions.check, refused and explained',
      rounds: took.ownRefused,
      peer: { name: 'casl can', rounds: took.caslRefused },
    },
    { what: 'casl can, granted', rounds: took.casl },
    { what: 'casl can, refused', rounds: took.caslRefused },
  ]
}
