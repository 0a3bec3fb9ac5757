import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { systemClock, withGateway } from '../../../src/index.js'
import { evidence } from '../world.js'
import { codesOf, doors, errorOf, mailBody, SDKS, sdk } from './setup.js'

describe.each(Object.entries(SDKS))('SDK %s', (_, Sdk) => {
  /** The SDK with OAuth: its token is in its session storage, and can be made unknown to GHL. */
  async function oauth(config = {}) {
    const world = await doors(config, Sdk, (fake) => {
      const { clientId, clientSecret } = fake
      return sdk(fake, Sdk, { privateIntegrationToken: undefined, clientId, clientSecret })
    })
    const { fake, raw } = world
    const token = fake.token()
    await raw.getSessionStorage().setSession(fake.locationId, token.session as never)
    return { ...world, token, options: { headers: { locationId: fake.locationId } } }
  }

  test('a token GHL no longer knows is refreshed by the SDK, through the gate, and the call counts once', async () => {
    const limited = { permissions: ['read_contacts'], platforms: ['All'], limitsPerHour: { read_contact: 2 } } as const
    const { raw, gateway, fake, token, options, ann } = await oauth({
      agents: { boss: limited, reader: limited, nobody: limited },
    })
    const ghl = withGateway(raw, gateway.agent('boss'))
    fake.revoke(token.accessToken)
    const read = () => ghl.contacts.getContact({ contactId: ann.id }, options)
    expect((await read()).contact?.id).toBe(ann.id)
    expect(fake.calls.map(({ path, status }) => `${path} ${status}`)).toEqual([
      `/contacts/${ann.id} 401`,
      '/oauth/token 200',
      `/contacts/${ann.id} 200`,
    ])
    await read()
    expect(await codesOf(read)).toEqual(['agent.hourly_limit'])
  })

  test('a send after a refresh leaves once', async () => {
    const { ghl, fake, token, options, ann } = await oauth()
    fake.revoke(token.accessToken)
    await ghl.conversations.sendANewMessage(mailBody(ann.id), options)
    expect(fake.sent).toHaveLength(1)
  })

  test('a look-up of the gateway’s own is tried once more with a new token, and no more than once', async () => {
    const { ghl, fake, options, ann } = await oauth()
    fake.fail({ match: 'GET /contacts/**', status: 401, times: 99 })
    expect(await codesOf(() => ghl.conversations.sendANewMessage(mailBody(ann.id), options))).toEqual(['recipient.unresolved'])
    expect(fake.received('GET')).toHaveLength(2)
  })

  test('ten calls at once with a stale token all come through', async () => {
    const { ghl, fake, token, options, ann } = await oauth()
    fake.revoke(token.accessToken)
    const reads = Array.from({ length: 10 }, () => ghl.contacts.getContact({ contactId: ann.id }, options))
    expect((await Promise.all(reads)).every(({ contact }) => contact?.id === ann.id)).toBe(true)
    // 3.0.0 refreshes once per call; the reuse window of GHL makes that harmless.
    if (Sdk === SDKS['3.1.0']) expect(fake.state.tokenRefreshes).toBe(1)
  })

  test('a location token that cannot be refreshed is fetched with the company’s', async () => {
    const { ghl, raw, fake, token, options, ann } = await oauth()
    const company = fake.token({ locationId: null })
    await raw.getSessionStorage().setSession(fake.companyId, company.session as never)
    const stale = { ...token.session, refresh_token: 'spent' }
    await raw.getSessionStorage().setSession(fake.locationId, stale as never)
    fake.revoke(token.accessToken)
    expect((await ghl.contacts.getContact({ contactId: ann.id }, options)).contact?.id).toBe(ann.id)
    expect(fake.received('POST /oauth/locationToken')).toHaveLength(1)
  })

  test('a refresh that fails leaves the client’s own error, without any credential', async () => {
    const { ghl, raw, fake, token, options, ann } = await oauth()
    fake.revoke(token.accessToken)
    fake.fail({ match: 'POST /oauth/token', status: 500, times: 9 })
    const error = await errorOf(() => ghl.contacts.getContact({ contactId: ann.id }, options))
    expect(error).toMatchObject({ name: 'GHLError', statusCode: 401 })
    const session = await raw.getSessionStorage().getSession(fake.locationId)
    for (const secret of [token.accessToken, token.refreshToken, fake.clientSecret, session?.refresh_token ?? '-'])
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(secret)
  })

  test('while a token is refreshed, nothing but the token call passes', async () => {
    const { ghl, raw, fake, token, options, ann } = await oauth()
    fake.revoke(token.accessToken)
    raw.oauth.refreshToken = () => raw.contacts.deleteContact({ contactId: ann.id }, options) as never
    await errorOf(() => ghl.contacts.getContact({ contactId: ann.id }, options))
    expect(fake.received('DELETE')).toEqual([])
  })

  /** Beside it the session of another location, with a contact there. */
  async function twoLocations(config = {}) {
    const world = await oauth(config)
    const other = 'otherlocation1234567'
    await world.raw.getSessionStorage().setSession(other, world.fake.token({ locationId: other }).session as never)
    const bob = world.fake.addContact({ locationId: other, email: 'bob@other.example' })
    const ghl = withGateway(world.raw, world.gateway.agent('boss').with({ grounding: evidence(bob.id, world.clock) }))
    /** Ways to have the SDK take the other location's token, the home's being named or nothing. */
    const named = { locationId: world.fake.locationId }
    const tricks: Record<string, () => unknown> = {
      'two headers': () => ghl.contacts.getContact({ contactId: bob.id }, { headers: { ...named, 'x-location-id': other } }),
      'a query parameter': () => ghl.contacts.getContact({ contactId: bob.id }, { headers: {}, params: { location_id: other } }),
      'path parameters': () =>
        ghl.contacts.updateContact({ contactId: bob.id }, { firstName: 'x' }, { __pathParams: { locationId: other } } as never),
      'a body that is replaced': () =>
        ghl.contacts.updateContact({ contactId: bob.id }, { locationId: other } as never, { data: { firstName: 'x' } }),
      'a second spelling in the body': () =>
        ghl.contacts.updateContact({ contactId: bob.id }, { location_id: other, firstName: 'x' } as never),
      'an object that changes': () => {
        const looks = [other, other, world.fake.locationId]
        const shifty = { toString: () => looks.shift() ?? world.fake.locationId }
        return ghl.contacts.getContact({ contactId: bob.id }, { headers: {}, __pathParams: { locationId: shifty } } as never)
      },
      'a retry after a credential of no use': () =>
        ghl.request({
          url: `/contacts/${bob.id}`,
          headers: { Authorization: 'Bearer of-no-use' },
          __secutiryRequirements: ['bearer'],
          __pathParams: { locationId: other },
        } as never),
      'a company that is a location': () =>
        ghl.locations.searchLocations(
          { companyId: other },
          { url: `/contacts/${bob.id}`, params: { companyId: other }, preferredTokenType: 'company' },
        ),
    }
    return { ...world, ghl, other, bob, tricks }
  }

  test('a call is judged where the token is from that the SDK takes for it', async () => {
    const { tricks, fake, gateway, bob, other } = await twoLocations()
    await gateway.system.switchOff('location', other, { reason: 'x', by: 'olga' })
    for (const [name, trick] of Object.entries(tricks)) {
      const [code] = await codesOf(trick)
      expect(['permission.location', 'system.switched_off'], name).toContain(code)
    }
    const served = fake.calls.filter(({ path, status }) => path === `/contacts/${bob.id}` && status === 200)
    expect([served, fake.received('PUT')]).toEqual([[], []])
  })

  test('a request that names one location and would carry another’s token is refused', async () => {
    const { ghl, bob, other, options, fake } = await twoLocations()
    const codes = await codesOf(() =>
      ghl.contacts.updateContact({ contactId: bob.id }, { locationId: other } as never, {
        data: { firstName: 'x', locationId: options.headers.locationId },
      }),
    )
    expect([codes, fake.calls]).toEqual([['permission.location'], []])
  })

  test('the other location is served to who may act there, and a company’s token stays the company’s', async () => {
    const { ghl, raw, bob, other, fake } = await twoLocations()
    expect((await ghl.contacts.getContact({ contactId: bob.id }, { headers: { locationId: other } })).contact?.id).toBe(bob.id)
    const company = fake.token({ locationId: null })
    await raw.getSessionStorage().setSession(fake.companyId, company.session as never)
    fake.fail({ match: 'GET /locations/search', status: 200, body: { locations: [] } })
    await ghl.locations.searchLocations({ companyId: fake.companyId }, { preferredTokenType: 'company' })
    expect(fake.calls.at(-1)?.headers.authorization).toBe(`Bearer ${company.accessToken}`)
  })

  const heldAlways = { approvals: { requireFor: ['ghl_request', 'update_contact'] } } as const

  test('an approved request finds the token of its location, wherever that is named', async () => {
    const { ghl, fake, gateway, ann } = await oauth(heldAlways)
    const { locationId } = fake
    const update = (firstName: string, options: object) =>
      ghl.contacts.updateContact({ contactId: ann.id }, { firstName }, options)
    const calls: (() => unknown)[] = [
      () => ghl.locations.createTag({ locationId }, { name: 'vip' }),
      () => update('a', { headers: { locationId } }),
      () => update('b', { headers: { 'x-location-id': locationId } }),
      () => update('c', { params: { location_id: locationId } }),
      () => update('d', { __pathParams: { locationId } }),
    ]
    fake.fail({ match: `POST /locations/${locationId}/tags`, status: 201, body: {} })
    for (const call of calls) {
      const { approvalId } = await errorOf(call)
      const done = await gateway.approvals.approve(String(approvalId), { by: 'olga' })
      expect(done, call.toString()).toMatchObject({ outcome: { status: 'executed' } })
    }
    expect(fake.calls.filter(({ method }) => method !== 'GET')).toHaveLength(calls.length)
  })

  test('an approved request whose token is gone certainly did not leave', async () => {
    const { ghl, raw, fake, gateway, ann, options } = await oauth(heldAlways)
    const { approvalId } = await errorOf(() => ghl.contacts.updateContact({ contactId: ann.id }, { firstName: 'x' }, options))
    await raw.getSessionStorage().deleteSession(fake.locationId)
    expect(await gateway.approvals.approve(String(approvalId), { by: 'olga' })).toMatchObject({
      outcome: { status: 'failed', error: { message: expect.stringContaining(`no token for ${fake.locationId}`) } },
    })
    expect([fake.calls, await gateway.unknowns.list()]).toEqual([[], []])
  })

  test('an exchange through the wrapped client is refused; the host does it before wrapping', async () => {
    const { ghl, raw, fake, boss } = await oauth()
    const exchange = (client: typeof raw) =>
      client.oauth.getAccessToken({
        client_id: fake.clientId,
        client_secret: fake.clientSecret,
        grant_type: 'authorization_code',
        code: fake.authorizationCode(),
      } as never)
    expect(await codesOf(() => exchange(ghl))).toEqual(['hidden_member'])
    expect(await codesOf(() => exchange(raw))).toEqual(['no_agent_context'])
    const fresh = sdk(fake, Sdk, { privateIntegrationToken: undefined, clientId: fake.clientId, clientSecret: fake.clientSecret })
    expect(await exchange(fresh)).toMatchObject({ access_token: expect.any(String) })
    expect(() => withGateway(fresh, boss)).not.toThrow()
  })
})

test('a retry of the SDK after 429 goes through the gate, and the call counts once', async () => {
  const { fake, gateway, ann } = await doors({
    clock: systemClock,
    agents: {
      boss: { permissions: ['read_contacts'], platforms: ['All'], limitsPerHour: { read_contact: 1 } },
      reader: 'HUNTER',
      nobody: 'HUNTER',
    },
  })
  const raw = sdk(fake, SDKS['3.1.0'], { rateLimitRetry: { maxRetries: 3, baseDelayMs: 1, maxDelayMs: 60 } })
  const ghl = withGateway(raw, gateway.agent('boss'))
  fake.fail({ status: 429, headers: { 'x-ratelimit-interval-milliseconds': '30' } })
  expect((await ghl.contacts.getContact({ contactId: ann.id })).contact?.id).toBe(ann.id)
  expect(fake.calls.map(({ status }) => status)).toEqual([429, 200])
  expect(await codesOf(() => ghl.contacts.getContact({ contactId: ann.id }))).toEqual(['agent.hourly_limit'])
})
