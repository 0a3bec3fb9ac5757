import { inspect } from 'node:util'
import type { HighLevel } from '@gohighlevel/api-client'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { isApprovalPending, isConfigError, isGatewayBlocked, isOutcomeUnknown, withGateway } from '../../../src/index.js'
import { betweenCommitAndCall, codesOf, type Doors, doors, errorOf, mailBody, SDKS, sdk } from './setup.js'

test('a wrapped client has the type of the client', async () => {
  const { raw, boss } = await doors()
  expectTypeOf(withGateway(raw, boss)).toEqualTypeOf<HighLevel>()
})

describe.each(Object.entries(SDKS))('SDK %s', (_, Sdk) => {
  test('is still an instance of its class, can be awaited, and has the same members each time', async () => {
    const { ghl, raw } = await doors({}, Sdk)
    expect(ghl).toBeInstanceOf(Sdk)
    expect(await ghl).toBe(ghl)
    expect(ghl.contacts).toBe(ghl.contacts)
    expect(ghl.contacts.getContact).toBe(ghl.contacts.getContact)
    expect(ghl.contacts).toBeInstanceOf(raw.contacts.constructor)
    expect([typeof ghl, `${ghl}`, 'contacts' in ghl, 'httpClient' in ghl]).toEqual(['object', '[object Object]', true, false])
    expect(Object.keys(ghl)).toEqual(
      Object.keys(raw).filter((key) => !/^(config|httpClient|logger|sessionStorage|refreshInFlight|webhooks)$/.test(key)),
    )
  })

  test('writing, copying and looking at it give nothing away', async () => {
    const { ghl, fake } = await doors({}, Sdk)
    const written = [
      inspect(ghl, { depth: 9, showHidden: true, showProxy: true }),
      inspect(ghl.contacts, { depth: 9, showProxy: true }),
      JSON.stringify(ghl),
      JSON.stringify({ ...ghl }),
      inspect(Object.entries(ghl.contacts)),
      inspect(ghl.contacts.valueOf(), { depth: 9 }),
      inspect(Reflect.getOwnPropertyDescriptor(ghl, 'config')),
    ]
    expect(() => structuredClone(ghl)).toThrow()
    for (const text of written) expect(text).not.toContain(fake.accessToken)
    expect((ghl.contacts as unknown as { client?: unknown }).client).toBeUndefined()
  })

  test('its administration is the host’s', async () => {
    const { ghl, raw, fake } = await doors({}, Sdk)
    const calls: (() => unknown)[] = [
      () => ghl.getConfig(),
      () => ghl.getHttpClient(),
      () => ghl.getHeaders(),
      () => ghl.getPrivateIntegrationToken(),
      () => ghl.getClientSecret(),
      () => ghl.getSessionStorage(),
      () => ghl.setSessionStorage({} as never),
      () => ghl.setApiVersion('v3'),
      () => ghl.updateConfig({ privateIntegrationToken: 'mine' }),
      () => ghl.addRequestInterceptor({ onFulfilled: (config) => config }),
      () => ghl.addResponseInterceptor({ onFulfilled: (answer) => answer }),
      () => (ghl as unknown as { getAuthToken(): unknown }).getAuthToken(),
      () => (ghl as unknown as { refreshTokenIfNeeded(id: string, session: object): unknown }).refreshTokenIfNeeded('x', {}),
    ]
    for (const call of calls) expect(await codesOf(call)).toEqual(['hidden_member'])
    expect(() => Object.assign(ghl, { contacts: {} })).toThrow(TypeError)
    expect(() => Object.setPrototypeOf(ghl, null)).toThrow(TypeError)
    expect([raw.getPrivateIntegrationToken(), fake.calls]).toEqual([fake.accessToken, []])
  })

  test('members taken from the class find nothing on it', async () => {
    const { ghl, fake, ann } = await doors({}, Sdk)
    expect(Sdk.prototype.getConfig.call(ghl)).toEqual({})
    await expect(Sdk.prototype.request.call(ghl, { url: '/contacts/x' })).rejects.toThrow(TypeError)
    const bare = Object.getPrototypeOf(ghl.contacts) as typeof ghl.contacts
    await expect(bare.getContact.call(ghl.contacts, { contactId: ann.id })).rejects.toThrow(TypeError)
    expect(() => new (ghl.constructor as new (config: unknown) => object)(Sdk.prototype.getConfig.call(ghl))).not.toThrow()
    expect(fake.calls).toEqual([])
  })

  test('a detached method fails as it always did', async () => {
    const { ghl, raw, ann } = await doors({}, Sdk)
    const { getContact } = ghl.contacts
    const original = raw.contacts.getContact
    const [mine, theirs] = [
      await errorOf(() => getContact({ contactId: ann.id })),
      await errorOf(() => Reflect.apply(original, undefined, [{ contactId: ann.id }])),
    ]
    expect([mine.constructor, mine.message]).toEqual([theirs.constructor, theirs.message])
  })

  test.each([400, 401, 404, 422, 429, 500, 503])('its own error for %i comes through, without the credential', async (status) => {
    const { ghl, fake, ann } = await doors({}, Sdk)
    fake.fail({ status, times: 5, headers: { 'x-ratelimit-interval-milliseconds': '10' } })
    const error = await errorOf(() => ghl.contacts.getContact({ contactId: ann.id }))
    expect(error).toMatchObject({ name: 'GHLError', statusCode: status, response: expect.anything() })
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(fake.accessToken)
    expect(JSON.stringify(error)).not.toContain(fake.accessToken)
  })

  test.each([
    ['a 5xx', { status: 502, done: true }],
    ['a lost answer', { drop: 'after' as const }],
  ])('%s on a send is an unknown outcome with its cause, without the credential', async (_name, fault) => {
    const { ghl, fake, ann } = await doors({}, Sdk)
    fake.fail({ match: 'POST /conversations/messages', ...fault })
    const error = await errorOf(() => ghl.conversations.sendANewMessage(mailBody(ann.id)))
    expect(isOutcomeUnknown(error)).toBe(true)
    expect(error.cause).toBeDefined()
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(fake.accessToken)
    expect(fake.sent).toHaveLength(1)
  })

  test('no answer within the deadline on a send is an unknown outcome', async () => {
    const { ghl, fake, ann } = await doors({ deadlineMs: 100 }, Sdk)
    fake.fail({ match: 'POST /conversations/messages', hang: 'after' })
    expect(isOutcomeUnknown(await errorOf(() => ghl.conversations.sendANewMessage(mailBody(ann.id))))).toBe(true)
  })

  test('what needs a human is pending, and nothing leaves', async () => {
    const { ghl, fake, gateway, ann } = await doors({}, Sdk)
    const data = { contacts: [ann.id], tags: ['vip'], locationId: fake.locationId }
    const error = await errorOf(() => ghl.request({ method: 'POST', url: '/contacts/bulk/tags/update/add', data }))
    expect(error).toMatchObject({ name: 'ApprovalPendingError' })
    expect(isApprovalPending(error)).toBe(true)
    expect(fake.received('POST')).toEqual([])
    const done = await gateway.approvals.approve((error as unknown as { approvalId: string }).approvalId, { by: 'olga' })
    expect(done).toMatchObject({ outcome: { status: 'executed' } })
    expect(fake.received('POST')).toHaveLength(1)
  })

  test('in shadow the client gets a stand-in, and nothing is sent', async () => {
    const { ghl, fake, ann } = await doors({ mode: 'shadow' }, Sdk)
    expect(await ghl.conversations.sendANewMessage(mailBody(ann.id))).toMatchObject({ shadowed: true })
    expect(fake.received('POST')).toEqual([])
  })

  test('a send that never left is an error, never a stand-in', async () => {
    const sleep: { clock?: Doors['clock'] } = {}
    const world = await doors({ storage: betweenCommitAndCall(() => sleep.clock?.advance(130_000)) }, Sdk)
    sleep.clock = world.clock
    const error = await errorOf(() => world.ghl.conversations.sendANewMessage(mailBody(world.ann.id)))
    expect(error).toMatchObject({ name: 'NotSentError', message: expect.stringContaining('Nothing was sent') })
    expect(world.fake.received('POST')).toEqual([])
  })

  test('a call given up before it leaves is certainly not sent, and ends as the client ends it', async () => {
    const giveUp = new AbortController()
    const { ghl, ann, fake, gateway } = await doors({ storage: betweenCommitAndCall(() => giveUp.abort()) }, Sdk)
    const error = await errorOf(() => ghl.conversations.sendANewMessage(mailBody(ann.id), { signal: giveUp.signal }))
    expect(error).toMatchObject({ name: 'GHLError', message: 'Request setup error: canceled' })
    expect([fake.received('POST'), await gateway.unknowns.list()]).toEqual([[], []])
  })

  test('the same idempotency key gives the kept answer and sends once', async () => {
    const { raw, boss, fake, ann } = await doors({}, Sdk)
    const ghl = withGateway(raw, boss.with({ idempotencyKey: 'k1' }))
    const first = await ghl.conversations.sendANewMessage(mailBody(ann.id))
    expect(await ghl.conversations.sendANewMessage(mailBody(ann.id))).toEqual(first)
    expect(fake.sent).toHaveLength(1)
  })

  test('the host may go on setting up the raw client: rebuilt services are guarded too', async () => {
    const { raw, ghl, boss, fake, ann } = await doors({}, Sdk)
    const before = ghl.contacts
    raw.setApiVersion('v3')
    expect(ghl.contacts).not.toBe(before)
    await ghl.contacts.getContact({ contactId: ann.id })
    expect(fake.calls.at(-1)?.headers.version).toBe('v3')
    const other = fake.token().accessToken
    raw.setPrivateIntegrationToken(other)
    await withGateway(raw, boss).contacts.getContact({ contactId: ann.id })
    expect(fake.calls.at(-1)?.headers.authorization).toBe(`Bearer ${other}`)
    expect(await codesOf(() => raw.contacts.getContact({ contactId: ann.id }))).toEqual(['no_agent_context'])
  })

  test('the raw client is refused outside an agent, and speaks for the agent inside its run', async () => {
    const { raw, reader, fake, ann } = await doors({}, Sdk)
    expect(await codesOf(() => raw.contacts.getContact({ contactId: ann.id }))).toEqual(['no_agent_context'])
    expect(await codesOf(() => raw.getHttpClient().get('/contacts/x'))).toHaveLength(1)
    expect(await codesOf(() => raw.getHttpClient()({ url: '/contacts/x' }))).toHaveLength(1)
    expect(fake.calls).toEqual([])
    const { contact } = await reader.run({}, () => raw.contacts.getContact({ contactId: ann.id }))
    expect(contact?.id).toBe(ann.id)
    expect(await codesOf(() => reader.run({}, () => raw.contacts.deleteContact({ contactId: ann.id })))).toContain(
      'permission.denied',
    )
    expect(fake.state.contacts).toHaveLength(1)
  })

  test('a wrapped client speaks for its own agent, whoever’s run it is called in', async () => {
    const { raw, boss, reader, nobody, ann } = await doors({}, Sdk)
    const [asReader, asNobody] = [withGateway(raw, reader), withGateway(raw, nobody)]
    const read = (client: HighLevel) => client.contacts.getContact({ contactId: ann.id })
    expect(await boss.run({}, () => codesOf(() => read(asNobody)))).toContain('permission.denied')
    const many = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => read(n % 2 === 0 ? asReader : asNobody)))
    expect(many.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')),
    )
    const params = {
      get contactId() {
        void read(asNobody).catch(() => undefined)
        return ann.id
      },
    }
    expect((await asReader.contacts.getContact(params)).contact?.id).toBe(ann.id)
  })

  test('what is said in run reaches wrapped clients', async () => {
    const { raw, gateway, fake, ann, clock } = await doors({}, Sdk)
    const boss = gateway.agent('boss')
    const ghl = withGateway(raw, boss)
    expect(await codesOf(() => ghl.conversations.sendANewMessage(mailBody(ann.id)))).toContain('grounding.missing')
    const grounding = { source: 'ghl', dataId: ann.id, verifiedAt: clock.now() }
    await boss.run({ grounding }, () => ghl.conversations.sendANewMessage(mailBody(ann.id)))
    expect(fake.sent).toHaveLength(1)
  })

  test('what is one client, one gateway, wrapped once, is said clearly', async () => {
    const { raw, ghl, boss } = await doors({}, Sdk)
    const other = await doors({}, Sdk)
    expect(isConfigError(await errorOf(() => withGateway(raw, other.boss)))).toBe(true)
    expect(await errorOf(() => withGateway(ghl, boss))).toMatchObject({ message: expect.stringContaining('wrapped already') })
    expect(await errorOf(() => withGateway(Sdk as never, boss))).toMatchObject({
      message: expect.stringContaining('wrap an instance'),
    })
    for (const bad of [null, 1, 'x', {}, []])
      expect(isConfigError(await errorOf(() => withGateway(bad as never, boss)))).toBe(true)
    expect(isConfigError(await errorOf(() => withGateway(sdk(other.fake), {} as never)))).toBe(true)
  })
})

test('a refusal is an error of ours, untouched by the client and unlogged', async () => {
  const { raw, nobody } = await doors()
  const error = await errorOf(() => withGateway(raw, nobody).contacts.getContact({ contactId: 'x' }))
  expect([isGatewayBlocked(error), error.name]).toEqual([true, 'GatewayBlockedError'])
})
