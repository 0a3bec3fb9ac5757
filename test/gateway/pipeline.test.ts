import { expect, test } from 'vitest'
import { PERMISSIONS } from '../../src/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { codesOf, evidence, HTML, mail, world } from './world.js'

test('a mail that nobody has a reason to refuse is sent once and audited twice', async () => {
  const { outreach, ann, fake, gateway } = await world()
  const outcome = await outreach.execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'executed', agent: 'outreach', action: 'send_email' })
  expect(fake.sent).toHaveLength(1)
  const kinds: string[] = []
  for await (const record of gateway.audit.records()) kinds.push(record.kind)
  expect(kinds).toEqual(['intent', 'outcome'])
  expect(await gateway.audit.verify()).toMatchObject({ ok: true, records: 2 })
})

test('the stages come in their order, whatever else is wrong', async () => {
  const { gateway, ann, clock } = await world()
  const scout = gateway.agent('scout').with({ grounding: evidence(ann.id, clock) })
  const spam = mail(ann.id, { subject: 'FREE MONEY', html: 'act now, winner!' })
  expect(await scout.execute(spam)).toMatchObject({ status: 'blocked', stage: 'permission' })
  await gateway.system.enterMaintenance({ reason: 'upgrade' })
  expect(await scout.execute(spam)).toMatchObject({ status: 'blocked', stage: 'system' })
})

test('all reasons of a stage come in one answer', async () => {
  const { gateway, ann, clock } = await world()
  clock.set('2026-01-14T06:00:00Z')
  const outcome = await gateway.agent('outreach').execute(mail(ann.id, { html: '<p>Hello {{first_name}}, shall we talk?</p>' }))
  expect(codesOf(outcome)).toEqual(
    expect.arrayContaining(['compliance.opt_out_missing', 'content.merge_tag', 'grounding.missing', 'time.outside_hours']),
  )
})

test('what only the clock forbids says when to come back', async () => {
  const { gateway, ann, clock } = await world()
  clock.set('2026-01-14T06:00:00Z')
  const outreach = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
  const outcome = await outreach.execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'blocked', stage: 'guardrails', retryAt: Date.parse('2026-01-14T13:00:00Z') })
})

test('do-not-disturb is looked up fresh before every send', async () => {
  const { outreach, ann, fake } = await world()
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  const held = fake.state.contacts.find(({ id }) => id === ann.id)
  if (held) held.dndSettings = { Email: { status: 'permanent' } }
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['recipient.dnd'])
  expect(fake.sent).toHaveLength(1)
})

test('a contact that cannot be looked up is not written to', async () => {
  const { gateway, fake, clock } = await world()
  const nobody = gateway.agent('outreach').with({ grounding: evidence('nobody', clock) })
  expect(codesOf(await nobody.execute(mail('nobody')))).toContain('recipient.unresolved')
  fake.fail({ match: { method: 'GET' }, times: 1, status: 500 })
  expect(codesOf(await nobody.execute(mail('nobody')))).toContain('recipient.unresolved')
  expect(fake.sent).toHaveLength(0)
})

test('a suppressed address is refused in any spelling, by whoever asks', async () => {
  const { gateway, outreach, ann, fake } = await world()
  await gateway.suppressions.add({ channel: 'email', address: 'Ann+news@ACME.example' }, { cause: 'unsubscribed' })
  expect(await gateway.suppressions.has({ channel: 'email', address: 'ann@acme.example' })).toBe(true)
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['recipient.suppressed'])
  expect(fake.sent).toHaveLength(0)
})

test('copies and forwards are recipients: each one counts and each one is checked', async () => {
  const { gateway, outreach, ann, fake } = await world({ guardrails: { email: { perHour: 2, minDelayMs: 0 } } })
  expect(codesOf(await outreach.execute(mail(ann.id, { cc: ['a@x.example', 'b@y.example'] })))).toEqual(['email.hourly_limit'])
  await gateway.suppressions.add({ channel: 'email', address: 'a@x.example' }, { cause: 'do_not_contact' })
  expect(codesOf(await outreach.execute(mail(ann.id, { bcc: ['a@x.example'] })))).toEqual(['recipient.suppressed'])
  expect(fake.sent).toHaveLength(0)
})

test('a scheduled mail is judged at the time it will leave', async () => {
  const { outreach, ann, fake } = await world()
  const late = { type: 'schedule_email', contactId: ann.id, subject: 'Your second warehouse', html: HTML } as const
  expect(codesOf(await outreach.execute({ ...late, sendAt: '2026-01-15T03:00:00Z' }))).toEqual(['time.outside_hours'])
  expect(await outreach.execute({ ...late, sendAt: '2026-01-15T16:00:00Z' })).toMatchObject({ status: 'executed' })
  expect(fake.received({ method: 'POST' })).toHaveLength(1)
})

