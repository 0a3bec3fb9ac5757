import { expect, test } from 'vitest'
import type { Alert } from '../../src/alerts/index.js'
import type { Action } from '../../src/core/action.js'
import type { Gateway, ScheduledNews } from '../../src/gateway/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from './second-gateway.js'
import { hearing } from './webhook-route.js'
import { mail, world } from './world.js'

const DAY = 86_400_000
const MAIL_SCHEDULE = 'DELETE /conversations/messages/email/{emailMessageId}/schedule'
const TEXT_SCHEDULE = 'DELETE /conversations/messages/{messageId}/schedule'

const later = (contactId: string, sendAt: number): Action =>
  ({ ...mail(contactId), type: 'schedule_email', sendAt }) as Extract<Action, { type: 'schedule_email' }>
const text = (contactId: string, sendAt: number): Action => ({
  type: 'ghl_request',
  method: 'POST',
  path: '/conversations/messages',
  body: {
    type: 'SMS',
    contactId,
    message: 'Hello, Sam from Example Agency here. Reply STOP to opt out',
    scheduledTimestamp: sendAt / 1000,
  },
})

function listen(gateway: Gateway): readonly ScheduledNews[] {
  const news: ScheduledNews[] = []
  gateway.on('scheduled', (each) => news.push(each))
  return news
}

/** The next scheduled message that is cancelled by itself. */
function once(gateway: Gateway): Promise<ScheduledNews> {
  return new Promise((resolve) => gateway.on('scheduled', resolve))
}

async function idsOf(gateway: Gateway): Promise<string[]> {
  const ids: string[] = []
  for await (const { messageId } of gateway.scheduled.list()) ids.push(messageId)
  return ids
}

test('what is scheduled is known until its time', async () => {
  const { gateway, outreach, ann, clock } = await world()
  const sendAt = clock.now() + DAY
  await outreach.execute(later(ann.id, sendAt))
  await outreach.execute(mail(ann.id, { subject: 'Now' }))
  const all = []
  for await (const each of gateway.scheduled.list()) all.push(each)
  expect(all).toMatchObject([{ channel: 'email', contactIds: [ann.id], sendAt }])
  clock.advance(DAY)
  expect(await idsOf(gateway)).toEqual([])
})

test('a STOP by text takes back the texts that are scheduled, and no e-mail', async () => {
  const { gateway, outreach, ann, clock, fake } = await hearing()
  const news = listen(gateway)
  const sendAt = clock.now() + DAY
  await outreach.execute(text(ann.id, sendAt))
  await outreach.execute(later(ann.id, sendAt))
  const told = once(gateway)
  fake.reply(ann.id, 'STOP')
  await fake.tick()
  await told
  expect(fake.received(TEXT_SCHEDULE)).toHaveLength(1)
  expect(fake.received(MAIL_SCHEDULE)).toHaveLength(0)
  expect(news).toMatchObject([{ channel: 'sms', contactIds: [ann.id], cancelled: true }])
  expect(await idsOf(gateway)).toHaveLength(1)
  const actions = []
  for await (const { action, data } of gateway.audit.records({ kind: 'operator' })) actions.push([action, data])
  expect(actions).toContainEqual(['scheduled.cancel', expect.objectContaining({ channel: 'sms', answer: 'cancelled' })])
})

test.each([
  ['the contact', (id: string) => ({ contactId: id })],
  ['the address', () => ({ channel: 'email', address: 'ANN+news@acme.example' }) as const],
  ['the domain', () => ({ domain: 'acme.example' })],
])('an operator who suppresses %s takes back what is scheduled for it', async (_, target) => {
  const { gateway, outreach, ann, clock, fake } = await world()
  await outreach.execute(later(ann.id, clock.now() + DAY))
  const told = once(gateway)
  await gateway.suppressions.add(target(ann.id), { cause: 'do_not_contact' })
  await told
  clock.advance(DAY)
  await fake.tick()
  expect(fake.sent).toEqual([])
})

test('where GHL does not answer it stays to be cancelled, and people are alerted', async () => {
  const alerts: Alert[] = []
  const { gateway, outreach, ann, clock, fake } = await world({ alerts: { send: async (alert) => void alerts.push(alert) } })
  const news = listen(gateway)
  await outreach.execute(later(ann.id, clock.now() + DAY))
  fake.fail({ match: MAIL_SCHEDULE, status: 500, times: 2 })
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  await gateway.scheduled.cancelSuppressed()
  expect(alerts).toMatchObject([{ level: 'critical', code: 'scheduled.not_cancelled' }])
  expect(alerts[0]?.message).toContain('GHL answered 500')
  expect(await idsOf(gateway)).toHaveLength(1)
  await gateway.scheduled.cancelSuppressed()
  expect(news.at(-1)).toMatchObject({ cancelled: true })
  expect(await idsOf(gateway)).toEqual([])
})

test('a no that comes while GHL is being asked counts too', async () => {
  const inner = memoryStorage()
  const made: { ann?: string } = {}
  const storage: Storage = {
    ...inner,
    async commit(batches) {
      // Another process writes it down just before this one writes what it scheduled.
      const key = `contact:${made.ann}`
      if (batches.flat().some((op) => op.key.startsWith('scheduled/')))
        await inner.commit([[{ op: 'put', key: `suppressed/${key}`, value: { key, causes: [] } }]])
      return inner.commit(batches)
    },
  }
  const { gateway, outreach, ann, clock, fake } = await world({ storage })
  made.ann = ann.id
  const told = once(gateway)
  await outreach.execute(later(ann.id, clock.now() + DAY))
  expect(await told).toMatchObject({ cancelled: true })
  clock.advance(DAY)
  await fake.tick()
  expect(fake.sent).toEqual([])
})

test('a process that died before it could cancel: the next one does, as soon as it opens', async () => {
  const storage = memoryStorage()
  const made = await world({ storage })
  const { outreach, ann, clock, fake, gateway } = made
  await outreach.execute(later(ann.id, clock.now() + DAY))
  // As a process leaves it that heard of the wish and was killed.
  const key = `contact:${ann.id}`
  const causes = [{ cause: 'unsubscribed', at: clock.now(), by: 'webhook' }]
  await storage.commit([[{ op: 'put', key: `suppressed/${key}`, value: { key, causes } }]])
  expect(await idsOf(gateway)).toHaveLength(1)
  const { gateway: next } = gatewayOn(made, storage)
  const told = once(next)
  await next.open()
  expect(await told).toMatchObject({ cancelled: true })
  expect(fake.received(MAIL_SCHEDULE)).toHaveLength(1)
  expect(await idsOf(next)).toEqual([])
})

test('what was cancelled by somebody else, or has left, is forgotten without noise', async () => {
  const { gateway, outreach, ann, clock, fake } = await world()
  const news = listen(gateway)
  const sent = await outreach.execute(later(ann.id, clock.now() + DAY))
  const { emailMessageId } = (sent.status === 'executed' ? sent.value : {}) as { emailMessageId: string }
  const path = `/conversations/messages/email/${emailMessageId}/schedule`
  await outreach.execute({ type: 'ghl_request', method: 'DELETE', path })
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  await gateway.scheduled.cancelSuppressed()
  expect(news).toEqual([])
  expect(await idsOf(gateway)).toEqual([])
  expect(fake.sent).toEqual([])
})
