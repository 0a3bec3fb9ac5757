import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../src/core/message.js'
import { checkMessage, guardrailDefaults, scoreContent } from '../../src/guardrails/index.js'
import { contact } from '../../src/testing/builders.js'
import { facts } from './facts.js'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        '<a href="',
        '">',
        '<p>',
        '</p>',
        '{{',
        'free',
        ' stop',
        'reply ',
        'https://',
        '\u200b',
        '\n',
        '&#',
        '.',
        ' ,',
        '<!--',
        "'",
        'ｆ',
        '\ud83d',
        '@',
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
)
const message: fc.Arbitrary<Message> = fc.record(
  {
    channel: fc.constantFrom('email', 'sms', 'whatsapp', 'call'),
    recipients: fc.array(fc.record({ kind: fc.constantFrom('contact', 'to', 'cc'), address: text }), { maxLength: 3 }),
    subject: text,
    text,
    html: text,
    sendAt: fc.oneof(fc.double(), fc.integer()),
    sendWithinMs: fc.oneof(fc.double(), fc.integer({ max: 1e7 })),
  },
  { requiredKeys: ['channel', 'recipients'] },
)
const strictness = { allow: 0, hold: 1, deny: 2 } as const

test('no message makes the rules throw, and the same message gets the same answer twice', () => {
  fc.assert(
    fc.property(message, fc.oneof(fc.double(), fc.constant(facts().now)), text, (given, now, zone) => {
      const about = facts({ now, contact: contact({ timeZone: zone }) })
      expect(checkMessage(given, guardrailDefaults, about)).toEqual(checkMessage(given, guardrailDefaults, about))
    }),
    { numRuns: 400 },
  )
})

test('suppressing somebody never loosens a decision', () => {
  fc.assert(
    fc.property(
      message,
      fc.array(fc.oneof(text, fc.constantFrom('ada@example.com', '@example.com', '+12125550123'))),
      (given, suppressed) => {
        const before = checkMessage(given, guardrailDefaults, facts())
        const after = checkMessage(given, guardrailDefaults, facts({ suppressed }))
        expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict])
      },
    ),
    { numRuns: 300 },
  )
})

test('the score is at most the sum of its findings, and more text never lowers it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('act now', 'free', 'hello', 'you have won', 'risk free', 'prize'), { maxLength: 8 }),
      fc.constantFrom('buy now', 'hello there'),
      (parts, more) => {
        const score = (list: readonly string[]) =>
          scoreContent({ channel: 'sms', recipients: [], text: list.join('. ') }, guardrailDefaults)
        const { score: total, findings } = score(parts)
        expect(total).toBeLessThanOrEqual(findings.reduce((sum, { weight }) => sum + weight, 0.01))
        expect(score([...parts, more]).score).toBeGreaterThanOrEqual(total)
      },
    ),
  )
})
