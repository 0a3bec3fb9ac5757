import { expect, test } from 'vitest'
import type { ContactFacts } from '../../src/core/contact.js'
import { checkMessage, guardrailPolicySchema } from '../../src/guardrails/index.js'
import { contact, email, sms } from '../../src/testing/builders.js'
import { facts, rules, warningRules } from './facts.js'

const always = guardrailPolicySchema.parse({ hours: { email: 'always', sms: 'always' } })
const strict = guardrailPolicySchema.parse({
  hours: { email: 'always', sms: 'always' },
  sender: { postalAddress: '1 Other Road, Leeds' },
})
const NOTHING = { country: '', state: '', postalCode: '', phones: [], emails: ['ann@acme.example'], consent: {} }
const from = (more: Partial<ContactFacts>) => {
  const { timeZone: _zone, ...bare } = contact({ ...NOTHING, ...more })
  return more.timeZone === undefined ? bare : { ...bare, timeZone: more.timeZone }
}
const mail = (who: ContactFacts, policy = always) => checkMessage(email(), policy, facts({ contact: who }))

test.each([
  ...['CA', 'ca', ' CA ', 'CAN', 'Canada', 'canada', 'Kanada'].map((country) => ['law.casl-consent', { country }] as const),
  ...['DE', 'DEU', 'Germany', 'Deutschland', 'Alemania'].map((country) => ['law.eprivacy', { country }] as const),
  ...['AUT', 'Austria', 'Österreich', 'Italy', 'Italia', 'Spain', 'España', 'Poland'].map(
    (country) => ['law.eprivacy', { country }] as const,
  ),
  ...['GB', 'UK', 'U.K.', 'GBR', 'United Kingdom', 'Great Britain', 'England'].map(
    (country) => ['law.pecr', { country, emails: ['ann@gmail.com'] }] as const,
  ),
  ...[
    'Eire',
    'Republic of Ireland',
    'Ελλάδα',
    'България',
    'Germany (DE)',
    'DE - Germany',
    'Kingdom of Spain',
    'The Netherlands',
  ].map((country) => ['law.eprivacy', { country, emails: ['ann@gmail.com'] }] as const),
  ['law.casl-consent', { state: 'Ontario' }],
  ['law.casl-consent', { state: 'ON' }],
  ['law.casl-consent', { postalCode: 'M5X 1A9' }],
  ['law.casl-consent', { state: 'Québec', phones: ['+12125550123'] }],
  ['law.casl-consent', { phones: ['+16045550100'] }],
  ['law.eprivacy', { phones: ['+4930123456'] }],
  ['law.eprivacy', { emails: ['ann@acme.de'] }],
  ['law.eprivacy', { timeZone: 'Europe/Berlin' }],
  ['law.casl-consent', { timeZone: 'America/Toronto' }],
  ['law.casl-consent', { timeZone: 'America/Moncton' }],
  ['law.casl-consent', { timeZone: 'Canada/Eastern' }],
] as const)('%s is kept however the place is told: %o', (rule, more) => {
  expect(mail(from(more))).toMatchObject({ verdict: 'hold', reasons: [{ code: 'recipient.consent', rule }] })
})

test.each([
  ...['US', 'USA', 'US ', 'United States', 'U.S.A.', 'Estados Unidos'].map((country) => ({ country })),
  ...[
    'Hong Kong',
    'Macau',
    'Korea',
    'Korea, Republic of',
    'UAE',
    'KSA',
    'Ivory Coast',
    'Russian Federation',
    'Россия',
    '日本',
  ].map((country) => ({ country })),
  ...['The Philippines', 'The Gambia', 'Bahamas, The', 'Macedonia', 'Palestine', 'Burma', 'Turkey', 'Congo', 'St. Lucia'].map(
    (country) => ({ country }),
  ),
  ...['Trinidad and Tobago', 'Bosnia and Herzegovina', 'Antigua & Barbuda', 'Moldova, Republic of'].map((country) => ({
    country,
  })),
  ...['United States (US)', 'US - United States', 'United States, USA', 'EE.UU.', 'the United States of America'].map(
    (country) => ({
      country,
    }),
  ),
  ...['America/Indianapolis', 'Asia/Calcutta', 'America/Buenos_Aires', 'Asia/Saigon', 'NZ', 'Japan'].map((timeZone) => ({
    timeZone,
  })),
  ...['com.au', 'co.nz', 'ch', 'com.br', 'us'].map((domain) => ({ emails: [`ann@acme.${domain}`] })),
  ...['ann@ny.gov', 'ann@army.mil'].map((address) => ({ emails: [address] })),
  { postalCode: '10001-1234' },
  { country: 'Norway' },
  { country: 'AUS' },
  { state: 'Texas' },
  { state: 'CA' }, // California before Canada
  { phones: ['+12125550123'] },
  { timeZone: 'America/Chicago' },
  { timeZone: 'America/Detroit' },
  { timeZone: 'US/Central' },
])('where no law asks for consent to e-mail, nobody is asked: %o', (more) => {
  expect(mail(from(more)).verdict).toBe('allow')
})

