import { inspect } from 'node:util'
import axios, { type AxiosError, type AxiosInstance, isAxiosError } from 'axios'
import { expect, test } from 'vitest'
import { isConfigError, withGateway } from '../../../src/index.js'
import { betweenCommitAndCall, codesOf, type Doors, doors, errorOf, evilServer, mailBody } from './setup.js'

function instanceFor({ fake }: Doors): AxiosInstance {
  const headers = { Authorization: `Bearer ${fake.accessToken}`, Version: '2021-07-28' }
  return axios.create({ baseURL: fake.url, headers, params: { api_key: 'key-in-the-defaults' } })
}

test('every verb and every way of calling goes through the gate', async () => {
  const world = await doors()
  const { fake, ann, nobody } = world
  const instance = instanceFor(world)
  const client = withGateway(instance, nobody)
  const calls: (() => unknown)[] = [
    () => client.get(`/contacts/${ann.id}`),
    () => client.delete(`/contacts/${ann.id}`),
    () => client.head(`/contacts/${ann.id}`),
    () => client.options(`/contacts/${ann.id}`),
    () => client.post('/contacts/', { firstName: 'x' }),
    () => client.put(`/contacts/${ann.id}`, { firstName: 'x' }),
    () => client.patch(`/contacts/${ann.id}`, { firstName: 'x' }),
    () => client.postForm('/medias/upload-file', { a: 1 }),
    () => client.putForm(`/contacts/${ann.id}`, { a: 1 }),
    () => client.patchForm(`/contacts/${ann.id}`, { a: 1 }),
    () => client.request({ url: `/contacts/${ann.id}` }),
    () => (client.request as unknown as (url: string, config: object) => unknown)(`/contacts/${ann.id}`, { method: 'DELETE' }),
    () => client({ url: `/contacts/${ann.id}` }),
    () => client(`/contacts/${ann.id}`, { method: 'DELETE' }),
  ]
  for (const call of calls) expect(['GatewayBlockedError'], call.toString()).toContain((await errorOf(call)).name)
  expect(fake.calls).toEqual([])
})

test('an answer is axios’ own, without the credential it was asked with', async () => {
  const world = await doors()
  const client = withGateway(instanceFor(world), world.boss)
  const answer = await client.get(`/contacts/${world.ann.id}`)
  expect(answer).toMatchObject({ status: 200, data: { contact: { id: world.ann.id } } })
  expect(answer.headers['content-type']).toContain('json')
  expect(world.fake.calls[0]?.query.api_key).toBe('key-in-the-defaults')
  expect(answer.config).toMatchObject({
    url: `/contacts/${world.ann.id}`,
    headers: { Authorization: expect.stringContaining('[redacted]') },
  })
  for (const secret of [world.fake.accessToken, 'key-in-the-defaults'])
    expect(inspect(answer, { depth: 12, showHidden: true })).not.toContain(secret)
})

test.each([404, 422, 500])('an error for %i is axios’ own, without the credential it was asked with', async (status) => {
  const world = await doors()
  const client = withGateway(instanceFor(world), world.boss)
  world.fake.fail({ status, body: { message: 'no' } })
  const error = await errorOf(() => client.get(`/contacts/${world.ann.id}`))
  expect(isAxiosError(error)).toBe(true)
  expect(error).toMatchObject({ response: { status, data: { message: 'no' } }, config: { url: `/contacts/${world.ann.id}` } })
  expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(world.fake.accessToken)
  expect(JSON.stringify(error)).not.toContain(world.fake.accessToken)
})

/** Up to 1.13 an axios error was an object of a function, and no native error. This is that shape, around an answer of today's. */
function olderAxios(world: Doors): AxiosInstance {
  function AxiosError(this: object, fault: object) {
    Object.assign(this, { stack: 'AxiosError: x', message: 'x', name: 'AxiosError' }, fault)
  }
  AxiosError.prototype = Object.create(Error.prototype, { isAxiosError: { value: true } })
  const make = AxiosError as unknown as new (fault: object) => Error
  const instance = instanceFor(world)
  const bare = axios.create()
  instance.defaults.adapter = ({ adapter: _, ...config }) =>
    bare.request(config).catch(({ message, response, request }: AxiosError) => {
      throw new make({ message, response, request, config })
    })
  return instance
}

test('an error of an older axios comes through as well, without the credential', async () => {
  const world = await doors()
  const client = withGateway(olderAxios(world), world.boss)
  world.fake.fail({ status: 404 })
  const error = await errorOf(() => client.get(`/contacts/${world.ann.id}`))
  expect(isAxiosError(error)).toBe(true)
  expect(error).toMatchObject({ response: { status: 404 }, config: { url: `/contacts/${world.ann.id}` } })
  expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(world.fake.accessToken)
})

