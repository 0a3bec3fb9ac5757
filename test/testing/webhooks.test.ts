import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock, type WebhookDelivery } from '../../src/testing/index.js'
import { call, mailTo, sdk, textTo } from './helpers.js'

const clock = fakeClock()
const EVENT = { type: 'ContactTagUpdate', id: 'contact_1' }
let fake: FakeGhl
let got: WebhookDelivery[]
beforeEach(async () => {
  got = []
  fake = await createFakeGhl({ clock })
})
afterEach(() => fake.close())

function isGenuine({ rawBody, headers }: WebhookDelivery): boolean {
  const key = createPublicKey({ key: Buffer.from(fake.webhooks.publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(rawBody), key, Buffer.from(headers['x-ghl-signature'] ?? '', 'base64'))
}

test('a webhook to a URL carries an Ed25519 signature over its raw body', async () => {
  const server = createServer((request, response) => {
    let rawBody = ''
    request.on('data', (chunk) => {
      rawBody += chunk
    })
    request.on('end', () => {
      got.push({ rawBody, headers: { 'x-ghl-signature': String(request.headers['x-ghl-signature']) }, body: JSON.parse(rawBody) })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  fake.webhooks.subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`)
  await fake.emit(EVENT)
  expect(got.map(isGenuine)).toEqual([true])
  expect(got[0]?.body).toMatchObject({ ...EVENT, webhookId: expect.any(String), timestamp: new Date(clock.now()).toISOString() })
  await new Promise((resolve) => server.close(resolve))
})

test('the official SDK takes the signature for genuine', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery))
  await fake.emit(EVENT)
  const { rawBody = '', headers = {} } = got[0] ?? {}
  expect(sdk(fake).webhooks.verifyEd25519Signature(rawBody, headers['x-ghl-signature'] ?? '', fake.webhooks.publicKey)).toBe(true)
})

test('unsigned, N/A and wrongly signed events can be told from genuine ones', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery))
  for (const mode of ['normal', 'unsigned', 'not_available', 'wrong_key'] as const) await fake.emit(EVENT, mode)
  expect(got.map(({ headers }) => headers['x-ghl-signature'] ?? null)).toEqual([
    expect.any(String),
    null,
    'N/A',
    expect.stringMatching(/^[\w+/]{86}==$/),
  ])
  expect(got.map(isGenuine)).toEqual([true, false, false, false])
})

test('duplicate delivers the same webhookId twice', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery))
  await fake.emit(EVENT, 'duplicate')
  expect(got).toHaveLength(2)
  expect(got[0]?.body.webhookId).toBe(got[1]?.body.webhookId)
})

test('reorder lets the next event overtake', async () => {
  const { id } = fake.addContact()
  fake.webhooks.subscribe((delivery) => void got.push(delivery), ['ContactTagUpdate', 'OutboundMessage'])
  fake.webhooks.mode = 'reorder'
  await call(fake, `POST /contacts/${id}/tags`, { tags: ['a'] })
  fake.webhooks.mode = 'normal'
  await call(fake, 'POST /conversations/messages', textTo(id))
  await fake.tick()
  expect(got.map(({ body }) => body.type).slice(0, 2)).toEqual(['OutboundMessage', 'ContactTagUpdate'])
})

test('late is ten minutes old, and genuine', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery))
  await fake.emit(EVENT, 'late')
  expect(got.map(isGenuine)).toEqual([true])
  expect(Date.parse(String(got[0]?.body.timestamp))).toBe(clock.now() - 600_000)
})

test('only 429 is tried again, ten minutes later; 500 is an event lost', async () => {
  const answers = [429, 500, 200]
  fake.webhooks.subscribe(() => answers.shift())
  await fake.emit(EVENT)
  clock.advance(599_999)
  await fake.tick()
  expect(fake.webhooks.attempts).toHaveLength(1)
  clock.advance(1)
  await fake.tick()
  clock.advance(3_600_000)
  await fake.tick()
  expect(fake.webhooks.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 429],
    [2, 500],
  ])
})

test('a mail that bounces says so in LCEmailStats, joined by the emailMessageId of the send', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery), ['LCEmailStats'])
  fake.deliver(() => ({ status: 'failed', severity: 'permanent', code: 550, error: 'no such user' }))
  const { body } = await call(fake, 'POST /conversations/messages', mailTo(fake.addContact().id))
  await fake.tick()
  expect(got.map((delivery) => delivery.body.webhookPayload)).toMatchObject([
    { event: 'accepted' },
    {
      event: 'failed',
      severity: 'permanent',
      'delivery-status': { code: 550, message: 'no such user' },
      'lc-operations': { email_message_id: body.emailMessageId },
    },
  ])
})

test('a reader may open, complain and unsubscribe; the last ends mail', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery), ['LCEmailStats'])
  fake.deliver(() => ({ status: 'delivered', reader: ['opened', 'complained', 'unsubscribed'] }))
  const { id } = fake.addContact()
  await call(fake, 'POST /conversations/messages', mailTo(id))
  expect((await call(fake, 'POST /conversations/messages', mailTo(id))).body.message).toContain('unsubscribed')
  await fake.tick()
  const events = got.map(({ body }) => body.webhookPayload).map((payload) => (payload as { event: string }).event)
  expect(events).toEqual(['accepted', 'delivered', 'opened', 'complained', 'unsubscribed'])
})

test('an SMS announces every state it comes to', async () => {
  fake.webhooks.subscribe((delivery) => void got.push(delivery), ['OutboundMessage'])
  await call(fake, 'POST /conversations/messages', textTo(fake.addContact().id))
  await fake.tick()
  expect(got.map(({ body }) => body.status)).toEqual(['sent', 'delivered'])
})

test('who unsubscribes hears no more, and another machine is never spoken to', async () => {
  const stop = fake.webhooks.subscribe((delivery) => void got.push(delivery))
  stop()
  await fake.emit(EVENT)
  expect(got).toEqual([])
  expect(() => fake.webhooks.subscribe('https://example.com/hook')).toThrow(/loopback/)
})
