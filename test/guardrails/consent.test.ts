import { expect, test } from 'vitest'
import type { Consent, ConsentClaim, ContactFacts } from '../../src/core/contact.js'
import { checkMessage, checkReach, guardrailPolicySchema } from '../../src/guardrails/index.js'
import { contact, email, grounding, sms } from '../../src/testing/builders.js'
import { codes, facts, NOW, warningRules } from './facts.js'

const DAY = 86_400_000
const always = { hours: { email: 'always', sms: 'always' } } as const
const policy = guardrailPolicySchema.parse(always)

/** A contact elsewhere, of whose consent nothing is known. */
const from = (country: string, more: Partial<ContactFacts> = {}): ContactFacts =>
  contact({ country, emails: ['ann@acme.example'], timeZone: 'Europe/London', consent: {}, ...more })
const mail = (who: ContactFacts, claim?: ConsentClaim, rules = policy) =>
  checkMessage(email(), rules, facts({ contact: who, ...(claim && { consent: claim }) }))
const text = (who: ContactFacts, rules = policy) => checkMessage(sms(), rules, facts({ contact: who }))
const given = (more: Partial<Consent> = {}): Consent => ({ status: 'given', ...more })

test('US e-mail needs no consent beforehand', () => {
  expect(mail(from('US'))).toEqual({ verdict: 'allow', warnings: [] })
  expect(mail(from('US', { emails: ['ann@gmail.com'] })).verdict).toBe('allow')
})

test.each([
  ['Canada', from('CA'), 'law.casl-consent'],
  ['Canada by its area code', { ...from('CA', { phones: ['+16045550100'] }), country: '' }, 'law.casl-consent'],
  ['Canada by its domain', { ...from('CA', { phones: [], emails: ['ann@acme.ca'] }), country: '' }, 'law.casl-consent'],
  ['a person in the UK', from('UK', { emails: ['ann@btinternet.com'] }), 'law.pecr'],
  ['a company in Germany', from('DE'), 'law.eprivacy'],
  ['a person in France', from('FR', { emails: ['ann@orange.fr'] }), 'law.eprivacy'],
])('where the law asks for consent and nobody knows of one, a human is asked: %s', (_where, who, rule) => {
  expect(mail(who)).toMatchObject({ verdict: 'hold', reasons: [{ code: 'recipient.consent', rule }] })
})

test('companies in the UK and in France may be written to', () => {
  expect(mail(from('GB')).verdict).toBe('allow')
  expect(mail(from('FR')).verdict).toBe('allow')
})

test('a consent of the kind the law wants is enough; another kind is asked about', () => {
  expect(mail(from('CA', { consent: { email: given({ basis: 'express' }) } })).verdict).toBe('allow')
  expect(mail(from('CA', { consent: { email: given({ basis: 'soft_opt_in' }) } })).verdict).toBe('hold')
  expect(mail(from('DE', { consent: { email: given({ basis: 'corporate' }) } })).verdict).toBe('hold')
  expect(mail(from('GB', { emails: ['ann@gmail.com'], consent: { email: given({ basis: 'corporate' }) } })).verdict).toBe('allow')
})

test('implied consent in Canada ends by the calendar: two years after a purchase, six months after an inquiry', () => {
  const implied = (basis: 'purchase' | 'inquiry', at: string, now: string) => {
    const who = from('CA', { consent: { email: given({ basis, at: Date.parse(at) }) } })
    const then = Date.parse(now)
    return checkMessage(email(), policy, facts({ now: then, contact: who, grounding: grounding({ verifiedAt: then }) })).verdict
  }
  expect(implied('inquiry', '2026-02-01T12:00Z', '2026-08-01T11:59Z')).toBe('allow')
  expect(implied('inquiry', '2026-02-01T12:00Z', '2026-08-01T12:00Z')).toBe('deny')
  // February has no 31st: its last day.
  expect(implied('inquiry', '2026-08-31T12:00Z', '2027-02-28T11:59Z')).toBe('allow')
  expect(implied('inquiry', '2026-08-31T12:00Z', '2027-02-28T12:00Z')).toBe('deny')
  expect(implied('purchase', '2025-03-05T12:00Z', '2027-03-05T11:59Z')).toBe('allow')
  expect(implied('purchase', '2025-03-05T12:00Z', '2027-03-05T12:00Z')).toBe('deny')
  expect(implied('purchase', '2024-02-29T12:00Z', '2026-02-28T12:00Z')).toBe('deny')
})

test('an implied consent without a day, or of a day to come, is asked about; one that says when it ends has ended then', () => {
  const say = (consent: Consent) => mail(from('CA', { consent: { email: consent } })).verdict
  expect(say(given({ basis: 'purchase' }))).toBe('hold')
  expect(say(given({ basis: 'purchase', at: NOW + DAY }))).toBe('hold')
  expect(say(given({ basis: 'inquiry', at: Number.NaN }))).toBe('hold')
  expect(say(given({ expiresAt: NOW }))).toBe('deny')
})

