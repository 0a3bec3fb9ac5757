import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults } from '../../src/guardrails/index.js'
import { contact, email, fakeClock, grounding, sms } from '../../src/testing/index.js'

test('a fake clock stands still until it is moved', () => {
  const clock = fakeClock('2026-03-02T15:00:00Z')
  expect(clock.now()).toBe(1772463600000)
  expect(clock.advance(500)).toBe(1772463600500)
  expect(clock.set(7)).toBe(7)
  expect([clock.now(), fakeClock(new Date(9)).now()]).toEqual([7, 9])
})

test('a clock refuses what is not a time', () => {
  expect(() => fakeClock('tomorrow')).toThrow(RangeError)
  expect(() => fakeClock().advance(Number.NaN)).toThrow(RangeError)
})

test('builders take overrides and share nothing', () => {
  expect(contact({ dndAll: true })).toMatchObject({ id: 'contact_1', dndAll: true, timeZone: 'America/New_York' })
  expect(contact().tags).not.toBe(contact().tags)
  expect(email({ subject: 'Other' })).toMatchObject({
    channel: 'email',
    subject: 'Other',
    html: expect.stringMatching(/unsubscribe/i),
  })
  expect(sms().text).toContain('STOP')
  expect(grounding({ dataId: 'x' })).toMatchObject({ source: 'ghl', dataId: 'x' })
})

test.each([email(), sms()])('the $channel of the builders passes every default guardrail', (message) => {
  const facts = { now: fakeClock().now(), contact: contact(), grounding: grounding(), senderDomain: 'agency.example.com' }
  expect(checkMessage(message, guardrailDefaults, facts)).toMatchObject({ verdict: 'allow' })
})
