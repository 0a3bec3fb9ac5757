import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults, guardrailPolicySchema, isZone, sendWindow } from '../../../src/guardrails/index.js'
import { contact, email, sms } from '../../../src/testing/builders.js'
import { codes, facts, NOW } from '../facts.js'

const HOUR = 3_600_000
const at = (iso: string, timeZone = 'America/New_York', channel: 'email' | 'sms' = 'email', policy = guardrailDefaults) => {
  const { allowed, nextAllowed, reason } = sendWindow({ timeZone }, channel, policy, Date.parse(iso))
  return [allowed, nextAllowed?.toISOString().replace(':00.000Z', 'Z') ?? null, reason]
}
const closed = (next: string) => [false, next, 'outside-window']

test('e-mail goes out Monday to Friday from 08:00 to before 18:00 at the recipient', () => {
  expect(at('2026-01-15T13:00:00Z')[0]).toBe(true)
  expect(at('2026-01-15T22:59:59.999Z')[0]).toBe(true)
  expect(at('2026-01-15T23:00:00Z')).toEqual(closed('2026-01-16T13:00Z'))
  expect(at('2026-01-16T23:00:00Z')).toEqual(closed('2026-01-19T13:00Z'))
})

test('SMS goes out every day from 08:00 to 21:00', () => {
  expect(at('2026-06-07T00:59:00Z', 'America/New_York', 'sms')[0]).toBe(true)
  expect(at('2026-06-07T01:00:00Z', 'America/New_York', 'sms')).toEqual(closed('2026-06-07T12:00Z'))
})

test('defect 20: the hours are the recipient’s, not the server’s', () => {
  expect(at('2026-06-01T19:00:00Z', 'Pacific/Apia')[0]).toBe(true)
  expect(at('2026-06-01T19:00:00Z', 'Europe/Berlin')[0]).toBe(false)
})

const night = guardrailPolicySchema.parse({ hours: { email: { days: [1, 2, 3, 4, 5, 6, 7], open: '02:30', close: '06:00' } } })
const late = guardrailPolicySchema.parse({ hours: { email: { days: [1, 2, 3, 4, 5, 6, 7], open: '00:30', close: '01:30' } } })

test('an opening in the hour that is skipped moves to the first minute after it', () => {
  expect(at('2026-03-29T00:30:00Z', 'Europe/Berlin', 'email', night)).toEqual(closed('2026-03-29T01:00Z'))
})

test('an opening in the hour that comes twice counts both times', () => {
  expect(at('2026-10-25T00:29:00Z', 'Europe/Berlin', 'email', night)).toEqual(closed('2026-10-25T00:30Z'))
  expect(at('2026-10-25T01:15:00Z', 'Europe/Berlin', 'email', night)).toEqual(closed('2026-10-25T01:30Z'))
  expect(at('2026-11-01T05:45:00Z', 'America/New_York', 'email', late)).toEqual(closed('2026-11-01T06:00Z'))
})

test('offsets that are no whole hours', () => {
  expect(at('2026-05-05T02:14:00Z', 'Asia/Kathmandu')).toEqual(closed('2026-05-05T02:15Z'))
  expect(at('2026-07-01T21:29:00Z', 'Australia/Lord_Howe')).toEqual(closed('2026-07-01T21:30Z'))
})

test('a country without a zone means all of its zones; none in common means never', () => {
  const us = sendWindow({ country: 'us' }, 'email', guardrailDefaults, Date.parse('2026-01-15T14:00:00Z'))
  expect(us.nextAllowed?.toISOString()).toBe('2026-01-15T18:00:00.000Z')
  expect(sendWindow({ country: 'RU' }, 'email', guardrailDefaults, NOW)).toMatchObject({
    nextAllowed: null,
    reason: 'no-common-window',
  })
})

test.each(['Not/AZone', 'GMT+5', '+05:30', 'EST', ''])('"%s" is no zone', (name) => expect(isZone(name)).toBe(false))

test('an unknown zone is held for a human, or refused where the policy says so', () => {
  const nowhere = facts({ contact: contact({ timeZone: 'GMT+5', country: 'ZZ', phones: [] }) })
  expect(checkMessage(email(), guardrailDefaults, nowhere)).toMatchObject({
    verdict: 'hold',
    reasons: [{ code: 'time.unknown_zone' }],
  })
  const strict = guardrailPolicySchema.parse({ hours: { unknownZone: 'deny' } })
  expect(checkMessage(email(), strict, nowhere).verdict).toBe('deny')
})

test('outside the hours the refusal says when to come back, and never hides a block', () => {
  const night = facts({ now: NOW + 12 * HOUR, grounding: { source: 'ghl', dataId: 'contact_1', verifiedAt: NOW + 12 * HOUR } })
  const next = Date.parse('2026-03-03T13:00:00Z')
  expect(checkMessage(email(), guardrailDefaults, night)).toMatchObject({
    reasons: [{ code: 'time.outside_hours', retryAt: next }],
  })
  const quiet = { ...night, contact: contact({ dnd: ['email'] }) }
  expect(codes(checkMessage(email(), guardrailDefaults, quiet))).toEqual(['recipient.dnd', 'time.outside_hours'])
})

test('a hold for an unknown zone is told beside what blocks', () => {
  const decision = checkMessage(
    email({ subject: '' }),
    guardrailDefaults,
    facts({ contact: contact({ timeZone: 'x', country: 'ZZ', phones: [] }) }),
  )
  expect([decision.verdict, codes(decision)]).toEqual(['deny', ['content.empty', 'time.unknown_zone']])
})

test('a scheduled message is judged when it leaves', () => {
  expect(checkMessage(email({ sendAt: NOW + 24 * HOUR }), guardrailDefaults, facts()).verdict).toBe('allow')
  expect(codes(checkMessage(email({ sendAt: NOW + 12 * HOUR }), guardrailDefaults, facts()))).toEqual(['time.outside_hours'])
})

test.each([NOW - HOUR, NOW + 400 * 24 * HOUR, Number.NaN])('a schedule at %s is refused', (sendAt) => {
  expect(codes(checkMessage(sms({ sendAt }), guardrailDefaults, facts()))).toEqual(['time.schedule'])
})

test('where GHL may move a send, the whole span has to be open', () => {
  const send = (sendWithinMs: number) => codes(checkMessage(email({ sendAt: NOW, sendWithinMs }), guardrailDefaults, facts()))
  expect(send(8 * HOUR)).toEqual([])
  expect(send(8 * HOUR + 60_000)).toEqual(['time.schedule'])
})

test('Monday ten o’clock in Auckland and Sydney is open to numbers from there, whoever else shares their code', () => {
  const open = (recipient: { phone: string; country?: string }, iso: string) =>
    sendWindow(recipient, 'email', guardrailDefaults, Date.parse(iso)).allowed
  const auckland = '2026-03-01T21:00:00Z'
  const sydney = '2026-03-02T00:30:00Z'
  expect(open({ phone: '+64211234567', country: 'NZ' }, auckland)).toBe(true)
  expect(open({ phone: '+64211234567' }, auckland)).toBe(true)
  expect(open({ phone: '+61412345678', country: 'AU' }, sydney)).toBe(true)
  expect(open({ phone: '+61891621234' }, sydney)).toBe(false)
})
