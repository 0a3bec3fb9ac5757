import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call, sdk, textTo } from './helpers.js'

const SEND = 'POST /conversations/messages'
let fake: FakeGhl
let contactId: string
beforeEach(async () => {
  fake = await createFakeGhl({ clock: fakeClock() })
  contactId = fake.addContact().id
})
afterEach(() => fake.close())

test('drop after: the client sees a reset, the message is out', async () => {
  fake.fail({ match: SEND, drop: 'after' })
  await expect(sdk(fake).conversations.sendANewMessage(textTo(contactId))).rejects.toMatchObject({ code: 'NETWORK' })
  expect(fake.sent).toHaveLength(1)
  expect(fake.received(SEND)).toMatchObject([{ status: null }])
})

test('drop before: the client sees a reset, nothing happened', async () => {
  fake.fail({ match: SEND, drop: 'before' })
  await expect(call(fake, SEND, textTo(contactId))).rejects.toMatchObject({
    cause: { code: expect.stringMatching(/ECONNRESET|SOCKET/) },
  })
  expect(fake.sent).toEqual([])
})

test('a status fault hits as many calls as asked, then everything works again', async () => {
  const fault = fake.fail({ match: SEND, times: 2, status: 503, headers: { 'retry-after': '7' } })
  const replies = []
  for (let i = 0; i < 3; i++) replies.push(await call(fake, SEND, textTo(contactId)))
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 201])
  expect(replies[0]?.headers.get('retry-after')).toBe('7')
  expect([fault.hits, fake.sent.length]).toEqual([2, 1])
})

test('a fault may let some calls pass first', async () => {
  fake.fail({ match: SEND, skip: 1, status: 500 })
  const first = await call(fake, SEND, textTo(contactId))
  expect([first.status, (await call(fake, SEND, textTo(contactId))).status]).toEqual([201, 500])
})

test('a 422 may lie: the contact was made all the same', async () => {
  fake.fail({ match: 'POST /contacts/', status: 422, done: true, body: { statusCode: 422, message: ['phone is wrong'] } })
  const body = { locationId: fake.locationId, email: 'new@example.com' }
  expect(await call(fake, 'POST /contacts/', body)).toMatchObject({ status: 422, body: { message: ['phone is wrong'] } })
  expect(fake.state.contacts.at(-1)?.email).toBe('new@example.com')
})

test('a hanging call outlasts the patience of its client', async () => {
  fake.fail({ match: SEND, hang: 'after' })
  const headers = { authorization: `Bearer ${fake.accessToken}`, version: 'v3', 'content-type': 'application/json' }
  const body = JSON.stringify(textTo(contactId))
  const signal = AbortSignal.timeout(100)
  await expect(fetch(`${fake.url}/conversations/messages`, { method: 'POST', headers, body, signal })).rejects.toThrow(/timeout/)
  expect(fake.sent).toHaveLength(1)
})

test('a burst of 429 in answer to the SDK is its rate limit error', async () => {
  fake.fail({ status: 429, headers: { 'x-ratelimit-daily-remaining': '0' } })
  await expect(sdk(fake).contacts.getContact({ contactId })).rejects.toMatchObject({
    statusCode: 429,
    rateLimit: { scope: 'daily' },
  })
})

test('which calls a fault hits can be said in four ways', async () => {
  const filters = [
    /^DELETE/,
    { method: 'delete', path: '/contacts/{id}' },
    '/contacts/*',
    (one: { path: string }) => one.path.includes('con'),
  ]
  for (const match of filters) {
    const fault = fake.fail({ match, status: 418 })
    await call(fake, 'GET /workflows')
    expect((await call(fake, `DELETE /contacts/${contactId}`)).status).toBe(418)
    expect(fault.hits).toBe(1)
  }
  expect(fake.state.contacts).toHaveLength(1)
})

test('a cleared fault does nothing, heal clears them all', async () => {
  fake.fail({ status: 500 }).clear()
  expect((await call(fake, 'GET /workflows')).status).toBe(200)
  fake.fail({ status: 500, times: Number.POSITIVE_INFINITY })
  fake.heal()
  expect((await call(fake, 'GET /workflows')).status).toBe(200)
})

test('a filter that is no filter says so at once', () => {
  expect(() => fake.received('contacts')).toThrow("not a call filter: 'contacts'")
  expect(() => fake.fail({ match: '' })).toThrow(TypeError)
})
