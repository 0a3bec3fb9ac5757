import { expect, test } from 'vitest'
import type { FakeGhl } from '../../src/testing/index.js'
import { codesOf, evidence, MORNING, type World, world } from './world.js'

const TEXT = 'Hi Ann, Sam from Example Agency here. Are you still on for Tuesday at 10? Reply STOP to opt out'

function texter({ gateway, fake, clock }: World, person: Parameters<FakeGhl['addContact']>[0]) {
  const { id } = fake.addContact({ firstName: 'Ann', ...person })
  const agent = gateway.agent('outreach')
  return () => agent.with({ grounding: evidence(id, clock) }).execute({ type: 'send_sms', contactId: id, message: TEXT })
}

test('somebody with a Florida number gets three texts in 24 hours, and the fourth once the day is over', async () => {
  const made = await world({ guardrails: { sms: { perHour: 100 } } })
  const text = texter(made, { phone: '+13055550123' })
  for (let n = 0; n < 3; n++) expect(await text()).toMatchObject({ status: 'executed' })
  const fourth = await text()
  expect(fourth).toMatchObject({
    status: 'blocked',
    stage: 'limits',
    reasons: [{ code: 'recipient.frequency_limit', rule: 'law.fl-ftsa' }],
  })
  expect(made.fake.sent).toHaveLength(3)
  if (fourth.status !== 'blocked' || fourth.retryAt === undefined) throw new Error('The refusal says when to come back.')
  made.clock.set(fourth.retryAt)
  expect(await text()).toMatchObject({ status: 'executed' })
})

test('somebody in New York gets as many as the other limits let', async () => {
  const made = await world({ guardrails: { sms: { perHour: 100 } } })
  const text = texter(made, { phone: '+12125550123' })
  for (let n = 0; n < 5; n++) expect(await text()).toMatchObject({ status: 'executed' })
})

test('a text waits for the zone of the number, though the contact’s own zone is open', async () => {
  const made = await world()
  const text = texter(made, { phone: '+14155550123', timezone: 'America/New_York' })
  const outcome = await text()
  expect(codesOf(outcome)).toEqual(['time.outside_hours'])
  expect(outcome).toMatchObject({ retryAt: Date.parse(MORNING) + 3_600_000 })
})

test('the system page says which time zone data are in use and for which zones newer laws stand in', async () => {
  const { gateway } = await world()
  const { timeZones, readiness } = await gateway.system.snapshot()
  expect(timeZones?.version).toBe(process.versions.tz)
  expect(timeZones?.wrong).toEqual([])
  expect(readiness.passed.map(({ check }) => check)).toContain('time zones')
})
