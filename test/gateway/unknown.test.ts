import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { codesOf, evidence, HTML, mail, world } from './world.js'

test('a send that was stored but whose answer was lost is unknown: charged, never resent, found by looking', async () => {
  const { outreach, ann, fake, gateway } = await world({ guardrails: { email: { perHour: 1, minDelayMs: 0 } } })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'unknown' })
  expect(fake.sent).toHaveLength(1)
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['email.hourly_limit'])
  expect(await gateway.unknowns.list()).toHaveLength(1)
  expect(await gateway.unknowns.reconcile()).toMatchObject({ sent: [expect.any(String)], held: [] })
  expect(await gateway.unknowns.list()).toHaveLength(0)
  expect(fake.sent).toHaveLength(1)
})

test('a send that never arrived is held for a human, who decides', async () => {
  const { outreach, ann, fake, gateway } = await world()
  const once = outreach.with({ idempotencyKey: 'k1' })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
  const outcome = await once.execute(mail(ann.id))
  expect(outcome).toMatchObject({ status: 'unknown' })
  expect(await once.execute(mail(ann.id))).toMatchObject({ status: 'unknown' })
  expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [outcome.actionId] })
  await gateway.unknowns.resolve(outcome.actionId, 'not_sent', 'maria')
  expect(await once.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  expect(fake.sent).toHaveLength(1)
})

test('an idempotency key is remembered as long as nobody knows, and 30 days after somebody did', async () => {
  const { outreach, ann, fake, gateway, clock } = await world()
  const month = 30 * 86_400_000
  const send = () => outreach.with({ idempotencyKey: 'k1', grounding: evidence(ann.id, clock) }).execute(mail(ann.id))
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  const { actionId } = await send()
  clock.advance(2 * month)
  expect(await send()).toMatchObject({ status: 'unknown', actionId })
  await gateway.unknowns.resolve(actionId, 'sent', 'maria')
  clock.advance(month - 1)
  expect(await send()).toMatchObject({ status: 'executed', actionId })
  expect(fake.sent).toHaveLength(1)
  clock.set('2026-04-15T15:00:00Z')
  expect(await send()).toMatchObject({ status: 'executed', actionId: expect.not.stringContaining(actionId) })
})

describe('what is stored and cannot be read', () => {
  const damaged = [null, 'x', {}, { state: 'sent_waiting', agent: 'outreach', at: 1 }]

  test.each(damaged)('as an open action, %j, is told by its key; the others are looked for', async (value) => {
    const storage = memoryStorage()
    const { gateway, outreach, ann, fake } = await world({ storage })
    const faults: unknown[] = []
    gateway.on('fault', (fault) => faults.push(fault))
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
    const { actionId } = await outreach.execute(mail(ann.id))
    await storage.commit([[{ op: 'put', key: 'intent/act_0', value }]])
    expect(await gateway.unknowns.list()).toMatchObject([{ actionId }])
    expect(faults).toMatchObject([{ code: 'corrupt', message: expect.stringContaining('intent/act_0') }])
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [actionId], held: [] })
    await expect(gateway.unknowns.resolve('act_0', 'sent')).rejects.toThrow(/intent\/act_0/)
  })

  test.each(damaged)('under an idempotency key, %j, is refused, and told by its key', async (value) => {
    const storage = memoryStorage()
    const { gateway, outreach, ann, fake } = await world({ storage })
    const faults: unknown[] = []
    gateway.on('fault', (fault) => faults.push(fault))
    const once = outreach.with({ idempotencyKey: 'k' })
    await once.execute(mail(ann.id))
    const [entry] = await storage.scan('once/', { limit: 1 })
    const key = entry?.key ?? ''
    await storage.commit([[{ op: 'put', key, value }]])
    const outcome = await once.execute(mail(ann.id))
    expect(codesOf(outcome)).toEqual(['storage.unavailable'])
    expect(JSON.stringify(outcome)).toContain('idempotency key cannot be read')
    expect(faults).toMatchObject([{ code: 'corrupt', message: expect.stringContaining(key) }])
    expect(fake.sent).toHaveLength(1)
  })
})

describe('the same words twice: what another action sent proves nothing,', () => {
  const sms = (contactId: string) =>
    ({ type: 'send_sms', contactId, message: 'Example Agency: your table is ready. Reply STOP to opt out.' }) as const

  test.each([
    ['e-mail', 'before', mail],
    ['e-mail', 'after', mail],
    ['text', 'before', sms],
    ['text', 'after', sms],
  ] as const)('%s, sent a minute %s', async (_, order, action) => {
    const { outreach, ann, fake, gateway, clock } = await world()
    const arrives = () => outreach.execute(action(ann.id))
    if (order === 'before') expect(await arrives()).toMatchObject({ status: 'executed' })
    clock.advance(60_000)
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
    const { actionId } = await outreach.execute(action(ann.id))
    clock.advance(60_000)
    if (order === 'after') expect(await arrives()).toMatchObject({ status: 'executed' })
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [actionId] })
    expect(fake.sent).toHaveLength(1)
  })

  test('one of two whose answers were both lost: a human has to look', async () => {
    const { outreach, ann, fake, gateway } = await world()
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
    const first = await outreach.execute(mail(ann.id))
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
    const second = await outreach.execute(mail(ann.id))
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [first.actionId, second.actionId].sort() })
    await gateway.unknowns.resolve(second.actionId, 'not_sent', 'maria')
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [first.actionId], held: [] })
  })

  test('what was found once is not found again for another action', async () => {
    const { outreach, ann, fake, gateway } = await world()
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
    const first = await outreach.execute(mail(ann.id))
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [first.actionId], held: [] })
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
    const second = await outreach.execute(mail(ann.id))
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [second.actionId] })
  })

  test('and another text to the same person stands in no way', async () => {
    const { outreach, ann, fake, gateway } = await world()
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
    const first = await outreach.execute(mail(ann.id))
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
    const second = await outreach.execute(mail(ann.id, { html: HTML.replace('a short call', 'a longer call') }))
    const { sent } = await gateway.unknowns.reconcile()
    expect([...sent].sort()).toEqual([first.actionId, second.actionId].sort())
  })

  test('what came long after the call had to be over is another one', async () => {
    const { outreach, ann, fake, gateway, clock } = await world()
    fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
    const { actionId } = await outreach.execute(mail(ann.id))
    clock.advance(5 * 60_000)
    const { body } = fake.received({ method: 'POST' })[0] ?? {}
    await fetch(`${fake.url}/conversations/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fake.accessToken}`, version: '2021-04-15', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(fake.sent).toHaveLength(1)
    expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [actionId] })
  })
})

