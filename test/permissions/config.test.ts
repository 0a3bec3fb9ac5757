import { expect, test } from 'vitest'
import { isConfigError } from '../../src/core/errors.js'
import { definePermissions, type PermissionsConfig } from '../../src/permissions/index.js'

/** The issues of a configuration that somebody could write in plain JavaScript. */
function issuesOf(config: unknown) {
  try {
    definePermissions(config as PermissionsConfig)
  } catch (error) {
    if (isConfigError(error)) return error.issues
    throw error
  }
  return []
}
const role = { permissions: ['read_leads'], platforms: ['GoHighLevel'] }

test('an unknown role is refused with its path and the nearest name', () => {
  expect(issuesOf({ agents: { a: 'GHL_MASTR' } })).toEqual([
    { path: 'agents.a', message: 'has the unknown role "GHL_MASTR". Did you mean "GHL_MASTER"?' },
  ])
  expect(issuesOf({ agents: { a: 'hunter' } })[0]?.message).toContain('Did you mean "HUNTER"?')
  expect(issuesOf({ agents: { a: 'NOBODY' } })[0]?.message).toContain('There are HUNTER, ')
})

test('a misspelt permission is refused with its path and the nearest name', () => {
  const issues = issuesOf({ agents: {}, roles: { MINE: { ...role, permissions: ['read_leads', 'send_emial'] } } })
  expect(issues).toEqual([{ path: 'roles.MINE.permissions[1]', message: expect.stringContaining('Did you mean "send_email"?') }])
})

test('a misspelt setting of a role is refused, also in a role given in place', () => {
  expect(issuesOf({ agents: { a: { ...role, denny: ['send_sms'] } } })).toEqual([
    { path: 'agents.a', message: 'has no setting "denny". Did you mean "deny"?' },
  ])
})

test('every issue is listed, not only the first', () => {
  expect(issuesOf({ agents: { a: 'X', b: 'Y', 'c ': 'HUNTER' } })).toHaveLength(3)
})

test.each([
  [{ perHour: 'two' }, 'roles.R.limitsPerHour.perHour', /is a string, expected number/],
  [{ perHour: Number.NaN }, 'roles.R.limitsPerHour.perHour', /./],
  [{ perHour: -1 }, 'roles.R.limitsPerHour.perHour', /./],
  [{ perHour: Number.POSITIVE_INFINITY }, 'roles.R.limitsPerHour.perHour', /./],
])('a limit that is not a count is refused: %j', (limitsPerHour, path, message) => {
  expect(issuesOf({ agents: {}, roles: { R: { ...role, limitsPerHour } } })).toEqual([
    { path, message: expect.stringMatching(message) },
  ])
})

test.each(['__proto__', 'constructor', 'prototype'])('%s cannot be the name of an agent or a role', (name) => {
  const named = (value: unknown) => JSON.parse(`{"${name}":${JSON.stringify(value)}}`) as unknown
  expect(issuesOf({ agents: named('HUNTER') })).toEqual([
    { path: `agents.${name}`, message: 'is a name that is never accepted.' },
  ])
  expect(issuesOf({ agents: {}, roles: named(role) })).toHaveLength(1)
})

test('a predefined role cannot be replaced', () => {
  expect(issuesOf({ agents: {}, roles: { HUNTER: role } })).toEqual([
    { path: 'roles.HUNTER', message: 'is a predefined role, choose another name.' },
  ])
})

test.each([[undefined], [null], [[]], ['HUNTER'], [{ a: 7 }], [{ a: null }]])(
  'agents that are no agents are refused: %j',
  (agents) => {
    expect(issuesOf({ agents }).length).toBeGreaterThan(0)
  },
)
