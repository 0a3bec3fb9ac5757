import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTION_RULES } from '../../src/core/action.js'
import { definePermissions, isPermission, PERMISSIONS, type Permission, ROLES } from '../../src/permissions/index.js'

const permissions = definePermissions({
  agents: { outreach: 'GHL_MASTER', scout: 'HUNTER', writer: 'CRAFTER', gate: 'GATEKEEPER', queen: 'QUEEN' },
})
const codesOf = (decision: ReturnType<typeof permissions.check>) =>
  decision.verdict === 'allow' ? [] : decision.reasons.map(({ code }) => code)

describe('who may do what', () => {
  test('an unknown agent is denied, and told which name is nearest', () => {
    const decision = permissions.check('outreech', 'read_leads')
    expect(decision).toMatchObject({ verdict: 'deny', reasons: [{ code: 'permission.unknown_agent', stage: 'permission' }] })
    expect(decision.verdict === 'deny' && decision.reasons[0].message).toMatch(/"outreech" is not registered.*"outreach"/)
  })

  test('a granted permission passes', () => {
    expect(permissions.check('scout', 'read_leads')).toEqual({ verdict: 'allow', warnings: [] })
  })

  test('GHL_MASTER can send e-mail', () => {
    expect(permissions.check('outreach', 'send_email').verdict).toBe('allow')
  })

  test('HUNTER cannot send e-mail, and the denial names agent, role, permission and what to do', () => {
    const decision = permissions.check('scout', 'send_email')
    expect(decision).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'permission.denied', data: { agent: 'scout', role: 'HUNTER', permission: 'send_email' } }],
    })
    expect(decision.verdict === 'deny' && decision.reasons[0].message).toMatch(/"scout" \(role HUNTER\).*send_email.*Grant it/)
  })

  test('restricted actions need approval, granted or not', () => {
    expect(permissions.needsApproval('outreach', 'send_bulk')).toBe(true)
    expect(permissions.needsApproval('outreach', 'send_email')).toBe(false)
    expect(permissions.needsApproval('writer', 'send_email')).toBe(true)
    expect(permissions.needsApproval('nobody', 'read_leads')).toBe(true)
  })

  test('deny wins over a grant', () => {
    const role = { ...ROLES.GHL_MASTER, deny: ['send_sms'] as const }
    const { check } = definePermissions({ agents: { a: role } })
    expect([check('a', 'send_sms').verdict, check('a', 'send_email').verdict]).toEqual(['deny', 'allow'])
  })

  test('no input whatever is allowed that a role does not list', () => {
    const agent = fc.oneof(
      fc.constantFrom(...permissions.agents, '__proto__', 'constructor', 'toString', 'Scout', 'scout '),
      fc.string(),
    )
    const permission = fc.oneof(
      fc.constantFrom(...PERMISSIONS),
      fc.constantFrom('__proto__', 'constructor', 'SEND_EMAIL', 'send_email '),
      fc.string(),
    )
    fc.assert(
      fc.property(agent, permission, (name, wanted) => {
        const granted = isPermission(wanted) && (permissions.role(name)?.permissions.includes(wanted) ?? false)
        expect(permissions.check(name, wanted as Permission).verdict).toBe(granted ? 'allow' : 'deny')
      }),
    )
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is an unknown agent like any other', (name) => {
    expect(codesOf(permissions.check(name, 'read_leads'))).toEqual(['permission.unknown_agent'])
    expect(permissions.needsApproval(name, 'read_leads')).toBe(true)
    expect(permissions.limits(name)[name]).toBeUndefined()
    expect(permissions.role(name)).toBeUndefined()
  })

  test.each(['Scout', 'scout ', 'SCOUT'])('names of agents are compared exactly: %j is not scout', (name) => {
    expect(codesOf(permissions.check(name, 'read_leads'))).toEqual(['permission.unknown_agent'])
  })
})

