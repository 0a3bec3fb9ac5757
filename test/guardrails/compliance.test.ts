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
  'Para no recibir más correos, responda BAJA.',
  'Rispondi CANCELLA per non ricevere altri messaggi.',
  'Ответьте СТОП, чтобы отписаться.',
  'Antwoord STOP om af te melden.',
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
  'Responda si baja el precio.',
  'Reply CANCEL if you cannot make it.',
  'Reply by the end of the week.',
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

test.each([
  'To opt out, pay $2 at https://a.test/o',
  'Unsubscribe for €3: https://a.test/u',
  'Unsubscribe ($5 admin charge): https://a.test/u',
  'Unsubscribe: https://a.test/u (costs $1)',
  'Unsubscribing costs $5: https://a.test/u',
  'Pay 2 EUR to unsubscribe: https://a.test/u',
  'Opt out for only 3 euros: https://a.test/u',
  'To unsubscribe, send $5 by PayPal and reply STOP',
  'To unsubscribe, buy a subscription first: https://a.test/u',
  'To unsubscribe, please register at https://a.test/u',
  'To unsubscribe, sign in at https://a.test/app',
  'Unsubscribe after logging in: https://a.test/u',
  'Unsubscribe by signing into your account: https://a.test/u',
  'To unsubscribe, enter your credit card at https://a.test/u',
  'To unsubscribe, provide your date of birth and SSN at https://a.test/u',
  'To unsubscribe, tell us why and upload your ID: https://a.test/u',
  'To unsubscribe, tell us why at https://a.test/u',
  'To opt out, confirm your identity at https://a.test/o',
  'Opt out with your phone number, enter it here: https://a.test/u, then enter your bank details',
  'Opt out by registered mail only: https://a.test/u',
  'To unsubscribe, visit our office in person or see https://a.test/u',
  'To opt out, come to our store: https://a.test/u',
])('a way out that costs money, asks for data or a visit is none: "%s"', (line) =>
  expect(rules(mail(line))).toEqual(['compliance.unsubscribe-burdensome', 'compliance.unsubscribe-missing']),
)

test.each([
  'Unsubscribe free of charge: https://a.test/u',
  'Unsubscribe at no cost: https://a.test/u',
  'Unsubscribe (no fee, no login): https://a.test/u',
  'Unsubscribe, it costs $0: https://a.test/u',
  'Unsubscribe, you never have to pay for it: https://a.test/u',
  'Unsubscribe without logging in: https://a.test/u',
  'Unsubscribe with one click, login not required: https://a.test/u',
  'Unsubscribe, no credit card needed: https://a.test/u',
  'To unsubscribe, enter your email at https://a.test/u',
  'To unsubscribe, confirm your e-mail address: https://a.test/u',
  'Get $10 off your next order or unsubscribe: https://a.test/u',
  'You get this because you joined the $49 plan, unsubscribe: https://a.test/u',
  'Log in | Unsubscribe: https://a.test/u',
  'Buy tickets: https://a.test/buy Unsubscribe: https://a.test/u',
  'Pay your invoice · Unsubscribe: https://a.test/u',
  'Unsubscribe: https://a.test/login?amount=$5',
  'Unsubscribe: https://a.test/u (tell us why, if you like)',
  'Visit our website to unsubscribe: https://a.test/u',
  'We send offers under $20 on Mondays. Unsubscribe: https://a.test/u',
])('a way out that is free stays one: "%s"', (line) => expect(codes(mail(line))).toEqual([]))

const LINKS = {
  U: '<a href="https://a.test/u">Unsubscribe</a>',
  L: '<a href="https://a.test/login">Log in</a>',
  I: '<a href="https://a.test/login">logging in</a>',
  S: '<a href="https://a.test/s">Visit our store</a>',
  C: '<a href="tel:+12125550199">Call 212-555-0199</a>',
  P: '<a href="https://a.test/r">Reset password</a>',
}
const linked = (line: string) => {
  const shown = line.replace(/\[([A-Z])\]/g, (_, key: keyof typeof LINKS) => LINKS[key])
  return rules(
    checkMessage(
      email({ html: `<p>It was good to talk to you.</p><p>${shown}</p><p>${ADDRESS}</p>` }),
      guardrailDefaults,
      facts(),
    ),
  )
}

