import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults, guardrailPolicySchema, scoreContent } from '../../src/guardrails/index.js'
import { email, sms } from '../../src/testing/builders.js'
import { codes, facts, warningRules } from './facts.js'

const FOOTER = '\n\nSam\nExample Agency, 100 Main Street, New York, NY 10001\nReply STOP to opt out.'
const mail = (text: string, subject = 'Notes from our call') => ({ channel: 'email', recipients: [], subject, text }) as const
const check = (text: string, subject?: string) => checkMessage(mail(text + FOOTER, subject), guardrailDefaults, facts())
const score = (text: string, subject = '') => scoreContent(mail(text, subject), guardrailDefaults)

test('spam words block, and the reason names the phrases and the points', () => {
  const decision = check('Dear friend, you are a winner! Claim your prize and act now.')
  expect(decision).toMatchObject({ verdict: 'deny', reasons: [{ code: 'content.spam', data: { blockAt: 5 } }] })
  expect(JSON.stringify(decision)).toContain('claim your prize')
})

test('defect 9: "FREE MONEY ACT NOW … Winner! Buy now." is blocked, not just warned about', () => {
  expect(codes(check('FREE MONEY. ACT NOW. You are a winner! Buy now.'))).toContain('content.spam')
})

test.each([
  'freedom and freelancers',
  'feel free to ignore this',
  'a resurgent market',
  'urgent care clinics',
  'we selected three vendors',
  'the quarterly bonus plan',
])('defect 23: "%s" is no spam', (text) => expect(score(`Hi Dana, ${text}.`).findings).toEqual([]))

test.each([
  ['full-width letters', 'Your ｆｒｅｅ gift'],
  ['zero-width characters', 'Your fr\u200bee gift'],
  ['Cyrillic letters', 'Your frее gift'],
  ['digits for letters', 'You are a w1nn3r'],
  ['spaced letters', 'Your f r e e gift'],
  ['dotted letters', 'W.I.N.N.E.R'],
])('defect 23: a trigger word hidden by %s is a block of its own', (_, text) => {
  expect(score(text)).toMatchObject({ verdict: 'block' })
  expect(score(text).findings.map(({ rule }) => rule)).toContain('content.obfuscation')
})

test('double and non-breaking spaces do not split a phrase, the end of a sentence does', () => {
  expect(score('Act  now').findings).toHaveLength(1)
  expect(score('Act\u00a0now').findings).toHaveLength(1)
  expect(score('I will act. Now we talk.').findings).toEqual([])
})

test('a finding says where its phrase stands', () => {
  expect(score('Please act now.').findings[0]).toMatchObject({
    part: 'body',
    span: [7, 14],
    text: 'act now',
    mend: expect.any(String),
  })
})

test('your own phrases count, and replace built-in weights', () => {
  const policy = guardrailPolicySchema.parse({
    content: {
      phrases: [
        { phrase: 'Act now', weight: 0 },
        { phrase: 'synergy', weight: 9 },
      ],
    },
  })
  expect(scoreContent(mail('Act now'), policy).score).toBe(0)
  expect(scoreContent(mail('Pure synergy'), policy).verdict).toBe('block')
})

test.each([
  'Hi {{first_name}},',
  'Hi {FIRST_NAME},',
  'Hi [First Name],',
  'Hi <<FirstName>>,',
  'Hi %FIRSTNAME%,',
  'Hi *|FNAME|*,',
  'Hi $' + '{name},',
  'Hi <%= name %>,',
  'Hi ,',
  'Hi undefined,',
  'Welcome, [object Object]!',
  'I saw you opened an office in .',
])('an unrendered merge tag is refused: %s', (text) => {
  expect(codes(check(`${text}\n\nIt was good to talk to you.`))).toEqual(['content.merge_tag'])
})

test.each([
  'Results [PDF] attached',
  'It grew 12% and 30% since',
  'see a[0] in the code',
  'about $5 and $10_000',
  'an e-mail -- short',
])('no merge tag: %s', (text) => expect(codes(check(`${text}, as promised.`))).toEqual([]))

test('a merge tag in a link target counts', () => {
  const html =
    '<p>Your report is ready to read.</p><a href="https://a.test/{{id}}">Open</a><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(codes(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['content.merge_tag'])
})

test('an e-mail without subject, or with nothing but its opt-out, is empty', () => {
  expect(codes(check('It was good to talk to you.', ''))).toEqual(['content.empty'])
  expect(codes(checkMessage(mail('Reply STOP'), guardrailDefaults, facts()))).toEqual(['content.empty'])
  expect(codes(checkMessage(sms({ text: ' ' }), guardrailDefaults, facts()))).toContain('content.empty')
})