test('an unknown outcome through an older axios has its cause, without the credential', async () => {
  const world = await doors()
  const client = withGateway(olderAxios(world), world.boss)
  world.fake.fail({ match: 'POST /conversations/messages', drop: 'after' })
  const error = await errorOf(() => client.post('/conversations/messages', mailBody(world.ann.id)))
  expect(error).toMatchObject({ name: 'OutcomeUnknownError', cause: { name: 'AxiosError', message: expect.any(String) } })
  expect(error.cause).toBe((error.outcome as { cause: unknown }).cause)
  expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(world.fake.accessToken)
})

test('what is thrown is never lost: a fault that cannot be shown says so', async () => {
  const world = await doors()
  class Fault {
    constructor(readonly config: unknown) {}
  }
  const instance = instanceFor(world)
  instance.defaults.adapter = (config) => Promise.reject(new Fault(config))
  const client = withGateway(instance, world.boss)
  expect(await errorOf(() => client.get('/contacts/x'))).toMatchObject({ message: expect.stringContaining('credential') })
  const lost = await errorOf(() => client.post('/conversations/messages', mailBody(world.ann.id)))
  expect(lost).toMatchObject({ name: 'OutcomeUnknownError', cause: { message: expect.stringContaining('credential') } })
  expect(inspect(lost, { depth: 12, showHidden: true })).not.toContain(world.fake.accessToken)
})

/** The host adds the credential itself, from a place where nobody else can look. */
function keyless({ fake }: Doors): AxiosInstance {
  const instance = axios.create({ baseURL: fake.url, headers: { Version: '2021-07-28' } })
  instance.interceptors.request.use((config) => {
    if (!config.headers.has('Authorization')) config.headers.set('Authorization', `Bearer ${fake.accessToken}`)
    return config
  })
  return instance
}

test('what one agent writes as a credential takes nothing out of the answers of another', async () => {
  const world = await doors()
  const instance = instanceFor(world)
  const victim = withGateway(instance, world.reader)
  const headers = { Authorization: 'Bearer ann@acme.example' }
  for (const agent of [world.nobody, world.boss])
    await errorOf(() => withGateway(instance, agent).get(`/contacts/${world.ann.id}`, { headers }))
  expect((await victim.get(`/contacts/${world.ann.id}`)).data.contact.email).toBe('ann@acme.example')
})

test('no number of invented credentials makes a real one forgotten', async () => {
  const world = await doors()
  const { ann, fake, reader } = world
  const invent = async (client: AxiosInstance) => {
    for (let n = 0; n < 510; n++)
      await client.get('/nope', { headers: { Authorization: `Bearer invented-${n}` } }).catch(() => undefined)
  }
  const instance = keyless(world)
  const client = withGateway(instance, reader)
  fake.fail({ match: `GET /contacts/${ann.id}`, status: 404, hang: 'after' })
  const underWay = errorOf(() => client.get(`/contacts/${ann.id}`, { timeout: 1500 }))
  await invent(client)
  expect(inspect(await underWay, { depth: 12, showHidden: true })).not.toContain(fake.accessToken)

  class Remembering {
    readonly http = instance
    last: unknown
    read = async () => {
      this.last = await this.http.get(`/contacts/${ann.id}`)
    }
    tell = () => ({ last: this.last })
  }
  const remembering = withGateway(new Remembering(), reader)
  fake.heal()
  await remembering.read()
  await invent(client)
  expect(remembering.tell()).toMatchObject({ last: { config: { headers: { Authorization: 'Bearer [redacted]' } } } })
})

test('a mail sent through axios is a mail to the gate', async () => {
  const world = await doors()
  const client = withGateway(instanceFor(world), world.boss)
  await client.post('/conversations/messages', mailBody(world.ann.id))
  const spam = mailBody(world.ann.id, { html: '<p>no way out</p>' })
  expect(await codesOf(() => client.post('/conversations/messages', spam))).toContain('compliance.opt_out_missing')
  expect(world.fake.sent).toHaveLength(1)
})

test('its defaults, interceptors and factories are the host’s', async () => {
  const world = await doors()
  const instance = instanceFor(world)
  const client = withGateway(instance, world.boss)
  expect([client.defaults, client.interceptors]).toEqual([undefined, undefined])
  expect(await codesOf(() => client.create())).toEqual(['hidden_member'])
  expect(Object.keys(client)).not.toContain('defaults')
  expect(() => Object.assign(client, { defaults: {} })).toThrow(TypeError)
  expect(inspect(client, { depth: 9, showHidden: true, showProxy: true })).not.toContain(world.fake.accessToken)
  expect(client.getUri({ url: '/x' })).not.toContain('key-in-the-defaults')
})