test('known to be absent is refused where a law asks; taken back is refused everywhere', () => {
  expect(codes(mail(from('CA', { consent: { email: { status: 'none' } } })))).toEqual(['recipient.consent'])
  expect(mail(from('US', { consent: { email: { status: 'none' } } })).verdict).toBe('allow')
  expect(codes(text(from('US', { consent: { sms: { status: 'none' } } })))).toEqual(['recipient.consent'])
  expect(mail(from('US', { consent: { email: { status: 'withdrawn' } } }))).toMatchObject({
    verdict: 'deny',
    reasons: [{ rule: 'recipient.consent-withdrawn' }],
  })
})

test('texts to US numbers: a warning until the host says how it keeps consent', () => {
  expect(warningRules(text(from('US')))).toEqual(['law.tcpa-consent'])
  expect(text(from('US')).verdict).toBe('allow')
  const kept = guardrailPolicySchema.parse({ ...always, consent: { unknownUsText: 'block' } })
  expect(codes(text(from('US'), kept))).toEqual(['recipient.consent'])
  expect(text(from('US', { consent: { sms: given({ basis: 'express' }) } }), kept).verdict).toBe('deny')
  expect(text(from('US', { consent: { sms: given({ basis: 'express_written' }) } }), kept).verdict).toBe('allow')
})

test('a pack that is off asks for nothing', () => {
  expect(mail(from('CA'), undefined, { ...policy, packs: ['us-federal'] } as typeof policy).verdict).toBe('allow')
})

const claim = (more: Partial<ConsentClaim> = {}): ConsentClaim => ({
  contactId: 'contact_1',
  channel: 'email',
  status: 'given',
  basis: 'express',
  at: NOW - DAY,
  record: 'form-7',
  ...more,
})

test('a consent that comes with the call counts where nothing is known, for that contact and channel, with its proof', () => {
  expect(mail(from('CA'), claim()).verdict).toBe('allow')
  const { record: _no, ...unproven } = claim()
  expect(mail(from('CA'), unproven).verdict).toBe('hold')
  expect(mail(from('CA'), claim({ at: NOW + DAY })).verdict).toBe('hold')
  expect(mail(from('CA'), claim({ contactId: 'contact_2' })).verdict).toBe('hold')
  expect(mail(from('CA'), claim({ channel: 'sms' })).verdict).toBe('hold')
})

test('what comes with the call restricts, and never outweighs what the contact said', () => {
  const yes = from('CA', { consent: { email: given({ basis: 'express' }) } })
  expect(mail(yes, claim({ status: 'withdrawn' })).verdict).toBe('deny')
  expect(mail(yes, claim({ status: 'none' })).verdict).toBe('deny')
  expect(mail(from('CA', { consent: { email: { status: 'none' } } }), claim()).verdict).toBe('deny')
  expect(mail(from('US', { consent: { email: { status: 'withdrawn' } } }), claim()).verdict).toBe('deny')
  expect(
    codes(checkMessage(email(), policy, facts({ contact: from('CA'), consent: claim(), suppressed: ['contact:contact_1'] }))),
  ).toEqual(['recipient.suppressed'])
})

test('what the reader’s own business causes is no marketing: the laws ask for no consent, and a no stays a no', () => {
  const code = sms({ text: 'Your Acme verification code is 482913.' })
  const kept = guardrailPolicySchema.parse({ ...always, consent: { unknownUsText: 'hold' } })
  const say = (who: ContactFacts, purpose: 'transactional' | 'commercial', rules = kept) =>
    checkMessage(code, rules, facts({ contact: who, purpose }))
  for (const country of ['US', 'CA', 'DE', 'ZZ']) {
    for (const consent of [{}, { sms: { status: 'none' } }] as const) {
      expect(codes(say(from(country, { consent }), 'transactional')), country).toEqual([])
      expect(codes(say(from(country, { consent }), 'commercial')), country).toContain('recipient.consent')
    }
  }
  expect(codes(say(from('US', { consent: { sms: { status: 'withdrawn' } } }), 'transactional'))).toEqual(['recipient.consent'])
  const order = checkMessage(email(), kept, facts({ contact: from('CA'), purpose: 'transactional' }))
  expect(order.verdict).toBe('allow')
  // What a workflow writes cannot be read, so nobody's word makes it transactional.
  const started = checkReach(facts({ contact: from('CA'), purpose: 'transactional' }), kept, { channels: ['email'] })
  expect(started).toMatchObject({ verdict: 'hold', reasons: [{ rule: 'law.casl-consent' }] })
})

test('a workflow needs consent on every channel it may write on, and on no other', () => {
  const start = (who: ContactFacts, channels?: readonly ('email' | 'sms')[]) =>
    checkReach(facts({ contact: who }), policy, channels === undefined ? {} : { channels })
  const both = { email: given({ basis: 'express' }), sms: given({ basis: 'express' }) }
  expect(start(from('CA', { consent: both })).verdict).toBe('allow')
  expect(start(from('CA', { consent: { email: both.email } }))).toMatchObject({
    verdict: 'hold',
    reasons: [{ rule: 'law.casl-consent' }],
  })
  expect(start(from('CA', { consent: { email: both.email } }), ['email']).verdict).toBe('allow')
  expect(start(from('CA', { consent: { email: both.email }, phones: [] })).verdict).toBe('allow')
  expect(codes(start(from('US', { consent: { email: { status: 'withdrawn' } } })))).toEqual(['recipient.consent'])
})
