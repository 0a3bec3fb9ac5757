import { describe, expect, test } from 'vitest'
import type { Message } from '../../src/core/message.js'
import { checkSendLimits, DEFAULT_LIMITS, emailLimits, type SendHistory } from '../../src/limits/index.js'

const zone = 'America/New_York'
const noon = Date.parse('2026-01-17T17:00:00Z')
const midnight = Date.parse('2026-01-18T05:00:00Z')
const MINUTE = 60_000

const email = (...to: string[]): Pick<Message, 'channel' | 'recipients'> => ({
  channel: 'email',
  recipients: (to.length > 0 ? to : ['new@example.com']).map((address) => ({ kind: 'to' as const, address })),
})
/** Sends one second apart, the last one `agoMs` before `noon`, each to a domain of its own unless told. */
const sent = (count: number, agoMs: number, to = (i: number) => `lead@d${i}.example`): SendHistory => ({
  zone,
  sent: Array.from({ length: count }, (_, i) => ({ at: noon - agoMs - (count - 1 - i) * 1000, to: [to(i)] })),
})
const sentToday = (count: number) => sent(count, 120 * MINUTE)

describe('e-mail', () => {
  test('the 151st e-mail of the day is refused and says when the day ends', () => {
    expect(checkSendLimits(email(), DEFAULT_LIMITS, sentToday(150), noon)).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'email.daily_limit', stage: 'limits', data: { limit: 150, used: 150, by: 1 }, retryAt: midnight }],
    })
  })
  test('the 150th e-mail of the day passes', () => {
    expect(checkSendLimits(email(), DEFAULT_LIMITS, sentToday(149), noon)).toMatchObject({ verdict: 'allow' })
  })
  test("yesterday's e-mails, by the account's zone and not the server's, do not count for today", () => {
    const lateLastNight = { zone, sent: [{ at: midnight - 86_400_001, to: Array(150).fill('a@b.example') as string[] }] }
    expect(checkSendLimits(email(), DEFAULT_LIMITS, lateLastNight, noon).verdict).toBe('allow')
    expect(checkSendLimits(email(), DEFAULT_LIMITS, { ...lateLastNight, zone: 'UTC' }, noon).verdict).toBe('deny')
  })
  test('the 3001st e-mail of the month is refused until the first of the next month in the account zone', () => {
    const history = { zone, sent: [{ at: Date.parse('2026-01-02T15:00:00Z'), to: Array(3000).fill('a@b.example') as string[] }] }
    expect(checkSendLimits(email(), DEFAULT_LIMITS, history, noon)).toMatchObject({
      reasons: [{ code: 'email.monthly_limit', data: { limit: 3000, used: 3000 }, retryAt: Date.parse('2026-02-01T05:00:00Z') }],
    })
  })
  test('the same month a year later starts at zero', () => {
    const history = { zone, sent: [{ at: Date.parse('2025-01-17T17:00:00Z'), to: Array(3000).fill('a@b.example') as string[] }] }
    expect(checkSendLimits(email(), DEFAULT_LIMITS, history, noon).verdict).toBe('allow')
  })
  test('40 e-mails in 20 minutes round a full hour are not possible: the hour rolls', () => {
    const before = sent(20, 10 * MINUTE)
    const justAfterFour = checkSendLimits(email(), DEFAULT_LIMITS, before, noon)
    expect(justAfterFour).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'email.hourly_limit', data: { limit: 20, used: 20 } }],
    })
  })
  test('an hour later, at most two minutes late, there is room again', () => {
    const decision = checkSendLimits(email(), DEFAULT_LIMITS, sent(20, 10 * MINUTE), noon)
    const retryAt = decision.verdict === 'deny' ? (decision.reasons[0].retryAt ?? 0) : 0
    const first = noon - 10 * MINUTE - 19_000
    expect(retryAt).toBeGreaterThanOrEqual(first + 60 * MINUTE)
    expect(retryAt).toBeLessThanOrEqual(first + 63 * MINUTE)
  })
  test('the sixth recipient at one domain in an hour is refused, and the refusal names the domain', () => {
    const history = sent(5, 10 * MINUTE, (i) => `lead${i}@acme.example`)
    expect(checkSendLimits(email('x@acme.example'), DEFAULT_LIMITS, history, noon)).toMatchObject({
      reasons: [{ code: 'email.domain_limit', data: { limit: 5, used: 5, scope: 'acme.example' } }],
    })
    expect(checkSendLimits(email('x@other.example'), DEFAULT_LIMITS, history, noon).verdict).toBe('allow')
  })
  test('neither case, white space, a final dot nor Unicode spelling opens a second count for a domain', () => {
    const spellings = [
      'a@Müller.example',
      'b@MÜLLER.EXAMPLE',
      'c@xn--mller-kva.example',
      'd@müller.example.',
      'e@müller.example ',
    ]
    const history = sent(5, 10 * MINUTE, (i) => spellings[i] ?? '')
    expect(checkSendLimits(email('f@müller.example'), DEFAULT_LIMITS, history, noon)).toMatchObject({
      reasons: [{ code: 'email.domain_limit' }],
    })
  })
  test('copies count: six recipients at one domain in one message can never pass', () => {
    const six = email(...Array.from({ length: 6 }, (_, i) => `p${i}@acme.example`))
    const decision = checkSendLimits(six, DEFAULT_LIMITS, { zone, sent: [] }, noon)
    expect(decision).toMatchObject({ reasons: [{ code: 'email.domain_limit', data: { used: 0, by: 6 } }] })
    expect(decision.verdict === 'deny' && 'retryAt' in decision.reasons[0]).toBe(false)
  })
  test('a second message within 30 seconds is refused until the 30 seconds are over', () => {
    const last = noon - 12_000
    const decision = checkSendLimits(email(), DEFAULT_LIMITS, { zone, sent: [{ at: last, to: ['a@b.example'] }] }, noon)
    expect(decision).toMatchObject({ reasons: [{ code: 'email.min_delay', retryAt: last + 30_000 }] })
  })
  test('a minimum delay of 0 is none', () => {
    const history = { zone, sent: [{ at: noon, to: ['a@b.example'] }] }
    expect(checkSendLimits(email(), { email: { minDelayMs: 0 } }, history, noon).verdict).toBe('allow')
  })
  test('a limit of 0 lets nothing pass', () => {
    expect(checkSendLimits(email(), { email: { perDay: 0 } }, { zone, sent: [] }, noon)).toMatchObject({
      verdict: 'deny',
      reasons: [{ code: 'email.daily_limit', data: { limit: 0 } }],
    })
  })
  test('all exhausted windows are named at once, so that one answer says what to wait for', () => {
    const history = sent(150, 1000, () => 'x@acme.example')
    const decision = checkSendLimits(email('y@acme.example'), DEFAULT_LIMITS, history, noon)
    expect(decision.verdict === 'deny' && decision.reasons.map(({ code }) => code)).toEqual([
      'email.daily_limit',
      'email.hourly_limit',
      'email.domain_limit',
      'email.min_delay',
    ])
  })
  test('the windows come in a fixed order and a bulk send is counted by month and day', () => {
    const request = { location: 'loc1', zone, recipients: { total: 2, byDomain: { 'a.example': 1, 'b.example': 1 } } }
    const names = emailLimits()
      .windows(request)
      .map(({ name, by }) => [name, by])
    expect(names).toEqual([
      ['email.perMonth', 2],
      ['email.perDay', 2],
      ['email.perHour', 2],
      ['email.perDomainHour', 1],
      ['email.perDomainHour', 1],
      ['email.minDelayMs', 1],
    ])
    expect(
      emailLimits()
        .bulk(request)
        .map(({ name }) => name),
    ).toEqual(['email.perMonth', 'email.perDay'])
  })
  test('SMS have limits of their own: 15 in an hour, 100 a day', () => {
    const sms = { channel: 'sms' as const, recipients: [{ kind: 'contact' as const }] }
    expect(checkSendLimits(sms, DEFAULT_LIMITS, sent(15, MINUTE), noon)).toMatchObject({
      reasons: [{ code: 'sms.hourly_limit' }],
    })
    expect(checkSendLimits(sms, DEFAULT_LIMITS, sentToday(100), noon)).toMatchObject({ reasons: [{ code: 'sms.daily_limit' }] })
    expect(checkSendLimits(sms, DEFAULT_LIMITS, sentToday(99), noon).verdict).toBe('allow')
  })
})