test('a copy the host makes of a guarded instance is guarded as well', async () => {
  const world = await doors()
  const instance = instanceFor(world)
  withGateway(instance, world.boss)
  expect(await codesOf(() => instance.create().get('/contacts/x'))).toEqual(['no_agent_context'])
  instance.interceptors.request.clear()
  expect(await codesOf(() => instance.get('/contacts/x'))).toEqual(['no_agent_context'])
  expect(world.fake.calls).toEqual([])
})

test('an approved request leaves as it was asked for, whatever the client adds by itself', async () => {
  const world = await doors({ approvals: { requireFor: ['update_contact'] } })
  const instance = instanceFor(world)
  instance.interceptors.request.use((config) => Object.assign(config, { params: { ...(config.params as object), by: 'host' } }))
  const client = withGateway(instance, world.boss)
  for (const query of ['a=1&a=2', 'ids[]=1&ids[]=2', 'x=a%20b%2Bc&y=&z=%5B1%5D', 'when=2026-01-01T00:00:00%2B02:00']) {
    const path = `/contacts/${world.ann.id}`
    const { approvalId } = await errorOf(() => client.put(`${path}?${query}`, { firstName: 'x' }))
    await world.gateway.approvals.approve(String(approvalId), { by: 'olga' })
    const asked = new URLSearchParams(`${query}&api_key=key-in-the-defaults&by=host`)
    const arrived = world.fake.received('PUT').at(-1)?.query ?? {}
    for (const name of asked.keys()) expect([arrived[name]].flat(), query).toEqual(asked.getAll(name))
    expect(Object.keys(arrived)).toHaveLength(new Set(asked.keys()).size)
  }
})

test('an approved upload cannot be sent again: its bytes were not kept', async () => {
  const world = await doors({ approvals: { requireFor: ['ghl_request'] } })
  const client = withGateway(instanceFor(world), world.boss)
  const form = new FormData()
  form.append('file', new Blob(['hello']), 'a.txt')
  const { approvalId } = await errorOf(() => client.post('/medias/upload-file', form))
  expect(await world.gateway.approvals.approve(String(approvalId), { by: 'olga' })).toMatchObject({
    outcome: { status: 'failed', error: { message: expect.stringContaining('an upload is not kept here') } },
  })
  expect(world.fake.calls).toEqual([])
})

test('a call given up before it leaves is certainly not sent, and ends as axios ends it', async () => {
  const giveUp = new AbortController()
  const world = await doors({ storage: betweenCommitAndCall(() => giveUp.abort()) })
  const client = withGateway(instanceFor(world), world.boss)
  const { signal } = giveUp
  const error = await errorOf(() => client.post('/conversations/messages', mailBody(world.ann.id), { signal }))
  expect(error).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' })
  expect([world.fake.received('POST'), await world.gateway.unknowns.list()]).toEqual([[], []])
  expect(await world.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'closed', failures: 0 } })
})

/** Like the clients people write: one class, one axios instance, flat methods, errors made flat. */
class FlatClient {
  private readonly axiosInstance: AxiosInstance
  private readonly config: { accessToken: string; baseUrl: string; version: string; locationId: string }
  readonly seen = new Map<string, unknown>()
  constructor(config: { accessToken: string; baseUrl: string; version: string; locationId: string }) {
    this.config = config
    this.axiosInstance = axios.create({
      baseURL: config.baseUrl,
      headers: { Authorization: `Bearer ${config.accessToken}`, Version: config.version },
    })
    this.axiosInstance.interceptors.response.use(undefined, (error: { response?: { status: number }; message: string }) =>
      Promise.reject(
        error.response ? new Error(`GHL API Error (${error.response.status}): ${error.message}`, { cause: error }) : error,
      ),
    )
  }
  async getContact(id: string) {
    const { data } = await this.axiosInstance.get(`/contacts/${id}`)
    this.seen.set(id, data)
    return { success: true, data: data.contact }
  }
  async sendMail(contactId: string, subject: string, html: string) {
    const { data } = await this.axiosInstance.post('/conversations/messages', { type: 'Email', contactId, subject, html })
    return { success: true, data }
  }
  async tagAndMail(contactId: string) {
    await this.axiosInstance.post(`/contacts/${contactId}/tags`, { tags: ['x'] }).catch(() => undefined)
    return this.getContact(contactId)
  }
  getConfig() {
    return { ...this.config }
  }
  getClient() {
    return this.axiosInstance
  }
  me() {
    return this
  }
  leak() {
    return { inner: { client: this.axiosInstance, headers: [`Bearer ${this.config.accessToken}`] } }
  }
  holder() {
    return new (class Holder {
      constructor(readonly inner: unknown) {}
    })({ deep: this.axiosInstance })
  }
  updateAccessToken(token: string) {
    this.config.accessToken = token
  }
}

function flat(world: Doors, Client = FlatClient) {
  const { fake } = world
  return new Client({ accessToken: fake.accessToken, baseUrl: fake.url, version: '2021-07-28', locationId: fake.locationId })
}

