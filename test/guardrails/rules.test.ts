import { expect, test } from 'vitest'
import type { ContactFacts } from '../../src/core/contact.js'
import type { Message } from '../../src/core/message.js'
import { checkMessage, domainHealth, guardrailDefaults, HEALTH_RULES, RECIPIENT_RULES } from '../../src/guardrails/index.js'
import { contact, email, sms } from '../../src/testing/builders.js'
import { facts, NOW } from './facts.js'

const chat: Message = { channel: 'whatsapp', contactId: 'contact_1', recipients: [{ kind: 'contact' }], text: 'Hello there' }
const to = (address: string): Partial<ContactFacts> => ({ emails: [address], consent: {} })
const sick = (counters: Partial<Parameters<typeof domainHealth>[0]>) =>
  domainHealth({ totalSent: 2000, bounces: 0, complaints: 0, ...counters }, guardrailDefaults, NOW)

/** One message for every rule that can speak. */
const SPEAKING: readonly (readonly [Message, Partial<ContactFacts> | null, Parameters<typeof facts>[0]?])[] = [
  [email(), null],
  [email(), {}, { suppressed: ['contact:contact_1'] }],
  [email(), {}, { suppressed: ['ada@example.com'] }],
  [email(), {}, { suppressed: ['@example.com'] }],
  [sms(), {}, { suppressed: ['+12125550123'] }],
  [sms(), { phones: [] }],
  [sms({ recipients: [{ kind: 'to', address: '+12125550000' }] }), {}],
  [email(), to('abuse@acme.example')],
  [email(), to('info@acme.example')],
  [email(), to('ann@gmial.com')],
  [email(), to('ann@yopmail.com')],
  [email(), { dndAll: true }],
  [sms(), { landlines: ['+12125550123'] }],
  [chat, {}, { heardAt: null }],
  [email(), { consent: { email: { status: 'withdrawn' } } }],
  [email(), { ...to('ann@acme.example'), country: 'CA' }],
  [email(), { ...to('ann@gmail.com'), country: 'GB' }],
  [email(), { ...to('ann@acme.example'), country: 'DE' }],
  [email(), { ...to('ann@acme.example'), country: 'ZZ', phones: [], timeZone: 'UTC' }],
  [sms(), { consent: {} }],
  [email(), {}, { senderHealth: sick({ bounces: 100 }) }],
  [email(), {}, { senderHealth: sick({ complaints: 6 }) }],
  [email(), {}, { senderHealth: sick({ week: { totalSent: 500, bounces: 0, complaints: 2 } }) }],
  [email(), {}, { senderHealth: sick({ complaints: 3, opens: 100, bounces: 30 }) }],
  [email(), {}, { senderHealth: sick({ bounces: 40 }) }],
  [email(), {}, { senderHealth: sick({ complaints: 2 }) }],
]

test('every rule about recipients and sending domains that can speak is there as data, and the other way round', () => {
  const said = new Set<string>(['domain.unknown', 'health.warmUp']) // one needs no facts, one is a limit
  for (const [message, who, more] of SPEAKING) {
    const { contact: _none, ...bare } = facts(more)
    const about = who === null ? bare : { ...bare, contact: contact(who) }
    const decision = checkMessage(message, guardrailDefaults, about)
    const reasons = decision.verdict === 'allow' ? [] : decision.reasons
    for (const { rule, code } of [...reasons, ...decision.warnings]) if (/^(?:recipient|domain)\./.test(code)) said.add(rule)
  }
  const known = [...RECIPIENT_RULES, ...HEALTH_RULES]
  expect([...said].sort()).toEqual([...new Set(known.map(({ id }) => id))].sort())
  expect(new Set(known.map(({ id, pack }) => `${id} ${pack}`)).size).toBe(known.length)
})
