import { expect, test } from 'vitest'
import { isConfigError } from '../../src/core/errors.js'
import { agentLimits, emailLimits, ghlLimits, reserve, smsLimits } from '../../src/limits/index.js'

const now = Date.parse('2026-01-17T17:00:00Z')

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, '150', null])('a limit of %s is a configuration error', (bad) => {
  // @ts-expect-error what a JavaScript host may pass
  const policies = [() => emailLimits({ perDay: bad }), () => smsLimits({ perHour: bad }), () => ghlLimits({ per10s: bad })]
  for (const policy of policies) expect(policy).toThrow(expect.objectContaining({ name: 'ConfigError' }))
  // @ts-expect-error what a JavaScript host may pass
  expect(() => agentLimits({ email_send: bad })).toThrow('limitsPerHour.email_send')
})
test('a misspelt limit is an error, not a default', () => {
  // @ts-expect-error what a JavaScript host may pass
  expect(() => emailLimits({ perday: 10 })).toThrow('perday')
})
test('a zone that does not exist is a configuration error, never another zone', () => {
  const windows = emailLimits().windows({ location: 'l', zone: 'Mars/Olympus', recipients: { total: 1 } })
  expect(() => reserve(windows, now)).toThrow(expect.toSatisfy(isConfigError))
})
test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a count of %s recipients is more than any limit, since NaN compares with nothing',
  (total) => {
    const [month] = reserve(emailLimits().windows({ location: 'l', zone: 'UTC', recipients: { total } }), now)
    expect(month).toMatchObject({ by: Number.MAX_SAFE_INTEGER, max: 3000 })
  },
)
test.each([0, -4, 0.2])('a message to %s recipients counts as one', (total) => {
  expect(reserve(emailLimits().windows({ location: 'l', zone: 'UTC', recipients: { total } }), now)[0]).toMatchObject({ by: 1 })
})
test('names that are no safe key are hashed: ASCII, short, and never the same as another', () => {
  const hostile = ['a/b', 'a', 'ä', 'x'.repeat(500), '__proto__', '../..', 'a b', '~']
  const keys = hostile.map((agent) => agentLimits({ k: 1 }).windows({ agent, limitKey: 'k' })[0]?.key ?? '')
  expect(new Set(keys).size).toBe(hostile.length)
  for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,120}$/)
})
test('a prefix keeps the counts of a rehearsal apart', () => {
  const request = { location: 'l', zone: 'UTC', recipients: { total: 1 } }
  expect(emailLimits().windows({ ...request, prefix: 'shadow/' })[0]?.key).toBe('shadow/q/l/email/month')
  expect(emailLimits().windows(request)[0]?.key).toBe('q/l/email/month')
})
