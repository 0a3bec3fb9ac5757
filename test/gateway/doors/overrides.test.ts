import axios from 'axios'
import oldestAxios from 'axios-1.15'
import { expect, test } from 'vitest'
import { withGateway } from '../../../src/index.js'
import { codesOf, doors, evilServer, mailBody } from './setup.js'

test('a read turned into a send by its options is judged as the send it became', async () => {
  const { raw, reader, ann, fake } = await doors()
  const ghl = withGateway(raw, reader)
  const options = { method: 'POST', url: '/conversations/messages', data: { type: 'SMS', contactId: ann.id, message: 'hi' } }
  expect(await codesOf(() => ghl.contacts.getContact({ contactId: ann.id }, options))).toContain('permission.denied')
  expect(fake.calls).toEqual([])
})

test('a token call smuggled through the options of a read is refused, even to who may do everything', async () => {
  const { ghl, fake } = await doors()
  const data = `client_id=${fake.clientId}&client_secret=x&grant_type=refresh_token`
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const options = { method: 'POST', url: '/oauth/token', data, headers }
  expect(await codesOf(() => ghl.contacts.getContact({ contactId: 'x' }, options))).toEqual(['hidden_member'])
  expect(await codesOf(() => ghl.oauth.getAccessToken({ client_id: 'a' } as never))).toEqual(['hidden_member'])
  expect(await codesOf(() => ghl.oauth.refreshToken('r', 'c', 's', 'refresh_token', 'Location' as never))).toEqual([
    'hidden_member',
  ])
  expect(await codesOf(() => ghl.oauth.getLocationAccessToken({ companyId: 'c', locationId: 'l' }))).toEqual(['hidden_member'])
  expect(fake.calls).toEqual([])
})

test('a token call with a JSON body is refused at every door, and is never held for a human', async () => {
  const { ghl, raw, boss, fake, gateway } = await doors()
  const data = { client_id: fake.clientId, client_secret: fake.clientSecret, grant_type: 'authorization_code' }
  const headers = { authorization: `Bearer ${fake.accessToken}`, version: '2021-07-28' }
  const byFetch = withGateway(fetch, boss)
  for (const path of ['/oauth/token', '/oauth/locationToken', '/oauth/location-token'] as const) {
    const calls: Record<string, () => unknown> = {
      request: () => ghl.request({ method: 'POST', url: path, data }),
      run: () => boss.run({}, () => raw.request({ method: 'POST', url: path, data })),
      fetch: () => byFetch(fake.url + path, { method: 'POST', headers, body: JSON.stringify(data) }),
    }
    for (const [name, call] of Object.entries(calls)) expect(await codesOf(call), `${name} ${path}`).toEqual(['hidden_member'])
    expect(await boss.execute({ type: 'ghl_request', method: 'POST', path, body: data })).toMatchObject({
      status: 'blocked',
      reasons: [{ code: 'hidden_member' }],
    })
  }
  expect([fake.calls, await gateway.approvals.list()]).toEqual([[], []])
})

test('no option leads the credential to another host', async () => {
  const { ghl, fake, ann } = await doors()
  const evil = await evilServer()
  const { host } = new URL(evil.url)
  const elsewhere: Record<string, object> = {
    'absolute url': { url: `${evil.url}/contacts/x` },
    'base url': { baseURL: evil.url },
    'protocol-relative url': { url: `//${host}/contacts/x` },
    'base url, absolute path off': { baseURL: evil.url, allowAbsoluteUrls: false },
    'user info': { url: `http://${fake.host}@${host}/contacts/x` },
    backslashes: { url: `http:\\\\${host}\\contacts\\x` },
    'upper-case host': { url: `HTTP://LOCALHOST:${new URL(evil.url).port}/contacts/x` },
    'serializer that rewrites': { params: { a: 1 }, paramsSerializer: { serialize: () => `@${host}/` }, url: `${evil.url}/` },
  }
  for (const [name, options] of Object.entries(elsewhere)) {
    const codes = await codesOf(() => ghl.contacts.getContact({ contactId: ann.id }, options))
    expect(codes, name).toEqual(['foreign_host'])
  }
  expect([evil.received, fake.calls]).toEqual([[], []])
})

