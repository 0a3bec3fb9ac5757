import { expect, test } from 'vitest'
import { isConfigError } from '../../src/core/errors.js'
import { definePermissions, isPermissionDenied, requires, type Violation, violationOf } from '../../src/permissions/index.js'

const agents = { outreach: 'GHL_MASTER', scout: 'HUNTER' }
const permissions = definePermissions({ agents })

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

test('require raises when denied, and the function does not run', () => {
  let ran = 0
  const send = requires(permissions, 'send_email')((agent: string, to: string) => `${agent} to ${to} ${++ran}`)
  const error = caught(() => send('scout', 'x@example.com'))
  expect(isPermissionDenied(error) && error.violation).toMatchObject({ agent: 'scout', permission: 'send_email' })
  expect(isConfigError(error)).toBe(false)
  expect(ran).toBe(0)
  expect(send('outreach', 'x@example.com')).toBe('outreach to x@example.com 1')
})

test('an async function rejects instead of throwing, and its result passes through', async () => {
  const send = requires(permissions, 'send_email')(async (_agent: string, n: number) => n * 2)
  const refused = send('scout', 1)
  await expect(refused).rejects.toSatisfy(isPermissionDenied)
  await expect(send('outreach', 21)).resolves.toBe(42)
})

test('a guard that asks for nothing is an error, not a guard that lets everybody in', () => {
  const bare = requires as (permissions: unknown, ...required: unknown[]) => unknown
  expect(() => bare(permissions)).toThrow('requires(permissions, …) needs a permission to ask for, e.g. "send_email".')
  expect(() => bare(permissions, 'send_emial')).toThrow('"send_emial" is not a permission. Did you mean "send_email"?')
  expect(() => bare(permissions, ['send_email'])).toThrow('is not a permission.')
})

test('every permission listed is needed', () => {
  const both = requires(permissions, 'read_leads', 'send_sms')((agent: string) => agent)
  expect(isPermissionDenied(caught(() => both('scout')))).toBe(true)
  expect(both('outreach')).toBe('outreach')
})

test('this is kept', () => {
  const mailer = {
    name: 'mailer',
    send: requires(
      permissions,
      'send_email',
    )(function (this: { name: string }, agent: string) {
      return `${this.name} for ${agent}`
    }),
  }
  expect(mailer.send('outreach')).toBe('mailer for outreach')
})

test('violations are logged: each denial is told once, with the time where a clock is given', () => {
  const seen: Violation[] = []
  const watched = definePermissions({ agents, onViolation: (violation) => seen.push(violation) })
  const send = requires(watched, 'send_email')((agent: string) => agent, { clock: { now: () => 7 } })
  caught(() => send('scout'))
  send('outreach')
  expect(seen).toEqual([
    { agent: 'scout', permission: 'send_email', code: 'permission.denied', message: expect.any(String), at: 7 },
  ])
})

test('a listener that throws does not open the door', () => {
  const deaf = { onViolation: () => { throw new Error('disk full') } } // biome-ignore format: one line says it
  const error = caught(() => requires(permissions, 'send_email')((agent: string) => agent, deaf)('scout'))
  expect(isPermissionDenied(error) && error.cause).toEqual(new Error('disk full'))
})

test.each([undefined, null, 7, {}, '__proto__'])('a call without the name of an agent is denied: %j', (agent) => {
  const send = requires(permissions, 'send_email')((_agent: string) => 'sent')
  expect(isPermissionDenied(caught(() => send(agent as string)))).toBe(true)
})

test('checking is pure: it tells nobody, and the violation can be read from the denial (defect 30)', () => {
  const seen: Violation[] = []
  const watched = definePermissions({ agents, onViolation: (violation) => seen.push(violation) })
  const decision = watched.check('scout', 'send_email')
  expect(seen).toEqual([])
  expect(violationOf('scout', decision, 5)).toMatchObject({
    agent: 'scout',
    permission: 'send_email',
    code: 'permission.denied',
    at: 5,
  })
  expect(violationOf('scout', watched.platform('scout', 'Clay'))).toMatchObject({ code: 'permission.platform' })
  expect(violationOf('scout', watched.check('scout', 'read_leads'))).toBeUndefined()
})
