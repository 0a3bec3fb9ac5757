import { expect, test } from 'vitest'
import { smsSegments } from '../../src/guardrails/compliance/sms-segments.js'
import { checkMessage, guardrailDefaults, guardrailPolicySchema } from '../../src/guardrails/index.js'
import { contact, email, sms } from '../../src/testing/builders.js'
import { codes, facts, rules, warningRules } from './facts.js'

const ADDRESS = 'Example Agency, 100 Main Street, New York, NY 10001'
const mail = (line: string) =>
  checkMessage(
    {
      channel: 'email',
      recipients: [],
      subject: 'Notes',
      text: `Hi Ada,\n\nIt was good to talk to you.\n\nSam\n${ADDRESS}\n${line}`,
    },
    guardrailDefaults,
    facts(),
  )

test.each([
  'Reply STOP to opt out.',
  'Reply "unsubscribe" and we will remove you.',
  'If this is not relevant, reply opt-out.',
  'If not relevant just reply stop',
  'Unsubscribe: https://a.test/u/1',
  'Not for you? Opt out here: https://a.test/o',
  'Update your email preferences: https://a.test/prefs',
  'To stop receiving these emails click https://a.test/x',
  'Abmelden: https://a.test/abmelden',
  'Darse de baja: https://a.test/baja',
])('a way out: %s', (line) => expect(codes(mail(line))).toEqual([]))

test.each([
  '',
  'No unsubscribe needed.',
  'We are a one-stop shop.',
  'Non-stop service for you.',
  'You cannot unsubscribe from this list.',
  'Your unsubscribe rate is above average.',
  'Unsubscribe from complexity: our tool does it all.',
  'Stop by our office any time.',
  'There is nothing to unsubscribe from.',
  'Unsubscribe for a $5 processing fee at https://a.test/u',
  'To unsubscribe, log in to your account at https://a.test/u',
  '> Unsubscribe: https://other.test/u',
  'Reply S T O P now.',
])('a missing unsubscribe is flagged; no way out: "%s"', (line) => {
  expect(rules(mail(line))).toContain('compliance.unsubscribe-missing')
})

test('a hidden, empty or dead unsubscribe link is no way out', () => {
  for (const link of [
    '<a style="font-size:1px" href="https://a.test/u">Unsubscribe</a>',
    '<a href="#">Unsubscribe</a>',
    '<!-- <a href="https://a.test/u">Unsubscribe</a> -->',
  ]) {
    const html = `<p>It was good to talk to you.</p><p>${ADDRESS}</p><p>${link}</p>`
    expect(rules(checkMessage(email({ html }), guardrailDefaults, facts()))).toContain('compliance.unsubscribe-missing')
  }
})

test('a text without a STOP instruction is refused, or carries a warning where the policy says so', () => {
  const text = sms({ text: 'Acme: stop wasting hours on spreadsheets.' })
  expect(rules(checkMessage(text, guardrailDefaults, facts()))).toEqual(['compliance.sms-optout-missing'])
  const lenient = guardrailPolicySchema.parse({ compliance: { optOut: { sms: 'warn' } } })
  expect(warningRules(checkMessage(text, lenient, facts()))).toEqual(['compliance.sms-optout-missing'])
})

test('no STOP instruction is due in an answer, or where the reader’s own business causes the text', () => {
  const text = 'Sure, three o’clock works.'
  expect(codes(checkMessage(sms({ text, isReply: true }), guardrailDefaults, facts()))).toEqual([])
  expect(codes(checkMessage(sms({ text }), guardrailDefaults, facts({ purpose: 'transactional' })))).toEqual([])
})

test.each([
  ['compliance.unsubscribe-negated', 'You cannot unsubscribe from this list.'],
  ['compliance.unsubscribe-burdensome', 'Unsubscribe for a $5 processing fee at https://a.test/u'],
  ['compliance.unsubscribe-burdensome', 'To unsubscribe, log in to your account at https://a.test/u'],
])('%s: "%s"', (rule, line) => expect(rules(mail(line))).toContain(rule))

