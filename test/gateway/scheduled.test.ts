import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Alert } from '../../src/alerts/index.js'
import type { Action } from '../../src/core/action.js'
import type { JsonObject } from '../../src/core/json.js'
import type { Entry, Op } from '../../src/core/storage-ops.js'
import { createGateway, type Gateway, type ScheduledNews } from '../../src/gateway/index.js'
import { fileStorage } from '../../src/storage/file/index.js'
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

async function idsOf(gateway: Gateway): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = []
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
      // Another process writes it down just before this one writes under which name GHL keeps it.
      const key = `contact:${made.ann}`
      const names = (op: Op) => op.op === 'put' && op.key.startsWith('scheduled/') && 'messageId' in Object(op.value)
      if (batches.flat().some(names)) await inner.commit([[{ op: 'put', key: `suppressed/${key}`, value: { key, causes: [] } }]])
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

test('what is scheduled and whose answer was lost is found in GHL and taken back when somebody says no', async () => {
  const { gateway, outreach, ann, clock, fake } = await world()
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  const outcome = await outreach.execute(later(ann.id, clock.now() + DAY))
  expect(outcome.status).toBe('unknown')
  expect(await idsOf(gateway)).toEqual([undefined])
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await told).toMatchObject({ actionId: outcome.actionId, cancelled: true, messageId: expect.any(String) })
  clock.advance(DAY)
  await fake.tick()
  expect(fake.sent).toEqual([])
})

test.each(['reconciled', 'resolved'])('the same once the unknown outcome was %s', async (how) => {
  const { gateway, outreach, ann, clock, fake } = await world()
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  const { actionId } = await outreach.execute(text(ann.id, clock.now() + DAY))
  if (how === 'reconciled') expect(await gateway.unknowns.reconcile()).toMatchObject({ sent: [actionId] })
  else await gateway.unknowns.resolve(actionId, 'sent', 'maria')
  expect(await gateway.unknowns.list()).toEqual([])
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await told).toMatchObject({ channel: 'sms', cancelled: true })
  clock.advance(DAY)
  await fake.tick()
  expect(fake.sent).toEqual([])
})

test('reconciling looks again: nobody may have been there to cancel', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann, clock, fake } = await world({ storage })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  await outreach.execute(later(ann.id, clock.now() + DAY))
  // As a process leaves it that heard of the wish and was killed.
  const key = `contact:${ann.id}`
  await storage.commit([[{ op: 'put', key: `suppressed/${key}`, value: { key, causes: [] } }]])
  const told = once(gateway)
  await gateway.unknowns.reconcile()
  expect(await told).toMatchObject({ cancelled: true })
})

test('what cannot be found is told to people until they say that it was never sent', async () => {
  const alerts: Alert[] = []
  const { gateway, outreach, ann, clock, fake } = await world({ alerts: { send: async (alert) => void alerts.push(alert) } })
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'before' })
  const { actionId } = await outreach.execute(later(ann.id, clock.now() + DAY))
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await told).toMatchObject({ cancelled: false, messageId: undefined })
  expect(alerts.map(({ code }) => code)).toEqual(['outcome.unknown', 'scheduled.not_cancelled'])
  expect(alerts[1]?.message).toContain(`The message of action ${actionId}`)
  await gateway.unknowns.resolve(actionId, 'not_sent', 'maria')
  expect(await idsOf(gateway)).toEqual([])
  expect(await gateway.scheduled.cancelSuppressed()).toEqual([])
})

test('a no while GHL hangs: looked for when the outcome turns out unknown', async () => {
  const { gateway, outreach, ann, clock, fake } = await world({ deadlineMs: 300 })
  fake.fail({ match: { method: 'POST' }, times: 1, hang: true })
  const news = listen(gateway)
  const told = once(gateway)
  const sending = outreach.execute(later(ann.id, clock.now() + DAY))
  while (fake.received({ method: 'POST' }).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  // Nobody is alerted while it is still being sent.
  expect(await gateway.scheduled.cancelSuppressed()).toEqual([])
  expect(news).toEqual([])
  expect(await sending).toMatchObject({ status: 'unknown' })
  expect(await told).toMatchObject({ cancelled: false })
})

test('what GHL certainly refused is not kept', async () => {
  const { gateway, outreach, ann, clock, fake } = await world()
  fake.fail({ match: { method: 'POST' }, times: 1, status: 422, body: { statusCode: 422, message: ['bad'] } })
  expect(await outreach.execute(later(ann.id, clock.now() + DAY))).toMatchObject({ status: 'failed' })
  expect(await idsOf(gateway)).toEqual([])
})

test('a process killed with -9 while GHL keeps its answer: the next one finds what it scheduled and takes it back', {
  timeout: 60_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sendwarden-scheduled-'))
  const made = await world()
  const { clock, fake, ann } = made
  fake.fail({ match: { method: 'POST' }, times: 1, hang: 'after' })
  const script = fileURLToPath(new URL('./fixtures/sender.ts', import.meta.url))
  const given = [dir, fake.url, fake.accessToken, fake.locationId, clock.now(), ann.id, clock.now() + DAY].map(String)
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...given], { stdio: ['ignore', 'ignore', 'inherit'] })
  while (fake.received({ method: 'POST' }).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const dead = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await dead
  const { gateway } = gatewayOn(made, fileStorage(dir))
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await told).toMatchObject({ channel: 'email', contactIds: [ann.id], cancelled: true })
  clock.advance(DAY)
  await fake.tick()
  expect(fake.sent).toEqual([])
  await gateway.close()
  rmSync(dir, { recursive: true })
})