test('an idempotency key gives the first outcome again and sends once', async () => {
  const { outreach, ann, fake } = await world()
  const once = outreach.with({ idempotencyKey: 'welcome-ann' })
  const first = await once.execute(mail(ann.id))
  const again = await once.execute(mail(ann.id))
  expect(again).toMatchObject({
    status: 'executed',
    actionId: first.actionId,
    value: first.status === 'executed' ? first.value : null,
  })
  expect(codesOf(await once.execute(mail(ann.id, { subject: 'Another mail altogether' })))).toEqual(['idempotency.conflict'])
  expect(fake.sent).toHaveLength(1)
})

test('what answers with secrets is not kept under an idempotency key', async () => {
  const storage = memoryStorage()
  const { fake, gateway, outreach } = await world({
    storage,
    roles: { all: { permissions: PERMISSIONS, platforms: ['All'] } },
    agents: { outreach: 'all' },
  })
  fake.fail({ match: 'GET /payments/custom-provider/connect', status: 200, body: { live: { apiKey: 'sk_live_key' } } })
  const once = outreach.with({ idempotencyKey: 'keys' })
  const read = () => once.execute({ type: 'ghl_request', method: 'GET', path: '/payments/custom-provider/connect' })
  const held = await read()
  if (held.status !== 'pending_approval') expect.fail(held.status)
  const approved = await gateway.approvals.approve(held.approvalId, { by: 'olga' })
  expect(approved).toMatchObject({ outcome: { status: 'executed', value: { live: { apiKey: 'sk_live_key' } } } })
  expect(await read()).toMatchObject({ status: 'executed', value: null })
  expect(JSON.stringify(await storage.scan('', { limit: 1000 }))).not.toContain('sk_live_key')
})

test('a check consumes nothing and says what execute would', async () => {
  const { outreach, ann, fake } = await world({ guardrails: { email: { perHour: 1, minDelayMs: 0 } } })
  for (let i = 0; i < 5; i++) expect(await outreach.check(mail(ann.id))).toMatchObject({ verdict: 'allow' })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  expect(await outreach.check(mail(ann.id))).toMatchObject({
    verdict: 'deny',
    reasons: [{ code: 'email.hourly_limit', data: { limit: 1, used: 1 } }],
  })
  expect(fake.sent).toHaveLength(1)
})

test('a listener that throws changes nothing', async () => {
  const { outreach, ann, gateway } = await world()
  gateway.on('outcome', () => {
    throw new Error('my dashboard is down')
  })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
})

test('an agent that asks again for what is held gets the same approval', async () => {
  const { gateway, ann, clock } = await world({ approvals: { requireFor: ['update_contact'] } })
  const outreach = gateway.agent('outreach')
  const ask = () => outreach.execute({ type: 'update_contact', contactId: ann.id, contact: { firstName: 'Anna' } })
  const first = await ask()
  expect(first).toMatchObject({ status: 'pending_approval' })
  expect(await ask()).toMatchObject({ approvalId: first.status === 'pending_approval' ? first.approvalId : '' })
  expect(await gateway.approvals.list({ status: 'pending' })).toHaveLength(1)
  clock.advance(25 * 3_600_000)
  expect(await ask()).toMatchObject({ status: 'pending_approval' })
  expect(await gateway.approvals.list()).toHaveLength(2)
})

test('a bulk action on somebody suppressed is refused before a human is asked', async () => {
  const { gateway, outreach, ann, fake } = await world()
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'complaint' })
  const other = fake.addContact({ email: 'other@acme.example', timezone: 'America/New_York' })
  const bulk = { type: 'bulk_update_contacts', contactIds: [other.id, ann.id], tags: ['spring'], mode: 'add' } as const
  expect(codesOf(await outreach.execute(bulk))).toEqual(['recipient.suppressed'])
  expect(await gateway.approvals.list()).toHaveLength(0)
  expect(fake.received('POST /contacts/bulk/tags/update/add')).toHaveLength(0)
})

test('the policy in force can be read back, with every default, and not be changed', async () => {
  const { gateway } = await world({ guardrails: { email: { perDay: 40 } } })
  expect(gateway.policy).toMatchObject({
    mode: 'live',
    version: expect.stringMatching(/^[0-9a-f]{16}$/),
    guardrails: { email: { perDay: 40, perMonth: 3000 } },
  })
  expect(Object.isFrozen(gateway.policy.guardrails.email)).toBe(true)
})
