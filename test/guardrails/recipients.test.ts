import { expect, test } from 'vitest'
import type { Message } from '../../src/core/message.js'
import {
  checkMessage,
  guardrailDefaults,
  guardrailPolicySchema,
  mailboxGroup,
  recipientKeys,
  registrableDomain,
} from '../../src/guardrails/index.js'
import { contact, email, sms } from '../../src/testing/builders.js'
import { codes, facts, NOW, warningRules } from './facts.js'

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

test('a suppressed contact is suppressed on its channel, and a number that said STOP takes no texts but may be called', () => {
  expect(codes(check(sms(), { suppressed: ['contact:contact_1#sms'] }))).toEqual(['recipient.suppressed'])
  expect(check(email(), { suppressed: ['contact:contact_1#sms'] }).verdict).toBe('allow')
  expect(codes(check(sms(), { suppressed: ['+12125550123#sms'] }))).toEqual(['recipient.suppressed'])
  expect(codes(check(sms({ channel: 'rcs' }), { suppressed: ['+12125550123#sms'] }))).toEqual(['recipient.suppressed'])
  expect(codes(check({ channel: 'call', recipients: [] }, { suppressed: ['+12125550123#sms'] }))).toEqual([])
})

test('an internationalised domain is one, in Unicode and in punycode', () => {
  expect(registrableDomain('Mail.Bücher.example')).toBe('xn--bcher-kva.example')
  const message = email({ recipients: [{ kind: 'cc', address: 'Ann@BÜCHER.example' }] })
  expect(codes(check(message, { suppressed: ['@xn--bcher-kva.example'] }))).toEqual(['recipient.suppressed'])
  expect(codes(check(message, { suppressed: ['ann@bücher.example'] }))).toEqual(['recipient.suppressed'])
})

test.each([
  'abuse',
  'Postmaster',
  'noreply',
  'no-reply',
  'mailer-daemon',
  'hostmaster',
  'webmaster',
  'security',
  'privacy+x',
  'legal',
])('no mail to %s@, as a copy neither', (user) => {
  const to = { contact: contact({ emails: [`${user}@acme.example`] }) }
  expect(check(email(), to)).toMatchObject({ verdict: 'deny', reasons: [{ rule: 'recipient.role-account' }] })
  const copy = email({ recipients: [{ kind: 'contact' }, { kind: 'bcc', address: `${user}@acme.example` }] })
  expect(codes(check(copy))).toEqual(['recipient.role_account'])
})

test('a shared address, a misspelt and a throw-away domain are warned about', () => {
  const to = (address: string) => check(email(), { contact: contact({ emails: [address] }) })
  expect(warningRules(to('info@acme.example'))).toEqual(['recipient.shared-account'])
  expect(to('ann@gmial.com').warnings).toMatchObject([{ rule: 'recipient.misspelt-domain', data: { meant: 'gmail.com' } }])
  expect(warningRules(to('ann@aol.con'))).toEqual(['recipient.misspelt-domain'])
  expect(warningRules(to('ann@mailinator.com'))).toEqual(['recipient.disposable-domain'])
  expect(to('information@acme.example')).toEqual({ verdict: 'allow', warnings: [] })
})

test('role accounts, doubtful domains and throw-away domains are the host’s to set', () => {
  const policy = guardrailPolicySchema.parse({
    recipients: { roleAccounts: 'off', doubtfulDomains: 'block', disposableDomains: ['Burner.example'] },
  })
  const to = (address: string) => checkMessage(email(), policy, facts({ contact: contact({ emails: [address] }) }))
  expect(to('abuse@acme.example')).toEqual({ verdict: 'allow', warnings: [] })
  expect(codes(to('ann@burner.example'))).toEqual(['recipient.doubtful_domain'])
})

test('a landline takes no texts, and mail goes on', () => {
  const lined = { contact: contact({ landlines: ['(212) 555-0123'] }) }
  expect(codes(check(sms(), lined))).toEqual(['recipient.landline'])
  expect(check(email(), lined).verdict).toBe('allow')
})

test('free text on WhatsApp needs a message of the last 24 hours', () => {
  const chat: Message = {
    channel: 'whatsapp',
    contactId: 'contact_1',
    recipients: [{ kind: 'contact' }],
    text: 'Are you still on?',
  }
  const hours = 3_600_000
  expect(check(chat, { heardAt: NOW - 24 * hours }).verdict).toBe('allow')
  expect(codes(check(chat, { heardAt: NOW - 24 * hours - 1 }))).toEqual(['recipient.whatsapp_window'])
  expect(codes(check(chat, { heardAt: null }))).toEqual(['recipient.whatsapp_window'])
  expect(codes(check({ ...chat, sendAt: NOW + 2 * hours }, { heardAt: NOW - 23 * hours }))).toEqual(['recipient.whatsapp_window'])
  expect(check({ ...chat, templateId: 'hello' }, { heardAt: null }).verdict).toBe('hold') // what a template says cannot be read
  expect(warningRules(check(chat))).toContain('whatsapp.window')
})