test.each([
  'Reply STOP to opt out',
  'STOP to end',
  'STOP=end',
  'Text STOP to quit.',
  'To opt out, reply STOP',
  'Reply END to opt out',
  'Opt-out: reply STOP',
])('a text that is nothing but its opt-out is empty: "%s"', (text) =>
  expect(codes(checkMessage(sms({ text }), guardrailDefaults, facts()))).toEqual(['content.empty']),
)

test.each([
  'See you at 3 Reply STOP to opt out',
  'Tomorrow works, reply STOP to opt out',
  'Stop by our booth today. Reply STOP to opt out',
  'Reply STOP to opt out. See you at 3',
  'Reply STOP to opt out, your table is ready',
  'Ready! STOP=end',
])('a text that says something beside its opt-out is not: "%s"', (text) =>
  expect(codes(checkMessage(sms({ text }), guardrailDefaults, facts()))).toEqual([]),
)

test('text hidden from the reader is not text', () => {
  const html =
    '<div style="display:none">Hello there, this is a long story</div><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(codes(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['content.empty'])
})

test('a template that GHL fills is held for a human, because what it sends cannot be read', () => {
  const message = { channel: 'email', recipients: [], subject: 'Hello', templateId: 't' } as const
  expect(checkMessage(message, guardrailDefaults, facts())).toMatchObject({
    verdict: 'hold',
    reasons: [{ code: 'content.opaque' }],
  })
})

test('a message longer than 256 k is refused unread', () => {
  expect(codes(check('a '.repeat(140_000)))).toEqual(['content.too_large'])
})

test.each([
  ['subject.capitals', 'URGENT ACTION REQUIRED'],
  ['subject.punctuation', 'Really? Are you sure? What now?'],
  ['subject.punctuation', 'Hello!!'],
  ['subject.too-long', 'x'.repeat(61)],
])('%s warns about the subject "%s"', (rule, subject) => {
  expect(warningRules(check('It was good to talk to you.', subject))).toContain(rule)
})

test.each(['Q3?', 'Why? How?', 'İstanbul office', 'x'.repeat(60)])('the subject "%s" is fine', (subject) => {
  expect(warningRules(check('It was good to talk to you.', subject))).toEqual([])
})

test('http:// in any case and shortened links carry a warning', () => {
  expect(warningRules(check('See HTTP://a.test for the details.'))).toEqual(['url.insecure'])
  expect(warningRules(check('See https://bit.ly/abc for the details.'))).toEqual(['url.shortener'])
})

test.each([
  ['url.userinfo', 'See https://bank.test@evil.test/x for it.'],
  ['url.ip-host', 'See https://198.51.100.7/x for the details.'],
])('%s is refused', (rule, text) => {
  expect(check(text)).toMatchObject({ verdict: 'deny', reasons: [{ code: 'content.link', rule }] })
})

test('a link that shows one domain and leads to another is refused', () => {
  const html =
    '<p>Please read it: <a href="https://evil.test/x">https://bank.test/login</a></p><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(checkMessage(email({ html }), guardrailDefaults, facts())).toMatchObject({
    verdict: 'deny',
    reasons: [{ rule: 'url.anchor-mismatch' }],
  })
})

test('what was read a moment ago is not read again, unless anything of it changed', () => {
  const message = { channel: 'email' as const, recipients: [], subject: 'Notes', text: `Hi Ada, shall we talk?${FOOTER}` }
  const verdict = (policy = guardrailDefaults) => checkMessage(message, policy, facts()).verdict
  expect([verdict(), verdict()]).toEqual(['allow', 'allow'])
  message.text = `FREE MONEY. ACT NOW. You are a winner! Buy now.${FOOTER}`
  expect([verdict(), verdict()]).toEqual(['deny', 'deny'])
  message.text = `Hi Ada, shall we talk?${FOOTER}`
  message.subject = 'FREE MONEY!!! ACT NOW, WINNER'
  expect(verdict()).toBe('deny')
  message.subject = 'Notes'
  expect(verdict()).toBe('allow')
  const own = guardrailPolicySchema.parse({ content: { phrases: [{ phrase: 'shall we talk', weight: 9 }] } })
  expect([verdict(own), verdict()]).toEqual(['deny', 'allow'])
})

test('hostile texts take linear time', () => {
  const start = performance.now()
  for (const text of [
    '<'.repeat(80_000),
    '{{'.repeat(60_000),
    '<a "'.repeat(40_000),
    '&#'.repeat(60_000),
    ' ,'.repeat(60_000),
    'a@'.repeat(60_000),
  ]) {
    checkMessage(email({ html: text, text }), guardrailDefaults, facts())
  }
  expect(performance.now() - start).toBeLessThan(10_000)
})