describe('platforms', () => {
  test('are compared without regard to case', () => {
    expect(permissions.platform('scout', 'lINKEDiN').verdict).toBe('allow')
    expect(permissions.platform('outreach', 'GOHIGHLEVEL').verdict).toBe('allow')
  })

  test('a wrong one is denied with the ones the role has', () => {
    expect(permissions.platform('scout', 'GoHighLevel')).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'permission.platform', message: expect.stringMatching(/GoHighLevel.*LinkedIn, Sales Navigator/) }],
    })
    expect(permissions.platform('scout', 'LinkedIn ').verdict).toBe('deny')
  })

  test('"All" stands for every platform: QUEEN may use GoHighLevel (defect 27)', () => {
    for (const name of ['GoHighLevel', 'linkedin', 'Supabase', 'one of tomorrow']) {
      expect(permissions.platform('queen', name).verdict).toBe('allow')
      expect(permissions.platform('gate', name).verdict).toBe('allow')
    }
  })

  test.each(['', ' ', '*', '* '])('"All" does not stand for a blank or a pattern: %j', (name) => {
    expect(permissions.platform('queen', name).verdict).toBe('deny')
  })
})

describe('locations', () => {
  const { location } = definePermissions({
    agents: { here: { ...ROLES.GHL_MASTER, locations: ['loc_1'] }, anywhere: 'GHL_MASTER' },
  })

  test('a role limited to locations may touch no other, and none that is not known', () => {
    expect(location('here', 'loc_1').verdict).toBe('allow')
    expect(codesOf(location('here', 'loc_2'))).toEqual(['permission.location'])
    expect(codesOf(location('here', undefined))).toEqual(['permission.location'])
    expect(codesOf(location('nobody', 'loc_1'))).toEqual(['permission.unknown_agent'])
  })

  test('a role without a list may touch any', () => {
    expect(location('anywhere', 'loc_2').verdict).toBe('allow')
  })
})

describe('limits', () => {
  test('of a role are found under the keys that actions count by (defect 28)', () => {
    const limits = permissions.limits('outreach')
    expect(limits[ACTION_RULES.send_email.limitKey]).toBe(500)
    expect(limits[ACTION_RULES.schedule_email.limitKey]).toBe(500)
    expect(limits[ACTION_RULES.send_sms.limitKey]).toBe(200)
    expect(limits[ACTION_RULES.bulk_send_email.limitKey]).toBe(10)
  })

  test('a limit nobody set is absent, whatever it is called', () => {
    expect(permissions.limits('outreach').constructor).toBeUndefined()
    expect(Object.keys(permissions.limits('queen'))).toEqual([])
  })

  test('of one agent are not shared with another of the same role (defect 29)', () => {
    const own = definePermissions({ agents: { a: 'GHL_MASTER', b: { ...ROLES.GHL_MASTER, limitsPerHour: { email_send: 1 } } } })
    expect([own.limits('a').email_send, own.limits('b').email_send]).toEqual([500, 1])
  })
})

describe('roles are copied and frozen (defect 29)', () => {
  test('changing a role after it was given changes nothing', () => {
    const granted: Permission[] = ['read_leads']
    const limitsPerHour = { x: 1 }
    const own = definePermissions({
      agents: { a: 'MINE' },
      roles: { MINE: { permissions: granted, platforms: [], limitsPerHour } },
    })
    granted.push('admin_access')
    limitsPerHour.x = 99
    expect(own.check('a', 'admin_access').verdict).toBe('deny')
    expect(own.limits('a')).toEqual({ x: 1 })
  })

  test('what is handed out cannot be changed', () => {
    const role = permissions.role('outreach')
    for (const part of [
      permissions,
      role,
      role?.permissions,
      role?.platforms,
      role?.limitsPerHour,
      permissions.limits('scout'),
      ROLES.QUEEN.permissions,
    ]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })
})

test('the predefined roles are those of the replaced system', () => {
  expect(Object.keys(ROLES)).toEqual(['HUNTER', 'ENRICHER', 'SEGMENTOR', 'CRAFTER', 'GATEKEEPER', 'GHL_MASTER', 'QUEEN'])
  expect(ROLES.QUEEN.permissions).toEqual(PERMISSIONS.slice(0, 17))
  expect(ROLES.GHL_MASTER).toEqual({
    permissions: [
      'send_email',
      'send_sms',
      'send_bulk',
      'trigger_workflow',
      'read_leads',
      'write_leads',
      'read_contacts',
      'write_contacts',
    ],
    platforms: ['GoHighLevel'],
    limitsPerHour: { email_send: 500, sms_send: 200, bulk_send: 10 },
    requiresApprovalFor: ['send_bulk', 'modify_workflow'],
  })
})
