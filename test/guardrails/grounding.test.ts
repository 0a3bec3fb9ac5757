import { expect, test } from 'vitest'
import { checkGrounding, checkReach, guardrailDefaults } from '../../src/guardrails/index.js'
import { contact, grounding } from '../../src/testing/builders.js'
import { codes, facts, NOW } from './facts.js'

const send = { type: 'send_email', risk: 'high', contactIds: ['contact_1'] } as const
const check = (
  given = grounding() as Parameters<typeof checkGrounding>[0],
  action: Parameters<typeof checkGrounding>[1] = send,
) => codes(checkGrounding(given, action, guardrailDefaults, NOW))

test('grounding is required for high risk, not below', () => {
  expect(codes(checkGrounding(undefined, send, guardrailDefaults, NOW))).toEqual(['grounding.missing'])
  expect(codes(checkGrounding(undefined, { ...send, risk: 'medium' }, guardrailDefaults, NOW))).toEqual([])
})

test('fresh evidence about this contact passes', () => expect(check()).toEqual([]))

test('defect 10: evidence dated 2099 is refused', () =>
  expect(check(grounding({ verifiedAt: '2099-01-01T00:00:00Z' }))).toEqual(['grounding.future']))

test('defect 10: evidence needs the id of a record', () =>
  expect(check(grounding({ dataId: ' ' }))).toContain('grounding.invalid'))

test('defect 10: evidence about another contact is refused', () =>
  expect(check(grounding({ dataId: 'contact_2' }))).toEqual(['grounding.other_contact']))

test('defect 10: a missing time and an unknown source are refusals, not exceptions', () => {
  expect(check({ source: 'rumour', dataId: 'contact_1' } as never)).toEqual(['grounding.source', 'grounding.invalid'])
})

test('evidence older than an hour is stale, and two minutes ahead are forgiven', () => {
  expect(check({ ...grounding(), verifiedAt: NOW - 3_600_001 })).toEqual(['grounding.stale'])
  expect(check({ ...grounding(), verifiedAt: NOW + 120_000 })).toEqual([])
})

test('a record that is not the contact itself may name its contact', () => {
  expect(check({ ...grounding({ dataId: 'row-7' }), contactId: 'contact_1' })).toEqual([])
})

test('a time without an offset is no time', () =>
  expect(check(grounding({ verifiedAt: '2026-03-02T15:00:00' }))).toEqual(['grounding.invalid']))

test('defect 12: a workflow is checked for do-not-disturb, suppression, evidence and the hours of every channel', () => {
  const { grounding: _none, ...bare } = facts({
    contact: contact({ dndAll: true }),
    suppressed: ['ada@example.com'],
    now: NOW + 12 * 3_600_000,
  })
  expect(codes(checkReach(bare, guardrailDefaults))).toEqual([
    'recipient.suppressed',
    'recipient.dnd',
    'grounding.missing',
    'time.outside_hours',
  ])
  expect(checkReach(facts(), guardrailDefaults).verdict).toBe('allow')
})