test('without a transport, or refused by GHL, it says what to do', async () => {
  const storage = memoryStorage()
  const made = await world({ storage })
  const { outreach, ann, clock, fake } = made
  await outreach.execute(later(ann.id, clock.now() + DAY))
  // As an operator's console has it: storage, and no client.
  const other = createGateway({ agents: {}, storage, clock })
  await other.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await other.scheduled.cancelSuppressed()).toMatchObject([
    { cancelled: false, reason: 'No transport is configured: pass `http` to createGateway, or wrap a client.' },
  ])
  fake.fail({ match: MAIL_SCHEDULE, status: 401, times: 1, body: { statusCode: 401, message: 'Invalid JWT' } })
  expect(await made.gateway.scheduled.cancelSuppressed()).toMatchObject([
    { cancelled: false, reason: expect.stringMatching(/^GHL answered 401\. Check the access token: /) },
  ])
  expect(await made.gateway.scheduled.cancelSuppressed()).toMatchObject([{ cancelled: true }])
  await other.close()
})

test('a search that GHL does not answer is no search: it says so, and finds the message the next time', async () => {
  const alerts: Alert[] = []
  const { gateway, outreach, ann, clock, fake } = await world({ alerts: { send: async (alert) => void alerts.push(alert) } })
  const faults: unknown[] = []
  gateway.on('fault', (fault) => faults.push(fault))
  fake.fail({ match: { method: 'POST' }, times: 1, drop: 'after' })
  fake.fail({ match: 'GET /conversations/messages/export', times: 1, status: 401, body: { message: 'Invalid JWT' } })
  await outreach.execute(later(ann.id, clock.now() + DAY))
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  const why = /GHL could not be searched for it\. GHL answered 401\. Check the access token: /
  expect(await told).toMatchObject({ cancelled: false, messageId: undefined, reason: expect.stringMatching(why) })
  expect(alerts.map(({ code }) => code)).toEqual(['outcome.unknown', 'ghl.unread', 'scheduled.not_cancelled'])
  expect(alerts[1]?.message).toMatch(/^GHL could not be read \(GET \/conversations\/messages\/export\): GHL answered 401\./)
  expect(faults).toEqual([])
  expect(await gateway.scheduled.cancelSuppressed()).toMatchObject([{ cancelled: true }])
})

test("a cancellation that GHL did not do counts against GHL's own limit too", async () => {
  const { gateway, outreach, ann, clock, fake } = await world({ guardrails: { ghl: { per10s: 4 } } })
  await outreach.execute(later(ann.id, clock.now() + DAY))
  fake.fail({ match: MAIL_SCHEDULE, times: 1, status: 500 })
  const told = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'do_not_contact' })
  expect(await told).toMatchObject({ cancelled: false })
  expect(fake.calls).toHaveLength(3) // the look-up, the mail, the cancellation
  const read = () => outreach.execute({ type: 'read_contact', contactId: ann.id })
  expect(await read()).toMatchObject({ status: 'executed' })
  expect(await read()).toMatchObject({ status: 'blocked', reasons: [{ code: 'ghl.rate_limit' }] })
})

test.each([
  ['null', null],
  ['an empty object', {}],
  ['a text', 'x'],
  ['half a row', { sendAt: 8e15 }],
  ['a time that is none', { channel: 'email', contactIds: [], location: 'l', recipients: [], sendAt: 9e15, at: 0 }],
])("a row that is %s is told, and stands in nobody else's way", async (_, value) => {
  const storage = memoryStorage()
  const { gateway, outreach, ann, clock, fake } = await world({ storage })
  const faults: unknown[] = []
  gateway.on('fault', (fault) => faults.push(fault))
  await outreach.execute(later(ann.id, clock.now() + DAY))
  await storage.commit([[{ op: 'put', key: 'scheduled/act_000', value }]])
  const cancelled = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'unsubscribed' })
  expect(await cancelled).toMatchObject({ cancelled: true })
  expect(fake.received(MAIL_SCHEDULE)).toHaveLength(1)
  expect(faults).toMatchObject([{ code: 'corrupt', message: expect.stringContaining('scheduled/act_000') }])
  expect(await idsOf(gateway)).toEqual([])
})

test('one whose search fails stands in no way of the next', async () => {
  const storage = memoryStorage()
  const { gateway, outreach, ann, clock, fake } = await world({ storage })
  await outreach.execute(later(ann.id, clock.now() + DAY))
  const [good] = await storage.scan('scheduled/', { limit: 1 })
  const { messageId: _, ...rest } = (good as Entry).value as JsonObject
  const message = { channel: 'email', contactId: ann.id, recipients: [], sendAt: 'soon' }
  await storage.commit([[{ op: 'put', key: 'scheduled/act_000', value: { ...rest, message } }]])
  const cancelled = once(gateway)
  await gateway.suppressions.add({ contactId: ann.id }, { cause: 'unsubscribed' })
  expect(await cancelled).toMatchObject({ cancelled: true })
  expect(fake.received(MAIL_SCHEDULE)).toHaveLength(1)
})
