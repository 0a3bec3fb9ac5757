import { expect, test } from 'vitest'
import { contactFault } from '../../src/core/contact-fault.js'
import { contact } from '../../src/testing/builders.js'

const CHANNELS = '"email", "sms", "rcs", "whatsapp", "instagram", "facebook", "live_chat", "tiktok", "custom", "call"'

test.each([
  contact(),
  contact({ dnd: ['email', 'sms'], tags: ['lead'], landlines: [], country: 'US', state: 'NY', postalCode: '10001' }),
  contact({ firstName: 'Ann', lastName: 'Lee', companyName: 'Acme', locationId: 'l1', emails: [], phones: [] }),
  contact({
    consent: { email: { status: 'given', basis: 'express', at: 1, expiresAt: 2, record: 'form 7' }, sms: { status: 'none' } },
  }),
  { ...contact(), timeZone: undefined, consent: undefined },
])('a contact as it is documented has no fault', (given) => {
  expect(contactFault(given)).toBeUndefined()
})

test.each<[unknown, string]>([
  [undefined, 'the contact is missing, expected an object, or null where there is none.'],
  ['c1', 'the contact is a string, expected an object, or null where there is none.'],
  [{ id: 'c1', emails: [] }, '`phones` is missing, expected a list.'],
  [{ ...contact(), dndAll: undefined }, '`dndAll` is missing, expected true or false.'],
  [{ ...contact(), dndAll: 'true' }, '`dndAll` is a string, expected true or false.'],
  [{ ...contact(), dnd: ['email', 'SMS'] }, `\`dnd[1]\` is "SMS", expected one of ${CHANNELS}. Did you mean "sms"?`],
  [{ ...contact(), dnd: 'all' }, '`dnd` is a string, expected a list.'],
  [{ ...contact(), dnd: true }, '`dnd` is a boolean, expected a list.'],
  [{ ...contact(), dnd: new Set(['email']) }, '`dnd` is an object, expected a list.'],
  [{ ...contact(), dndSettings: { Email: {} } }, '`dndSettings` is a member no contact has.'],
  [{ ...contact(), timezone: 'Asia/Tokyo' }, '`timezone` is a member no contact has. Did you mean "timeZone"?'],
  [{ ...contact(), constructor: 1 }, '`constructor` is a member no contact has.'],
  [{ ...contact(), country: null }, '`country` is null, expected a text.'],
  [{ ...contact(), id: 5 }, '`id` is 5, expected a text.'],
  [{ ...contact(), emails: ['a@acme.example', null] }, '`emails[1]` is null, expected a text.'],
  [{ ...contact(), consent: { email: 'given' } }, '`consent.email` is a string, expected an object such as { status: "given" }.'],
  [{ ...contact(), consent: [{ channel: 'email' }] }, '`consent` is a list, expected an object of consents by channel.'],
  [
    { ...contact(), consent: { Email: { status: 'given' } } },
    '`consent.Email` is a member no set of consents has. Did you mean "email"?',
  ],
  [{ ...contact(), consent: { email: {} } }, '`consent.email.status` is missing, expected one of "given", "none", "withdrawn".'],
  [{ ...contact(), consent: { email: { status: 'given', since: 1 } } }, '`consent.email.since` is a member no consent has.'],
  [
    { ...contact(), consent: { email: { status: 'given', at: new Date(0) } } },
    '`consent.email.at` is an object, expected ms since 1970.',
  ],
  [
    { ...contact(), consent: { email: { status: 'given', expiresAt: Number.NaN } } },
    '`consent.email.expiresAt` is NaN, expected ms since 1970.',
  ],
])('what a contact cannot hold is named, with the nearest name: %o', (given, fault) => {
  expect(contactFault(given)).toBe(fault)
})
