import { expect, test } from 'vitest'
import { checkMessage, guardrailDefaults, guardrailPolicySchema } from '../../src/guardrails/index.js'
import { email, sms } from '../../src/testing/builders.js'
import { codes, facts, warningRules } from './facts.js'

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
  expect(codes(mail(line))).toEqual(['compliance.opt_out_missing'])
})

test('a hidden, empty or dead unsubscribe link is no way out', () => {
  for (const link of [
    '<a style="font-size:1px" href="https://a.test/u">Unsubscribe</a>',
    '<a href="#">Unsubscribe</a>',
    '<!-- <a href="https://a.test/u">Unsubscribe</a> -->',
  ]) {
    const html = `<p>It was good to talk to you.</p><p>${ADDRESS}</p><p>${link}</p>`
    expect(codes(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['compliance.opt_out_missing'])
  }
})

test('an SMS without a STOP instruction carries a warning, or is refused where the policy says so', () => {
  const text = sms({ text: 'Acme: stop wasting hours on spreadsheets.' })
  expect(warningRules(checkMessage(text, guardrailDefaults, facts()))).toEqual(['compliance.sms_stop'])
  const strict = guardrailPolicySchema.parse({ compliance: { optOut: { sms: 'block' } } })
  expect(codes(checkMessage(text, strict, facts()))).toEqual(['compliance.opt_out_missing'])
})

test.each(['STOP to end', 'STOP=end', 'Text STOP to quit', 'STOP au 36111'])('an SMS may say "%s"', (stop) => {
  expect(checkMessage(sms({ text: `Acme: see you on Tuesday. ${stop}` }), guardrailDefaults, facts()).warnings).toEqual([])
})

test('an e-mail that seems to hold no postal address carries a warning', () => {
  const html = '<p>It was good to talk to you.</p><p><a href="https://a.test/u">Unsubscribe</a></p>'
  expect(warningRules(checkMessage(email({ html }), guardrailDefaults, facts()))).toEqual(['compliance.postal_address_missing'])
})

test('a configured postal address has to be there, whatever its line breaks', () => {
  const policy = (postalAddress: string) => guardrailPolicySchema.parse({ compliance: { postalAddress } })
  expect(checkMessage(email(), policy('100 Main Street, Suite 5, New York NY 10001'), facts()).verdict).toBe('allow')
  expect(codes(checkMessage(email(), policy('1 Other Road, Leeds'), facts()))).toEqual(['compliance.postal_address_missing'])
})
