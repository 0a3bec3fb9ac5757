import { expect, test } from 'vitest'
import { hearing } from './webhook-route.js'
import { codesOf, mail, world } from './world.js'

const HOUR = 3_600_000
const WIDE = { perHour: 1000, perDay: 1000, perDomainHour: 1000, minDelayMs: 0 }
const text = (contactId: string) =>
  ({ type: 'send_sms', contactId, message: 'Hi Ann, Sam from Example Agency. Reply STOP to opt out' }) as const

test('a STOP whose webhook was lost is read from GHL, and stops the next text', async () => {
  const { gateway, outreach, fake, ann, clock } = await world()
  fake.reply(ann.id, 'please take me off your list')
  clock.advance(HOUR)
  expect(await gateway.webhooks.catchUp()).toMatchObject({ handled: 1, duplicates: 0, complete: true })
  expect(codesOf(await outreach.execute(text(ann.id)))).toEqual(['recipient.suppressed'])
})

test('bounces, opens and answers by e-mail are read too; nobody is suppressed without GHL’s word for it', async () => {
  const { gateway, outreach, fake, ann, clock } = await world({ guardrails: { email: WIDE } })
  const fates = ['failed', 'delivered', 'opened'] as const
  let n = 0
  fake.deliver(() => {
    const fate = fates[n++ % 3]
    return fate === 'opened' ? { status: 'delivered', reader: ['opened'] } : (fate ?? 'sent')
  })
  for (let sent = 0; sent < 3; sent++) await outreach.execute(mail(ann.id, { subject: `Note ${sent}` }))
  fake.reply(ann.id, 'Thursday works.', 'Email')
  await fake.tick()
  clock.advance(HOUR)
  await gateway.webhooks.catchUp()
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({
    totalSent: 3,
    bounces: 1,
    opens: 1,
    replies: 1,
  })
  expect(await gateway.webhooks.catchUp()).toMatchObject({ handled: 0, calls: 2 }) // no e-mail is read whole a second time
  expect(await gateway.suppressions.has({ channel: 'email', address: 'ann@acme.example' })).toBe(false)
})

test('what webhooks told and what was read before counts once, in either order', async () => {
  const { gateway, outreach, fake, ann, clock, results } = await hearing({ guardrails: { email: WIDE } })
  fake.deliver(() => 'failed')
  await outreach.execute(mail(ann.id))
  await fake.tick()
  fake.reply(ann.id, 'STOP')
  await fake.tick()
  clock.advance(HOUR)
  await gateway.webhooks.catchUp()
  expect(await gateway.webhooks.catchUp()).toMatchObject({ handled: 0, complete: true })
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ totalSent: 1, bounces: 1 })

  const late = await world({ guardrails: { email: WIDE } }, (other) => ({ webhooks: { publicKey: other.webhooks.publicKey } }))
  late.fake.deliver(() => 'failed')
  await late.outreach.execute(mail(late.ann.id))
  const kept: { rawBody: string; headers: Readonly<Record<string, string>> }[] = []
  late.fake.webhooks.subscribe((delivery) => kept.push(delivery))
  await late.fake.tick()
  await late.gateway.webhooks.catchUp()
  for (const { rawBody, headers } of kept) await late.gateway.webhooks.handle(rawBody, headers)
  expect((await late.gateway.health.of('agency.example.com')).counters.bounces).toBe(1)
  // The webhook says more than the list: that the mailbox is gone.
  expect(await late.gateway.suppressions.has({ channel: 'email', address: 'ann@acme.example' })).toBe(true)
  expect(results.every(({ status }) => status !== 'rejected')).toBe(true)
})

test('it keeps inside GHL’s limits, says when to come back, and goes on from there', async () => {
  const { gateway, fake, ann, clock } = await world({ guardrails: { ghl: { per10s: 3 } } })
  for (let n = 0; n < 250; n++) {
    fake.reply(ann.id, n === 249 ? 'STOP' : `Note ${n}`)
    clock.advance(10)
  }
  const before = fake.calls.length
  const first = await gateway.webhooks.catchUp()
  expect(fake.calls.length - before).toBe(3)
  expect(first).toMatchObject({ complete: false, calls: 3, retryAt: expect.any(Number) })
  clock.set(first.retryAt ?? 0)
  clock.advance(10_000)
  const second = await gateway.webhooks.catchUp({ since: first.resumeFrom ?? 0 })
  expect(second.complete).toBe(true)
  expect(first.handled + second.handled).toBe(250)
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
})

test('a GHL that fails in the middle loses nothing', async () => {
  const { gateway, fake, ann } = await world()
  fake.reply(ann.id, 'STOP')
  fake.fail({ match: 'GET /conversations/messages/export', status: 500, skip: 1 })
  const unread: unknown[] = []
  gateway.on('unread', (news) => unread.push(news))
  expect(await gateway.webhooks.catchUp()).toMatchObject({ complete: false, handled: 0 })
  expect(unread).toEqual([{ call: 'GET /conversations/messages/export', reason: 'GHL answered 500.' }])
  expect(await gateway.webhooks.catchUp()).toMatchObject({ complete: true, handled: 1 })
})

test('what an operator took off the list stays off it, however often old messages are read', async () => {
  const { gateway, fake, ann, clock } = await world()
  fake.reply(ann.id, 'STOP')
  await gateway.webhooks.catchUp()
  await gateway.suppressions.remove({ contactId: ann.id }, { by: 'maria', note: 'called in' })
  clock.advance(HOUR)
  await gateway.webhooks.catchUp()
  expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(false)
})
