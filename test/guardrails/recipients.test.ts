import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults, mailboxGroup, recipientKeys, registrableDomain } from '../../src/guardrails/index.js'
import { contact, email, sms } from '../../src/testing/builders.js'
import { codes, facts } from './facts.js'

const check = (message = email(), more = {}) => checkMessage(message, guardrailDefaults, facts(more))

test('a valid e-mail is allowed without a warning', () => {
  expect(check()).toEqual({ verdict: 'allow', warnings: [] })
})

test('a valid SMS is allowed without a warning', () => {
  expect(check(sms())).toEqual({ verdict: 'allow', warnings: [] })
})

test('nothing is sent to a contact that could not be read', () => {
  const { contact: _none, ...rest } = facts()
  expect(codes(checkMessage(email(), guardrailDefaults, rest))).toContain('recipient.unresolved')
})

test('do-not-disturb on a channel stops that channel only', () => {
  const quiet = { contact: contact({ dnd: ['sms'] }) }
  expect(codes(check(sms(), quiet))).toEqual(['recipient.dnd'])
  expect(check(email(), quiet).verdict).toBe('allow')
})

test('do-not-disturb on everything stops everything', () => {
  expect(codes(check(email(), { contact: contact({ dndAll: true }) }))).toEqual(['recipient.dnd'])
})

test("an address that is not the contact's own is refused and never shown whole", () => {
  const decision = check(email({ recipients: [{ kind: 'to', address: 'someone@else.test' }] }))
  expect(codes(decision)).toEqual(['recipient.foreign_address'])
  expect(JSON.stringify(decision)).not.toContain('someone@else.test')
})

test("the contact's own address may be named in any case", () => {
  expect(check(email({ recipients: [{ kind: 'to', address: 'ADA@Example.com' }] })).verdict).toBe('allow')
})

test('a contact without an address for the channel is refused', () => {
  expect(codes(check(sms(), { contact: contact({ phones: [] }) }))).toEqual(['recipient.missing_address'])
})

test('copies are recipients too: a suppressed cc stops the e-mail', () => {
  const message = email({ recipients: [{ kind: 'contact' }, { kind: 'cc', address: 'Bob+x@Acme.com' }] })
  expect(codes(check(message, { suppressed: ['bob@acme.com'] }))).toEqual(['recipient.suppressed'])
  expect(check(message, { suppressed: ['carol@acme.com'] }).verdict).toBe('allow')
})

test('a suppressed Gmail mailbox is the same with dots, plus tags and as googlemail', () => {
  const message = email({ recipients: [{ kind: 'bcc', address: 'J.Doe+news@googlemail.com' }] })
  expect(codes(check(message, { suppressed: ['jdoe@gmail.com'] }))).toEqual(['recipient.suppressed'])
})

test('a suppressed contact or domain stops every address of it', () => {
  expect(codes(check(email(), { suppressed: ['contact:contact_1'] }))).toEqual(['recipient.suppressed'])
  expect(codes(check(email(), { suppressed: ['@example.com'] }))).toEqual(['recipient.suppressed'])
})

test('keys of an address: itself, its mailbox, its domain, its registrable domain', () => {
  expect(recipientKeys('email', ' Ada+x@Mail.Acme.co.uk ')).toEqual([
    'ada+x@mail.acme.co.uk',
    'ada@mail.acme.co.uk',
    '@mail.acme.co.uk',
    '@acme.co.uk',
  ])
  expect(recipientKeys('sms', '(415) 555-0100')).toEqual(['+14155550100', '+14155550100#sms'])
  expect(recipientKeys('email', 'nobody')).toEqual([])
})

test('defect 21: case, trailing dot and consumer domains of one provider do not multiply a domain', () => {
  expect(registrableDomain('MAIL.Acme.CO.UK.')).toBe('acme.co.uk')
  expect([mailboxGroup('Gmail.com'), mailboxGroup('googlemail.com')]).toEqual(['google', 'google'])
  expect(new Set(['outlook.com', 'hotmail.com', 'live.com', 'msn.com'].map(mailboxGroup)).size).toBe(1)
  expect(mailboxGroup('eu.acme.com')).toBe('acme.com')
})
