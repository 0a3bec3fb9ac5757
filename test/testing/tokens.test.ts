import { HighLevel } from '@gohighlevel/api-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeGhl, type FakeGhl, fakeClock } from '../../src/testing/index.js'
import { call } from './helpers.js'

const clock = fakeClock()
let fake: FakeGhl
beforeEach(async () => {
  clock.set('2026-03-02T15:00:00Z')
  fake = await createFakeGhl({ clock })
})
afterEach(() => fake.close())

async function grant(fields: Record<string, string>) {
  const body = new URLSearchParams({ client_id: fake.clientId, client_secret: fake.clientSecret, ...fields })
  const response = await fetch(`${fake.url}/oauth/token`, { method: 'POST', body })
  const pair = (await response.json()) as Record<string, string>
  return { status: response.status, body: pair }
}

const refresh = (refresh_token: string) => grant({ grant_type: 'refresh_token', refresh_token })

test('a refresh token gives a new pair once; the same pair again within 30 s; then it is dead', async () => {
  const { refreshToken } = fake.token()
  const first = await refresh(refreshToken)
  expect(first).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 86399, userType: 'Location' } })
  clock.advance(30_000)
  expect((await refresh(refreshToken)).body.access_token).toBe(first.body.access_token)
  expect(fake.state.tokenRefreshes).toBe(1)
  clock.advance(1)
  expect(await refresh(refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect((await refresh(first.body.refresh_token ?? '')).status).toBe(200)
})

test('an authorization code works once, wrong client secrets never', async () => {
  const code = fake.authorizationCode({ scopes: ['contacts.readonly'] })
  expect((await grant({ grant_type: 'authorization_code', code, client_secret: 'wrong' })).status).toBe(401)
  expect((await grant({ grant_type: 'authorization_code', code })).body).toMatchObject({ scope: 'contacts.readonly' })
  expect((await grant({ grant_type: 'authorization_code', code })).status).toBe(400)
})

test.each(['/oauth/locationToken', '/oauth/location-token'])('a company token becomes a location token at %s', async (path) => {
  const company = fake.token({ locationId: null })
  const headers = { authorization: `Bearer ${company.accessToken}`, version: 'v3' }
  const body = { companyId: fake.companyId, locationId: fake.locationId }
  const reply = await call(fake, `POST ${path}`, body, headers)
  expect(reply.body).toMatchObject({ userType: 'Location', locationId: fake.locationId })
  const own = { authorization: `Bearer ${reply.body.access_token}` }
  expect((await call(fake, 'GET /workflows', undefined, own)).status).toBe(200)
  expect((await call(fake, `POST ${path}`, { ...body, locationId: 'elsewhere' }, headers)).status).toBe(400)
})

test('the new name of the location token route needs v3', async () => {
  expect((await call(fake, 'POST /oauth/location-token', {})).status).toBe(404)
})

test('a token that expires amid ten parallel calls is refreshed once by the SDK, and all ten succeed', async () => {
  const { id } = fake.addContact()
  const { session } = fake.token({ expiresInMs: 60_000 })
  const ghl = new HighLevel({ clientId: fake.clientId, clientSecret: fake.clientSecret, logLevel: 'none' })
  ghl.getHttpClient().defaults.baseURL = fake.url
  await ghl.getSessionStorage().setSession(fake.locationId, { ...session, expire_at: Date.now() + 3_600_000 })
  clock.advance(60_000)
  const options = { headers: { locationId: fake.locationId } }
  const replies = await Promise.all(Array.from({ length: 10 }, () => ghl.contacts.getContact({ contactId: id }, options)))
  expect(replies.map(({ contact }) => contact?.id)).toEqual(Array(10).fill(id))
  expect(fake.state.tokenRefreshes).toBe(1)
  expect(fake.received('GET /contacts/*').filter(({ status }) => status === 401)).toHaveLength(10)
})

test('two processes that refresh the same token at once end with the same pair', async () => {
  const { refreshToken } = fake.token()
  const [one, two] = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
  expect(one.body.access_token).toBe(two.body.access_token)
})

test('a revoked token is unknown', async () => {
  const { accessToken } = fake.token()
  fake.revoke(accessToken)
  expect((await call(fake, 'GET /workflows', undefined, { authorization: `Bearer ${accessToken}` })).body.message).toBe(
    'Invalid JWT',
  )
})