test.each([
  ...[{}, { country: 'ZZ' }, { country: 'Atlantis', state: 'NY' }, { timeZone: 'UTC' }, { timeZone: 'Etc/GMT+5' }],
  ...[{ country: 'Georgia, USA' }, { country: 'US (Germany)' }, { country: 'Paris, TX' }, { country: 'Republic of' }],
  ...[{ country: 'アトランティス' }, { postalCode: '10001' }, { timeZone: 'Mars/Base' }],
  ...['io', 'co', 'ai', 'me', 'tv', 'com', 'zz'].map((domain) => ({ emails: [`ann@acme.${domain}`] })),
])('nobody knows the country: consent is asked for as where a law wants it: %o', (more) => {
  const rule = 'law.consent-unknown-country'
  expect(mail(from(more))).toMatchObject({ verdict: 'hold', reasons: [{ code: 'recipient.consent', rule }] })
  const told = guardrailPolicySchema.parse({ hours: { email: 'always' }, consent: { unknown: 'warn' } })
  expect(warningRules(mail(from(more), told))).toContain(rule)
  expect(mail(from({ ...more, consent: { email: { status: 'given', basis: 'express' } } })).verdict).toBe('allow')
  const american = guardrailPolicySchema.parse({ hours: { email: 'always' }, packs: ['us-federal'] })
  expect(mail(from(more), american).verdict).toBe('allow')
})

test('a postal address is due wherever nobody knows that it is not', () => {
  const rule = 'compliance.postal-address-missing'
  for (const country of ['US', 'USA', 'United States', 'US ', '', 'ZZ', 'Atlantis', 'Canada', 'CAN']) {
    expect(rules(mail(contact({ country }), strict)), country).toContain(rule)
  }
  for (const country of ['Norway', 'AUS', 'ch']) expect(rules(mail(contact({ country }), strict)), country).not.toContain(rule)
  expect(rules(mail(from({ state: 'Florida' }), strict))).toContain(rule)
})

test('what US carriers do not carry is told by the number, wherever its owner lives', () => {
  const text = sms({ text: 'Acme: new CBD gummies in stock. Reply STOP to opt out', recipients: [{ kind: 'contact' }] })
  const say = (who: Partial<ContactFacts>) =>
    rules(checkMessage(text, always, facts({ contact: contact({ consent: { sms: { status: 'given' } }, ...who }) })))
  for (const country of ['US', 'USA', 'United States', 'usa', 'US ', '', 'GB', 'Canada', 'ZZ']) {
    expect(say({ country }), country).toContain('compliance.shaft')
  }
  const abroad = { country: 'US', phones: ['+447911123456'] }
  expect(say(abroad)).not.toContain('compliance.shaft')
  expect(say({ phones: ['(212) 555-0123'], country: 'GB' })).toContain('compliance.shaft')
  expect(say({ phones: ['+18005550123'], country: 'GB' })).toContain('compliance.shaft') // toll-free: nobody knows where
  expect(say({ phones: ['+18765550123'], country: 'US' })).not.toContain('compliance.shaft') // Jamaica
  const to = { ...text, recipients: [{ kind: 'to' as const, address: '+12125550123' }] }
  const two = contact({ phones: ['+447911123456', '+12125550123'], country: 'GB' })
  expect(rules(checkMessage(to, always, facts({ contact: two })))).toContain('compliance.shaft')
})