test('what is not plainly "sent" or "not_sent" closes nothing: nearly so would send it a second time', async () => {
  const { outreach, ann, fake, gateway } = await world()
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  const { actionId } = await outreach.execute(mail(ann.id))
  for (const finding of ['delivered', 'Sent', true, undefined, { by: 'maria' }])
    await expect(gateway.unknowns.resolve(actionId, finding as 'sent')).rejects.toThrow(
      new TypeError('The `finding` is "sent" or "not_sent": nothing else says whether it may be sent again.'),
    )
  expect(await gateway.unknowns.list()).toMatchObject([{ actionId }])
})

test('a GHL that cannot be read proves nothing: the action stays open, and people are told what to do', async () => {
  const { outreach, ann, fake, gateway } = await world()
  const unread: unknown[] = []
  gateway.on('unread', (news) => unread.push(news))
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  const { actionId } = await outreach.execute(mail(ann.id))
  fake.fail({ match: 'GET /conversations/messages/export', times: 1, drop: 'before' })
  expect(await gateway.unknowns.reconcile()).toEqual({ sent: [], held: [actionId] })
  expect(unread).toEqual([{ call: 'GET /conversations/messages/export', reason: expect.stringMatching(/\.$/) }])
  expect(await gateway.unknowns.reconcile()).toEqual({ sent: [actionId], held: [] })
  expect(unread).toHaveLength(1)
})

test("a look-up whose answer was lost counts against GHL's own limit too", async () => {
  const { outreach, ann, fake } = await world({ guardrails: { ghl: { per10s: 2 } } })
  fake.fail({ match: 'GET /contacts/{contactId}', times: 1, drop: 'after' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['recipient.unresolved'])
  const read = () => outreach.execute({ type: 'read_contact', contactId: ann.id })
  expect(await read()).toMatchObject({ status: 'executed' })
  expect(codesOf(await read())).toEqual(['ghl.rate_limit'])
})

test("what is read back counts against GHL's own limit", async () => {
  const { outreach, ann, fake, gateway } = await world({ guardrails: { ghl: { per10s: 5 } } })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  await outreach.execute(mail(ann.id))
  await gateway.unknowns.reconcile()
  const calls = fake.calls.length
  expect(calls).toBeGreaterThanOrEqual(4)
  const read = () => outreach.execute({ type: 'read_contact', contactId: ann.id })
  for (let left = 5 - calls; left > 0; left--) expect(await read()).toMatchObject({ status: 'executed' })
  expect(codesOf(await read())).toEqual(['ghl.rate_limit'])
})

test("a 4xx certainly did not happen: every unit but GHL's own comes back, the delay too", async () => {
  const { outreach, ann, fake } = await world({ guardrails: { email: { perHour: 1, minDelayMs: 30_000 } } })
  fake.fail({ match: { method: 'POST' }, times: 1, status: 422, body: { statusCode: 422, message: ['bad'] } })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'failed', error: { status: 422 } })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({ status: 'executed' })
  expect(codesOf(await outreach.execute(mail(ann.id)))).toEqual(['email.hourly_limit', 'email.min_delay'])
})

test('a hanging send ends at the deadline as unknown', async () => {
  const { outreach, ann, fake } = await world({ deadlineMs: 200 })
  fake.fail({ match: { method: 'POST' }, times: 1, hang: true })
  expect(await outreach.execute(mail(ann.id))).toMatchObject({
    status: 'unknown',
    error: { message: expect.stringContaining('200 ms') },
  })
})

test("GHL's own count is kept for every call that was made, the refused and the failed too", async () => {
  const { gateway, fake, clock, ann } = await world({ guardrails: { ghl: { per10s: 3 } } })
  const outreach = gateway.agent('outreach').with({ grounding: evidence(ann.id, clock) })
  for (let i = 0; i < 3; i++) await outreach.execute({ type: 'read_contact', contactId: ann.id })
  expect(codesOf(await outreach.execute({ type: 'read_contact', contactId: ann.id }))).toEqual(['ghl.rate_limit'])
  expect(fake.calls).toHaveLength(3)
  clock.advance(11_000)
  expect(await outreach.execute({ type: 'read_contact', contactId: ann.id })).toMatchObject({ status: 'executed' })
})

test('what is told of an outcome carries no cause: a client hangs its request and its credentials on what it throws', async () => {
  const { outreach, ann, fake, gateway } = await world()
  const told: object[] = []
  gateway.on('outcome', (outcome) => told.push(outcome))
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  expect(await outreach.execute(mail(ann.id))).toHaveProperty('cause')
  expect(told).toMatchObject([{ status: 'unknown' }])
  expect(told[0]).not.toHaveProperty('cause')
})