test.each([
  ...[
    'Plans from $5 [U]',
    'Plans start at $5/month — [U]',
    'Give $20, get $20 - [U]',
    'Total $45.00 [U]',
    'Gift cards from $25 [U]',
  ],
  ...['Donate $5 to the shelter or [U]', '[S] [U]', 'Come visit our office at 12 Main St - [U]', 'We accept credit cards, [U]'],
  ...[
    '[L] [U]',
    '[L] / [U]',
    '[L] &gt; [U]',
    '[U] [L]',
    '[U] or [L] to manage your preferences',
    '[U] or update your preferences by [I]',
  ],
  ...['[C] [U]', 'Phone: 212-555-0199 [U]', '[P] [U]', 'Lee &amp; Co, Certified Public Accountants, [U]'],
  ...['You can also log in to change how often we write, or [U] with one click', 'This inbox is not monitored - [U]'],
])('what stands beside a link to unsubscribe is no price of it: "%s"', (line) => expect(linked(line)).toEqual([]))

test.each([
  ...[
    '[L] to [U]',
    'Log in to [U]',
    'Log in and [U]',
    'Pay $5 to [U]',
    'After a payment of $5, [U]',
    'Once logged in you can [U]',
  ],
  ...[
    'To [U], log in',
    '[U] by [I]',
    '[U] after logging in',
    '[U] for a $5 fee',
    '[U] (costs $1)',
    '[U], then log in to confirm',
  ],
  ...['You must call us to [U]', 'Complete the form with your password to [U]'],
])('what leads into a link to unsubscribe, or goes on behind it, is asked for it: "%s"', (line) =>
  expect(linked(line)).toContain('compliance.unsubscribe-burdensome'),
)