test('settings of the transport are the host’s: a caller’s are ignored and never called', async () => {
  const { ghl, fake, ann } = await doors()
  const evil = await evilServer()
  const { hostname, port } = new URL(evil.url)
  const called: string[] = []
  const spy = (name: string) => (value: unknown) => {
    called.push(name)
    return value
  }
  const settings: Record<string, unknown> = {
    adapter: spy('adapter'),
    proxy: { host: hostname, port: Number(port) },
    socketPath: '/tmp/evil.sock',
    transport: { request: spy('transport') },
    httpAgent: { addRequest: spy('httpAgent') },
    httpsAgent: { addRequest: spy('httpsAgent') },
    lookup: spy('lookup'),
    beforeRedirect: spy('beforeRedirect'),
    transformRequest: [spy('transformRequest')],
    transformResponse: [spy('transformResponse')],
    paramsSerializer: spy('paramsSerializer'),
    onUploadProgress: spy('onUploadProgress'),
    onDownloadProgress: spy('onDownloadProgress'),
    auth: { username: 'a', password: 'b' },
    maxRedirects: 20,
    fetchOptions: { dispatcher: {} },
    env: { fetch: spy('fetch') },
    httpVersion: 2,
    maxRate: 1,
    responseType: 'stream',
    sensitiveHeaders: [],
    cancelToken: { promise: Promise.resolve(), throwIfRequested: () => undefined, subscribe: spy('subscribe') },
  }
  for (const [name, value] of Object.entries(settings)) {
    const { contact } = await ghl.contacts.getContact({ contactId: ann.id }, { [name]: value, params: { limit: '1' } } as never)
    expect(contact?.id, name).toBe(ann.id)
  }
  await ghl.contacts.getContact({ contactId: ann.id }, settings as never)
  expect([called, evil.received]).toEqual([[], []])
  expect(new Set(fake.calls.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${fake.accessToken}`]))
})

test('a redirect is not followed: it leads where nobody has judged', async () => {
  const { ghl, fake, ann } = await doors()
  const evil = await evilServer()
  fake.fail({ status: 302, headers: { location: `${evil.url}/stolen` } })
  await expect(ghl.contacts.getContact({ contactId: ann.id }, { maxRedirects: 5 })).rejects.toMatchObject({ statusCode: 302 })
  expect(evil.received).toEqual([])
})

test.each([
  ['the oldest axios the SDK takes', oldestAxios as unknown as typeof axios],
  ['the newest axios', axios],
])('a redirect is not followed by the fetch adapter of %s either', async (_, { create }) => {
  const { boss, fake, ann } = await doors()
  const evil = await evilServer()
  const headers = { Authorization: `Bearer ${fake.accessToken}`, Version: '2021-07-28' }
  const seen: unknown[] = []
  const host: typeof fetch = (input, options) => {
    seen.push((options as { mark?: string }).mark)
    return fetch(input, options)
  }
  const fetchOptions = { mark: 'of the host', redirect: 'follow' as const }
  const client = withGateway(create({ adapter: 'fetch', baseURL: fake.url, headers, fetchOptions, env: { fetch: host } }), boss)
  fake.fail({ status: 307, times: 2, headers: { location: `${evil.url}/stolen` } })
  await expect(client.get(`/contacts/${ann.id}`)).rejects.toMatchObject({ response: { status: 307 } })
  await expect(client.put(`/contacts/${ann.id}`, { firstName: 'x' })).rejects.toMatchObject({ name: 'OutcomeUnknownError' })
  expect([evil.received, seen]).toEqual([[], ['of the host', 'of the host']])
})

test('a path is judged as the server would read it, or refused', async () => {
  const { ghl, reader, raw, fake, ann } = await doors()
  const asReader = withGateway(raw, reader)
  const send = { method: 'POST', data: { type: 'SMS', contactId: ann.id, message: 'hi' } }
  const tricks = [
    '/contacts/../conversations/messages',
    '/contacts/%2e%2e/conversations/messages',
    '/contacts/..%2fconversations/messages',
    '//conversations/messages',
    '/conversations//messages',
    '/conversations/messages/',
    '/conversations\\messages',
    '/conversations%2Fmessages',
    '/CONVERSATIONS/messages',
    '/conversations/messages;x=1',
    '/conversations/messages#/contacts',
    '/conversations/messages?x=/contacts/1',
    '/./conversations/./messages',
    '/conversations/messages%00',
    'conversations/messages',
  ]
  for (const url of tricks) {
    const codes = await codesOf(() => asReader.contacts.getContact({ contactId: ann.id }, { ...send, url }))
    expect(['permission.denied', 'unmapped_operation', 'foreign_host', 'unreadable_body'], `${url}: ${codes}`).toEqual(
      expect.arrayContaining([codes[0]]),
    )
  }
  for (const contactId of ['../conversations/messages', '%2e%2e', '..', 'a/b', 'a\\b', 'a?b', 'a#b', '\u0000', '{contactId}'])
    expect(await codesOf(() => ghl.contacts.getContact({ contactId })), contactId).toHaveLength(1)
  expect(fake.calls).toEqual([])
})

test('a host is told exactly: port, trailing dot and scheme count', async () => {
  const { ghl, fake } = await doors()
  const { port } = new URL(fake.url)
  for (const url of [
    `http://127.0.0.1:${Number(port) + 1}/contacts/x`,
    `http://localhost.:${port}/contacts/x`,
    `ftp://${fake.host}/contacts/x`,
    'http://services.leadconnectorhq.com/contacts/x',
    'https://services.leadconnectorhq.com.evil.example/contacts/x',
    'file:///etc/passwd',
    'http://[::1',
  ])
    expect(await codesOf(() => ghl.contacts.getContact({ contactId: 'x' }, { url })), url).toEqual(['foreign_host'])
  expect(fake.calls).toEqual([])
})