test('a class that holds axios keeps its methods, its answers and its errors', async () => {
  const world = await doors()
  const client = withGateway(flat(world), world.boss)
  expect(client).toBeInstanceOf(FlatClient)
  expect(await client.getContact(world.ann.id)).toMatchObject({ success: true, data: { id: world.ann.id } })
  world.fake.fail({ status: 404 })
  const error = await errorOf(() => client.getContact(world.ann.id))
  expect(error.message).toMatch(/^GHL API Error \(404\)/)
  expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(world.fake.accessToken)
})

test('a class that holds axios gives away neither its credential nor its transport', async () => {
  const world = await doors()
  const raw = flat(world)
  const client = withGateway(raw, world.boss)
  const own = client as unknown as Record<string, unknown>
  expect(client.getConfig()).toMatchObject({ accessToken: '[redacted]', locationId: world.fake.locationId })
  expect(own.config).toMatchObject({ accessToken: '[redacted]' })
  expect([own.axiosInstance, await codesOf(() => client.getClient())]).toEqual([undefined, ['hidden_member']])
  expect(client.me()).toBe(client)
  expect(await codesOf(() => client.holder())).toEqual(['hidden_member'])
  expect(client.leak()).toEqual({ inner: { client: undefined, headers: ['Bearer [redacted]'] } })
  expect(await codesOf(() => client.updateAccessToken('mine'))).toEqual(['hidden_member'])
  expect(raw.getConfig().accessToken).toBe(world.fake.accessToken)
  expect(inspect([client, { ...client }], { depth: 9, showHidden: true, showProxy: true })).not.toContain(world.fake.accessToken)
})

test('a class that swallows a refusal still ends with it, and sends nothing more in that call', async () => {
  const world = await doors()
  const client = withGateway(flat(world), world.reader)
  expect(await codesOf(() => client.tagAndMail(world.ann.id))).toContain('permission.denied')
  expect(world.fake.calls).toEqual([])
})

test('a refused answer never gets into a cache of the class', async () => {
  const world = await doors()
  const raw = flat(world)
  await errorOf(() => withGateway(raw, world.nobody).getContact(world.ann.id))
  expect(raw.seen.size).toBe(0)
})

test('a class with two transports, or one out of reach, is no client', async () => {
  const world = await doors()
  class Two extends FlatClient {
    readonly second = axios.create()
  }
  class Hidden {
    readonly #axios = axios.create()
    get() {
      return this.#axios.get('/')
    }
  }
  const { boss } = world
  expect(isConfigError(await errorOf(() => withGateway(flat(world, Two), boss)))).toBe(true)
  expect(await errorOf(() => withGateway(new Hidden(), boss))).toMatchObject({ message: expect.stringContaining('#private') })
})

test.each<[string, (second: AxiosInstance) => unknown]>([
  ['an object', (http) => ({ http })],
  ['a list', (http) => [http]],
  ['a map', (http) => new Map([['v2', { http }]])],
  ['a set', (http) => new Set([http])],
  [
    'another client',
    (http) =>
      new (class V2 {
        readonly http = http
      })(),
  ],
])('a second transport in %s of a class is found as well', async (_, held) => {
  const world = await doors()
  class Client {
    readonly http = instanceFor(world)
    readonly same = { http: this.http, list: [this.http] }
    readonly v2: unknown
    constructor(second: AxiosInstance) {
      this.v2 = held(second)
    }
  }
  expect(await errorOf(() => withGateway(new Client(instanceFor(world)), world.boss))).toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('several axios instances'),
  })
  const one = new Client(axios)
  Object.assign(one, { v2: { http: one.http } })
  expect(() => withGateway(one, world.boss)).not.toThrow()
})

test('a service of closures says that it is out of reach, and gives its data', async () => {
  const world = await doors()
  const http = instanceFor(world)
  const contacts = { version: 'v1', get: (id: string) => http.get(`/contacts/${id}`) }
  const client = withGateway({ http, contacts }, world.boss)
  expect(await codesOf(() => client.contacts.get(world.ann.id))).toEqual(['hidden_member'])
  expect([client.contacts.version, JSON.stringify(client.contacts)]).toEqual(['v1', '{"version":"v1"}'])
  expect(world.fake.calls).toEqual([])
})

test('a base URL elsewhere, given with the call, is a foreign host', async () => {
  const world = await doors()
  const evil = await evilServer()
  const client = withGateway(instanceFor(world), world.boss)
  expect(await codesOf(() => client.get('/contacts/x', { baseURL: evil.url }))).toEqual(['foreign_host'])
  expect(await codesOf(() => client.get(`${evil.url}/contacts/x`))).toEqual(['foreign_host'])
  expect(evil.received).toEqual([])
})