test('headers are a way out of an e-mail only with both fields of RFC 8058, and where the policy has it', () => {
  const bare = email({ html: `<p>It was good to talk to you.</p><p>${ADDRESS}</p>` })
  const list = { 'List-Unsubscribe': '<https://a.test/u>' }
  const both = { ...list, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' }
  const strict = guardrailPolicySchema.parse({ compliance: { optOut: { header: false } } })
  expect(codes(checkMessage(bare, guardrailDefaults, facts({ headers: both })))).toEqual([])
  expect(codes(checkMessage(bare, guardrailDefaults, facts({ headers: list })))).toEqual(['compliance.opt_out_missing'])
  const unfilled = { ...both, 'List-Unsubscribe': '<https://a.test/u?id={{id}}>' }
  expect(codes(checkMessage(bare, guardrailDefaults, facts({ headers: unfilled })))).toEqual(['compliance.opt_out_missing'])
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
  const german = contact({ country: 'DE', timeZone: 'Europe/Berlin', phones: ['+4915112345678'] })
  const there = { ...text, recipients: [{ kind: 'contact' as const }] }
  expect(rules(checkMessage(there, guardrailDefaults, facts({ contact: german })))).toEqual([])
})

test.each([
  ...['p\u200bayday loan', 'Ｃrypto', 'c r y p t o', 'C.R.Y.P.T.O', 'B1tcoin offer', 'w33d delivery', 'c4nnabis', 'v4pe juice'],
  ...['mar1juana', '4mmo', 'p0ker', 'gamb1ing', 'payd@y loans', 'c\u0251nnabis', 'c\u0430sino', 'cannabís', 'vo\u00addka'],
  ...['ＶＯＤＫＡ', 'g\u200bun show', 'tit1e loans', 'b i t c o i n'],
])('what carriers do not carry is refused under a disguise too, and the disguise for itself: "%s"', (what) => {
  const said = rules(checkMessage(sms({ text: `Acme: ${what} today. Reply STOP to opt out` }), guardrailDefaults, facts()))
  expect(said).toContain('content.obfuscation')
  expect(said.some((rule) => /^compliance\.(?:shaft|sms-forbidden-category)$/.test(rule))).toBe(true)
})

test.each([
  'Bu gün açığız, iyi günler',
  'Seat 6UN, gate B12, code G1N',
  'Your plate 7ABC123 is registered',
  'Reply A, B, C or D',
  'Café José is open, see you mañana',
  'Room w33, floor 4',
  'Model V4P ships on Monday',
  'Привет, встреча завтра',
  'Code 5521, box 4, row C',
  'We fixed the payday@acme.test address',
  'J. R. R. T. signed it',
])('a text that hides nothing passes: "%s"', (what) => {
  const decision = checkMessage(sms({ text: `Acme: ${what}. Reply STOP to opt out` }), guardrailDefaults, facts())
  expect(rules(decision)).toEqual([])
})

test('such a word in an e-mail is none of the carriers’ business, disguised or not', () => {
  const mailed = (what: string) =>
    rules(checkMessage(email({ subject: `The c4nnabis report on ${what}` }), guardrailDefaults, facts()))
  expect(mailed('w33d')).toEqual([])
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

test.each([
  ...['STOP to end', 'STOP=end', 'Text STOP to quit', 'STOP au 36111', 'Opt out: STOP', 'Unsubscribe = STOP', 'Opt-out: STOP'],
  ...['Responda BAJA', 'Rispondi CANCELLA', 'Ответьте СТОП', 'Antwoord STOP om af te melden'],
])('an SMS may say "%s"', (stop) => {
  expect(checkMessage(sms({ text: `Acme: see you on Tuesday. ${stop}` }), guardrailDefaults, facts()).warnings).toEqual([])
})

test('an e-mail that seems to hold no postal address carries a warning', () => {
  const html = '<p>It was good to talk to you.</p><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(warningRules(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['compliance.postal-address-missing'])
})

test.each([
  'Acme, C/ Mayor 3, 28013 Madrid',
  'Acme AS, Karl Johans gate 1, 0154 Oslo',
  'Acme, 12 Sycamore Cove, Memphis, TN',
  'Acme, 2500 N Lamar, Austin, TX 78705',
])('an address without a word for its street is one: "%s"', (address) => {
  const html = `<p>It was good to talk to you.</p><p>${address}</p><p><a href="https://a.test/u">Unsubscribe</a></p>`
  expect(warningRules(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual([])
})

test.each(['Our Suite 2026', 'Floor 3 opens soon', 'We met on March 3, 2026 Paris', 'On 12 May, Dana, we met'])(
  'a number alone is no address: "%s"',
  (line) => {
    const html = `<p>It was good to talk to you. ${line}.</p><p><a href="https://a.test/u">Unsubscribe</a></p>`
    expect(warningRules(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['compliance.postal-address-missing'])
  },
)

test('a configured postal address may be abbreviated otherwise', () => {
  const policy = guardrailPolicySchema.parse({ sender: { postalAddress: '548 Market St, Ste 200, New York, NY 10001' } })
  const say = (address: string) => {
    const html = `<p>It was good to talk to you.</p><p>${address}</p><p><a href="https://a.test/u">Unsubscribe</a></p>`
    return codes(checkMessage(email({ html }), policy, facts()))
  }
  expect(say('548 Market Street, Suite 200, New York, New York 10001')).toEqual([])
  expect(say('548 MARKET ST., STE. 200<br>New York, NY 10001')).toEqual([])
  expect(say('548 Market Street, Suite 300, New York, NY 10001')).toEqual(['compliance.postal_address_missing'])
  expect(say('548 Market Street, Suite 200, New York, NJ 10001')).toEqual(['compliance.postal_address_missing'])
})

test('a configured postal address has to be there, whatever its line breaks', () => {
  const policy = (postalAddress: string) => guardrailPolicySchema.parse({ sender: { postalAddress } })
  expect(checkMessage(email(), policy('100 Main Street, Suite 5, New York NY 10001'), facts()).verdict).toBe('allow')
  expect(codes(checkMessage(email(), policy('1 Other Road, Leeds'), facts()))).toEqual(['compliance.postal_address_missing'])
})