test('a method in any case, or that changes with every look, is the one that was judged', async () => {
  const { raw, reader, fake, ann } = await doors()
  const ghl = withGateway(raw, reader)
  const shifty = { toLowerCase: () => shifty, toUpperCase: () => 'DELETE', toString: () => 'get' }
  const codes = await codesOf(() => ghl.contacts.getContact({ contactId: ann.id }, { method: 'dElEtE' as never }))
  expect(codes).toContain('permission.denied')
  await ghl.contacts.getContact({ contactId: ann.id }, { method: shifty as never }).catch(() => undefined)
  expect(fake.calls.map(({ method }) => method).filter((method) => method !== 'GET')).toEqual([])
  expect(fake.state.contacts).toHaveLength(1)
})

test('headers that change what a request means are refused, those that change its way are dropped', async () => {
  const { ghl, fake, ann } = await doors()
  for (const name of ['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override'])
    expect(await codesOf(() => ghl.contacts.getContact({ contactId: ann.id }, { headers: { [name]: 'DELETE' } }))).toEqual([
      'unmapped_operation',
    ])
  const headers = {
    Host: 'evil.example',
    Cookie: 'a=b',
    'X-Original-URL': '/conversations/messages',
    'X-Rewrite-URL': '/x',
    'X-Forwarded-Host': 'evil.example',
    'Transfer-Encoding': 'chunked',
    'Content-Length': '0',
    Connection: 'Upgrade',
    Upgrade: 'h2c',
    Expect: '100-continue',
    Note: 'a\r\nX-Smuggled: 1',
  }
  await ghl.contacts.getContact({ contactId: ann.id }, { headers })
  const [call] = fake.calls
  expect(Object.keys(call?.headers ?? {})).not.toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^(cookie|x-original-url|x-rewrite-url|x-forwarded-host|x-smuggled|upgrade|expect)$/),
    ]),
  )
  expect(call?.headers.host).toBe(fake.host)
})

test('arrays and objects as params reach the judge as they reach the server', async () => {
  const { ghl, fake } = await doors()
  const params = { contactId: ['a', 'b'], filter: { x: 1 }, date: new Date(0), nothing: null }
  await ghl
    .request({ method: 'GET', url: '/conversations/search', params: { ...params, locationId: fake.locationId } })
    .catch(() => undefined)
  const query = fake.calls[0]?.query ?? {}
  expect(query).toMatchObject({ 'contactId[]': ['a', 'b'], 'filter[x]': '1', date: '1970-01-01T00:00:00.000Z' })
})

test('a send through request() is the send it is', async () => {
  const { ghl, fake, ann } = await doors()
  const answer = await ghl.request({ method: 'POST', url: '/conversations/messages', data: mailBody(ann.id) })
  expect([answer.status, fake.sent.length]).toEqual([201, 1])
})
