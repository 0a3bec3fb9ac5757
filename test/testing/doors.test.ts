import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call } from './helpers.js'

const clock = fakeClock()
let fake: FakeGhl
beforeEach(async () => {
  fake = await createFakeGhl({ clock })
})
afterEach(() => fake.close())

test('a call without a Version header is refused before its token is looked at', async () => {
  const response = await fetch(`${fake.url}/contacts/x`)
  expect([response.status, await response.json()]).toMatchObject([401, { message: 'version header was not found.' }])
})

test('a Version nobody published is refused', async () => {
  expect(await call(fake, 'GET /contacts/x', undefined, { version: '2020-01-01' })).toMatchObject({
    status: 401,
    body: { message: 'version header is invalid' },
  })
})

test('an unknown token is an invalid JWT', async () => {
  expect(await call(fake, 'GET /contacts/x', undefined, { authorization: 'Bearer nope' })).toMatchObject({
    status: 401,
    body: { statusCode: 401, message: 'Invalid JWT', error: 'Unauthorized' },
  })
})

test('a token works until its time is over', async () => {
  const { id } = fake.addContact()
  const authorization = `Bearer ${fake.token({ expiresInMs: 1000 }).accessToken}`
  expect(await call(fake, `GET /contacts/${id}`, undefined, { authorization })).toMatchObject({ status: 200 })
  clock.advance(1000)
  expect(await call(fake, `GET /contacts/${id}`, undefined, { authorization })).toMatchObject({
    status: 401,
    body: { message: 'Invalid token: access token is invalid' },
  })
})

test('a missing scope is 401, not 403', async () => {
  const { id } = fake.addContact()
  const authorization = `Bearer ${fake.token({ scopes: ['contacts.readonly'] }).accessToken}`
  expect(await call(fake, `GET /contacts/${id}`, undefined, { authorization })).toMatchObject({ status: 200 })
  expect(await call(fake, `DELETE /contacts/${id}`, undefined, { authorization })).toMatchObject({
    status: 401,
    body: { message: 'The token is not authorized for this scope.' },
  })
  expect(fake.state.contacts).toHaveLength(1)
})

test('a token of one location reads nothing of another, whether the call names it or not', async () => {
  const { id } = fake.addContact()
  const authorization = `Bearer ${fake.token({ locationId: 'elsewhere' }).accessToken}`
  const refused = { status: 403, body: { message: 'The token does not have access to this location.', error: 'Forbidden' } }
  expect(await call(fake, `GET /contacts/${id}`, undefined, { authorization })).toMatchObject(refused)
  expect(await call(fake, 'POST /contacts/', { locationId: fake.locationId }, { authorization })).toMatchObject(refused)
})

test('a company token does not open the contacts of a location', async () => {
  const authorization = `Bearer ${fake.token({ locationId: null }).accessToken}`
  expect(await call(fake, 'POST /contacts/search', {}, { authorization })).toMatchObject({ status: 403 })
  expect(await call(fake, `GET /locations/${fake.locationId}`, undefined, { authorization })).toMatchObject({ status: 200 })
})

test('125 calls at once: 100 pass, 25 get 429, and the bucket is full again after ten seconds', async () => {
  const replies = await Promise.all(Array.from({ length: 125 }, () => call(fake, 'GET /workflows')))
  const refused = replies.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(25)
  expect(Object.fromEntries(refused[0]?.headers ?? [])).toMatchObject({
    'x-ratelimit-limit-daily': '200000',
    'x-ratelimit-daily-remaining': '199900',
    'x-ratelimit-interval-milliseconds': '10000',
    'x-ratelimit-max': '100',
    'x-ratelimit-remaining': '0',
  })
  expect(refused[0]?.body).toMatchObject({ statusCode: 429, message: 'Too Many Requests' })
  clock.advance(10_000)
  expect((await call(fake, 'GET /workflows')).headers.get('x-ratelimit-remaining')).toBe('99')
})

test('a second location and a second app have rate buckets of their own; a refreshed token has not', async () => {
  fake.limits.burst = 1
  const bearer = (token: { accessToken: string }) => ({ authorization: `Bearer ${token.accessToken}` })
  const first = await call(fake, 'GET /workflows', undefined, bearer(fake.token()))
  const again = await call(fake, 'GET /workflows', undefined, bearer(fake.token()))
  const otherApp = await call(fake, 'GET /workflows', undefined, bearer(fake.token({ app: 'another' })))
  const otherLocation = await call(fake, 'GET /workflows', undefined, bearer(fake.token({ locationId: 'elsewhere' })))
  expect([first, again, otherApp, otherLocation].map(({ status }) => status)).toEqual([200, 429, 200, 200])
})

test('a used-up day refuses until midnight UTC', async () => {
  fake.limits.daily = 1
  clock.set('2026-03-02T23:59:50Z')
  expect((await call(fake, 'GET /workflows')).status).toBe(200)
  const refused = await call(fake, 'GET /workflows')
  expect([refused.status, refused.headers.get('x-ratelimit-daily-remaining')]).toEqual([429, '0'])
  clock.set('2026-03-03T00:00:00Z')
  expect((await call(fake, 'GET /workflows')).status).toBe(200)
})

test('what is not there says which method and path cannot be had', async () => {
  expect(await call(fake, 'PATCH /contacts/x')).toMatchObject({ status: 404, body: { message: 'Cannot PATCH /contacts/x' } })
})

test('every answer has a traceId of its own', async () => {
  const [one, two] = [await call(fake, 'GET /workflows'), await call(fake, 'GET /nothing')]
  expect(one.body.traceId).toMatch(/^trace_/)
  expect(two.body.traceId).not.toBe(one.body.traceId)
})

test('calls records what arrived and what was answered', async () => {
  await call(fake, 'POST /contacts/search?x=1&x=2', { locationId: fake.locationId })
  expect(fake.received('POST /contacts/*')).toMatchObject([
    {
      method: 'POST',
      path: '/contacts/search',
      query: { x: ['1', '2'] },
      headers: { version: '2021-07-28' },
      body: { locationId: fake.locationId },
      status: 200,
      at: clock.now(),
    },
  ])
  expect(fake.received('GET')).toEqual([])
})

test('a body that is not JSON is a bad request', async () => {
  const response = await fetch(`${fake.url}/contacts/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fake.accessToken}`, version: 'v3', 'content-type': 'application/json' },
    body: '{"locationId":',
  })
  expect(response.status).toBe(400)
})

test('reset forgets everything but tokens', async () => {
  fake.addContact()
  fake.fail({ times: Number.POSITIVE_INFINITY, status: 500 })
  await call(fake, 'GET /workflows')
  fake.reset()
  expect([fake.state.contacts.length, fake.calls.length]).toEqual([0, 0])
  expect(await call(fake, `GET /locations/${fake.locationId}`)).toMatchObject({
    status: 200,
    body: { location: { timezone: 'America/New_York' } },
  })
})
