// Your guardrail settings as unit tests: no gateway, no storage, no network, no mocks. `npx tsx examples/test-a-guardrail.ts`
// Written for node:test; in vitest or jest only the imports change.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMessage, guardrailPolicySchema, scoreContent, sendWindow } from 'sendwarden/guardrails'
import { contact, email, grounding, sms } from 'sendwarden/testing'

// The part of your configuration under test, as you pass it to createGateway({ guardrails }).
const policy = guardrailPolicySchema.parse({
  hours: { sms: { days: [1, 2, 3, 4, 5], open: '10:00', close: '16:00' } },
  content: { phrases: [{ phrase: 'synergy', weight: 5 }] },
})

const monday10am = Date.parse('2026-03-02T10:00:00-05:00') // in New York, where contact() lives
const facts = { now: monday10am, contact: contact(), grounding: grounding() }
const codesOf = (decision: ReturnType<typeof checkMessage>) =>
  decision.verdict === 'allow' ? [] : decision.reasons.map(({ code }) => code)

test('a plain mail on a Monday morning may go', () => {
  assert.equal(checkMessage(email(), policy, facts).verdict, 'allow')
})

test('our own forbidden word is refused', () => {
  const message = email({ subject: 'Synergy for your team' })
  assert.deepEqual(codesOf(checkMessage(message, policy, facts)), ['content.spam'])
  assert.equal(scoreContent(message, policy).verdict, 'block')
})

test('who asked not to be disturbed is left alone', () => {
  assert.deepEqual(codesOf(checkMessage(email(), policy, { ...facts, contact: contact({ dnd: ['email'] }) })), ['recipient.dnd'])
})

test('texts wait for ten in the morning where the recipient is', () => {
  const losAngeles = contact({ timeZone: 'America/Los_Angeles' })
  assert.deepEqual(codesOf(checkMessage(sms(), policy, { ...facts, contact: losAngeles })), ['time.outside_hours'])
  const { nextAllowed } = sendWindow({ timeZone: 'America/Los_Angeles' }, 'sms', policy, monday10am)
  assert.equal(nextAllowed?.toISOString(), '2026-03-02T18:00:00.000Z')
})

test('old evidence does not count', () => {
  const stale = grounding({ verifiedAt: monday10am - 2 * 3_600_000 })
  assert.deepEqual(codesOf(checkMessage(email(), policy, { ...facts, grounding: stale })), ['grounding.stale'])
})