test('headers are a way out of an e-mail only with both fields of RFC 8058, and where the policy has it', () => {
  const bare = email({ html: `<p>It was good to talk to you.</p><p>${ADDRESS}</p>` })
  const list = { 'List-Unsubscribe': '<https://a.test/u>' }
  const both = { ...list, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' }
  const strict = guardrailPolicySchema.parse({ compliance: { optOut: { header: false } } })
  expect(codes(checkMessage(bare, guardrailDefaults, facts({ headers: both })))).toEqual([])
  expect(codes(checkMessage(bare, guardrailDefaults, facts({ headers: list })))).toEqual(['compliance.opt_out_missing'])
  expect(codes(checkMessage(bare, strict, facts({ headers: both })))).toEqual(['compliance.opt_out_missing'])
})

test('the first text to somebody names the configured brand; a first name is none', () => {
  const policy = guardrailPolicySchema.parse({ sender: { brand: 'Acme Analytics Inc' } })
  const say = (text: string) =>
    rules(checkMessage(sms({ text: `${text} Reply STOP to opt out` }), policy, facts({ firstMessage: true })))
  expect(say('Hi Ada, its Sam.')).toEqual(['compliance.sms-sender-id-missing'])
  expect(say('Acme: see you on Tuesday.')).toEqual([])
  expect(say('Sam from acme analytics here.')).toEqual([])
})

test('a text carriers do not carry is refused in the US, let through elsewhere and without their pack', () => {
  const text = sms({ text: 'Acme: sports betting tonight. Reply STOP to opt out' })
  const without = guardrailPolicySchema.parse({ packs: [] })
  expect(rules(checkMessage(text, guardrailDefaults, facts()))).toEqual(['compliance.sms-forbidden-category'])
  expect(rules(checkMessage(text, without, facts()))).toEqual([])
  const german = contact({ country: 'DE', timeZone: 'Europe/Berlin' })
  expect(rules(checkMessage(text, guardrailDefaults, facts({ contact: german })))).toEqual([])
})

test('alcohol behind an age gate is a warning', () => {
  const text = (more: string) => sms({ text: `Acme: wine tasting on Friday${more}. Reply STOP to opt out` })
  expect(rules(checkMessage(text(''), guardrailDefaults, facts()))).toEqual(['compliance.shaft'])
  expect(warningRules(checkMessage(text(', 21+'), guardrailDefaults, facts()))).toEqual(['compliance.shaft'])
})

const carried = (text: string) =>
  rules(checkMessage(sms({ text: `Acme: ${text} Reply STOP to opt out` }), guardrailDefaults, facts()))

test.each([
  'earn $500/day from home!',
  'earn $2,000 per week.',
  'make $300 daily.',
  'make $1.5k a week.',
  'make up to £900 a week.',
  'earn up to $5,000 monthly.',
  'earn 200€ a day.',
  'earn 500 dollars a day.',
  'earning $40 from home is easy.',
  'earn 900 weekly.',
  '$5 shots until midnight.',
  'we have $3.50 shots and more.',
  'work from home, hiring now.',
  'get a personal loan today.',
  'a shotgun is on sale.',
  'poker tonight.',
])('a promise of riches, and a price on a drink, are not carried: %s', (text) => expect(carried(text)).toHaveLength(1))

test.each([
  'flu shots today.',
  'your shots are ready.',
  'swine flu shots here.',
  '$20 flu shots this week.',
  'head shots day is Friday.',
  'we make 3 deliveries today.',
  'we make 2 day trips.',
  'we make 40 a day.',
  'make 3 copies of the form.',
  'you can make up to 3 changes.',
  'make 2 weekly backups.',
  'please make $20 payments at the desk.',
  'you earn 50 points per visit.',
  'you earn 2 day passes.',
  'earn up to 3 badges.',
  'earn up to $20 back on fuel.',
  'earn $5 in store credit per visit.',
  'you can work from home on Friday, office closed.',
  'we work from home this week, call the mobile.',
  'shotgun start at the golf day.',
  'poker table delivery is Tuesday.',
  'personal loan officer Kim calls at 3.',
])('an ordinary text is carried: %s', (text) => expect(carried(text)).toEqual([]))

test('segments: 160 and 153 characters in GSM-7, 70 and 67 as soon as one is not in it', () => {
  expect(smsSegments('a'.repeat(160))).toEqual({ segments: 1, encoding: 'GSM-7' })
  expect(smsSegments('a'.repeat(161))).toEqual({ segments: 2, encoding: 'GSM-7' })
  expect(smsSegments(`${'a'.repeat(305)}€`)).toEqual({ segments: 3, encoding: 'GSM-7' })
  expect(smsSegments('я'.repeat(70))).toEqual({ segments: 1, encoding: 'UCS-2' })
  expect(smsSegments(`${'a'.repeat(70)}я`)).toEqual({ segments: 2, encoding: 'UCS-2' })
})

test('a sending domain without SPF and DKIM is refused, one without DMARC warned of until it sends in bulk', () => {
  const fine = { spf: true, dkim: true, dmarc: true, aligned: true }
  const say = (authentication: object) =>
    checkMessage(email(), guardrailPolicySchema.parse({ sender: { authentication: { ...fine, ...authentication } } }), facts())
  expect(say({})).toMatchObject({ verdict: 'allow', warnings: [] })
  expect(rules(say({ spf: false, dkim: false }))).toEqual(['auth.spf-dkim'])
  expect(warningRules(say({ dmarc: false }))).toEqual(['auth.dmarc-aligned'])
  expect(rules(say({ dmarc: false, bulk: true }))).toEqual(['auth.dmarc-aligned'])
  expect(warningRules(say({ oneClick: false }))).toEqual(['header.one-click'])
  expect(rules(say({ oneClick: false, bulk: true }))).toEqual(['header.one-click'])
})

test.each(['STOP to end', 'STOP=end', 'Text STOP to quit', 'STOP au 36111'])('an SMS may say "%s"', (stop) => {
  expect(checkMessage(sms({ text: `Acme: see you on Tuesday. ${stop}` }), guardrailDefaults, facts()).warnings).toEqual([])
})

test('an e-mail that seems to hold no postal address carries a warning', () => {
  const html = '<p>It was good to talk to you.</p><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(warningRules(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['compliance.postal-address-missing'])
})

test('a configured postal address has to be there, whatever its line breaks', () => {
  const policy = (postalAddress: string) => guardrailPolicySchema.parse({ sender: { postalAddress } })
  expect(checkMessage(email(), policy('100 Main Street, Suite 5, New York NY 10001'), facts()).verdict).toBe('allow')
  expect(codes(checkMessage(email(), policy('1 Other Road, Leeds'), facts()))).toEqual(['compliance.postal_address_missing'])
})
