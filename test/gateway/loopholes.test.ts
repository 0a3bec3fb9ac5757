import { expect, test } from 'vitest'
import { contact } from '../../src/testing/index.js'
import { codesOf, evidence, HTML, mail, world } from './world.js'

test('moving a contact to another time zone waits for a human: it would allow a mail at night', async () => {
  const { outreach, ann, fake } = await world()
  const moved = await outreach.execute({ type: 'update_contact', contactId: ann.id, contact: { timezone: 'Asia/Tokyo' } })
  expect(moved).toMatchObject({ status: 'pending_approval' })
  expect(fake.received('PUT /contacts/*')).toHaveLength(0)
  const created = { type: 'create_contact', contact: { email: 'new@acme.example', timezone: 'Asia/Tokyo' } } as const
  expect(await outreach.execute(created)).toMatchObject({ status: 'executed' })
})

test('a scheduled mail counts on the day and in the hour it leaves, whenever it was asked for', async () => {
  const { outreach, ann, clock } = await world({ guardrails: { email: { perDay: 2, perHour: 1, minDelayMs: 0 } } })
  const at = (sendAt: string) =>
    outreach.execute({ type: 'schedule_email', contactId: ann.id, subject: 'Your second warehouse', html: HTML, sendAt })
  expect(await at('2026-01-15T16:00:00Z')).toMatchObject({ status: 'executed' })
  expect(codesOf(await at('2026-01-15T16:30:00Z'))).toEqual(['email.hourly_limit'])
  expect(codesOf(await at('2026-01-15T15:30:00Z'))).toEqual(['email.hourly_limit'])
  expect(await at('2026-01-15T19:00:00Z')).toMatchObject({ status: 'executed' })
  expect(codesOf(await at('2026-01-15T21:00:00Z'))).toEqual(['email.daily_limit'])
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  clock.set('2026-01-15T15:10:00Z')
  const tomorrow = outreach.with({ grounding: evidence(ann.id, clock) })
  expect(codesOf(await tomorrow.execute(mail(ann.id)))).toEqual(['email.daily_limit', 'email.hourly_limit'])
})

test('a request approved hours later runs on the evidence it was asked with', async () => {
  const { gateway, outreach, ann, fake, clock } = await world({ approvals: { requireFor: ['send_email'] } })
  const held = await outreach.execute(mail(ann.id))
  clock.advance(2 * 3_600_000)
  const answer = await gateway.approvals.approve(held.status === 'pending_approval' ? held.approvalId : '', { by: 'maria' })
  expect(answer).toMatchObject({ outcome: { status: 'executed' } })
  expect(fake.sent).toHaveLength(1)
})

test('what an agent says about its call does not choose the mode in a pilot', async () => {
  const { gateway, fake } = await world({ mode: { pilot: 0.5 } })
  const create = { type: 'create_contact', contact: { email: 'x@acme.example' } } as const
  for (let i = 0; i < 8; i++) {
    expect(
      await gateway
        .agent('outreach')
        .with({ contact: `any-${i}` })
        .execute(create),
    ).toMatchObject({ status: 'shadowed' })
  }
  expect(fake.received('POST /contacts/')).toHaveLength(0)
})

test('the look-ups of dry runs count at GHL too', async () => {
  const { outreach, ann, fake } = await world({ guardrails: { ghl: { per10s: 3 } } })
  for (let i = 0; i < 6; i++) await outreach.check(mail(ann.id))
  expect(fake.calls).toHaveLength(3)
})

test('a request that names another location than the gateway works for is refused', async () => {
  const facts = contact({ id: 'c1' })
  const { locationId: _, ...elsewhere } = facts
  const { gateway, fake, clock } = await world({
    resolveContact: async () => elsewhere,
    guardrails: { email: { perHour: 1, minDelayMs: 0 } },
  })
  fake.addContact({ id: 'c1', email: facts.emails[0] ?? '' })
  const outreach = gateway.agent('outreach').with({ grounding: evidence('c1', clock) })
  const ask = (locationId: string) =>
    outreach.execute({
      type: 'ghl_request',
      method: 'POST',
      path: '/conversations/messages',
      body: { type: 'Email', contactId: 'c1', subject: 'Your second warehouse', html: HTML, locationId },
    })
  expect(await ask(fake.locationId)).toMatchObject({ status: 'executed' })
  expect(codesOf(await ask('elsewhere'))).toEqual(['permission.location'])
})
