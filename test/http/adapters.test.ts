import { inspect } from 'node:util'
import axios from 'axios'
import { afterEach, describe, expect, test } from 'vitest'
import type { GhlRequest } from '../../src/core/request.js'
import { axiosHttp, ghlHttp, type Http, wasNeverSent } from '../../src/http/index.js'
import { json, listen, type TestServer } from './server.js'

const TOKEN = 'pit-very-secret-token'
const never = new AbortController().signal
const servers: TestServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(answer: Parameters<typeof listen>[0]): Promise<TestServer> {
  const server = await listen(answer)
  servers.push(server)
  return server
}

function request(host: string, more: Partial<GhlRequest> = {}): GhlRequest {
  return { method: 'GET', host, path: '/contacts/c1', query: {}, headers: {}, ...more }
}

const send = (host: string): GhlRequest =>
  request(host, { method: 'POST', path: '/conversations/messages', body: { type: 'SMS', message: 'private text' } })

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error('was expected to fail')),
    (error: Error) => error,
  )
}

/** Everything a log could show of a value. */
function shown(value: unknown): string {
  const stack = value instanceof Error ? `${value.stack} ${String(value.cause)}` : ''
  return `${inspect(value, { depth: 20, showHidden: true })} ${JSON.stringify(value)} ${String(value)} ${stack}`
}

const adapters: readonly (readonly [name: string, make: (baseUrl: string) => Http])[] = [
  ['fetch', (baseUrl) => ghlHttp({ token: TOKEN, locationId: 'loc1', baseUrl })],
  ['axios', (baseUrl) => axiosHttp(axios.create(), { token: TOKEN, locationId: 'loc1', baseUrl })],
]

describe.each(adapters)('%s', (_, make) => {
  test('sends method, path, query, headers and JSON body, and reads the JSON answer', async () => {
    const server = await serve((_, response) => json(response, 201, { messageId: 'm1' }, { 'X-RateLimit-Remaining': '99' }))
    const http = make(server.origin)
    const answer = await http.send(
      request(server.host, {
        method: 'POST',
        path: '/conversations/messages',
        query: { a: 'x y', b: ['1', '2'] },
        headers: { version: '2021-04-15', locationid: 'loc1' },
        body: { text: 'Grüße' },
      }),
      { signal: never },
    )
    expect(answer).toMatchObject({ status: 201, body: { messageId: 'm1' }, headers: { 'x-ratelimit-remaining': '99' } })
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/conversations/messages?a=x+y&b=1&b=2',
      body: '{"text":"Grüße"}',
    })
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      version: '2021-04-15',
      locationid: 'loc1',
      'content-type': 'application/json',
    })
    expect(http).toMatchObject({ host: server.host, locationId: 'loc1' })
  })

  test('a DELETE carries its body; a GET never does; the version has a default', async () => {
    const server = await serve((_, response) => json(response, 200, {}))
    const http = make(server.origin)
    await http.send(request(server.host, { method: 'DELETE', body: { tags: ['a'] } }), { signal: never })
    await http.send(request(server.host, { body: { tags: ['a'] } }), { signal: never })
    expect(server.seen.map(({ body }) => body)).toEqual(['{"tags":["a"]}', ''])
    expect(server.seen[1]?.headers.version).toBe('2021-07-28')
  })

  test('headers of the request cannot replace the token, the host or the method', async () => {
    const server = await serve((_, response) => json(response, 200, {}))
    const headers = { authorization: 'Bearer other', host: 'evil.example', cookie: 'a=b', 'X-HTTP-Method-Override': 'DELETE' }
    await make(server.origin).send(request(server.host, { headers }), { signal: never })
    expect(server.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, host: server.host })
    expect(server.seen[0]?.headers).not.toHaveProperty('cookie')
    expect(server.seen[0]?.headers).not.toHaveProperty('x-http-method-override')
  })

  test.each([400, 401, 404, 429, 500, 503])('%i is an answer, not an error', async (status) => {
    const server = await serve((_, response) => json(response, status, { message: 'no' }))
    await expect(make(server.origin).send(send(server.host), { signal: never })).resolves.toMatchObject({
      status,
      body: { message: 'no' },
    })
    expect(server.seen).toHaveLength(1)
  })

  test('a redirect is an answer: the token goes nowhere else', async () => {
    const elsewhere = await serve((_, response) => json(response, 200, { stolen: true }))
    const server = await serve((_, response) => json(response, 307, {}, { location: `${elsewhere.origin}/steal` }))
    await expect(make(server.origin).send(send(server.host), { signal: never })).resolves.toMatchObject({ status: 307 })
    expect(elsewhere.seen).toEqual([])
  })

  test('text and nothing are answers too', async () => {
    const server = await serve(({ url }, response) => response.end(url === '/contacts/text' ? 'Bad Gateway' : ''))
    const http = make(server.origin)
    expect((await http.send(request(server.host, { path: '/contacts/text' }), { signal: never })).body).toBe('Bad Gateway')
    expect((await http.send(request(server.host), { signal: never })).body).toBeNull()
  })

  test('a refused connection: certainly not sent', async () => {
    const server = await listen(() => undefined)
    await server.close()
    const error = await failure(make(server.origin).send(send(server.host), { signal: never }))
    expect(error.name).toBe('NotSentError')
    expect(wasNeverSent(error)).toBe(true)
    expect(shown(error)).not.toMatch(/secret|private text/)
  })

  test('a connection reset after the request arrived: it may have happened', async () => {
    const server = await serve((_, response) => response.destroy())
    const error = await failure(make(server.origin).send(send(server.host), { signal: never }))
    expect(wasNeverSent(error)).toBe(false)
    expect(server.seen).toHaveLength(1)
    expect(shown(error)).not.toMatch(/secret|private text/)
  })

  test('an answer that breaks off: it may have happened', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"a":', () => response.destroy())
    })
    const error = await failure(make(server.origin).send(send(server.host), { signal: never }))
    expect(wasNeverSent(error)).toBe(false)
  })

  test('a deadline: it may have happened, and before the start it has not', async () => {
    const controller = new AbortController()
    const server = await serve(() => controller.abort())
    const error = await failure(make(server.origin).send(send(server.host), { signal: controller.signal }))
    expect(wasNeverSent(error)).toBe(false)
    expect(shown(error)).not.toMatch(/secret|private text/)
    const early = await failure(make(server.origin).send(send(server.host), { signal: AbortSignal.abort() }))
    expect(wasNeverSent(early)).toBe(true)
  })

  test('an answer beyond 10 MB is not read', async () => {
    const server = await serve((_, response) => response.end('x'.repeat(10 * 1024 * 1024 + 1)))
    const error = await failure(make(server.origin).send(request(server.host), { signal: never }))
    expect(wasNeverSent(error)).toBe(false)
  })

  test.each([
    ['another host', { host: 'evil.example' }],
    ['a path that would become another', { path: '/contacts/../users' }],
    ['a path that is another host', { path: '//evil.example/' }],
    ['a path that needs encoding', { path: '/contacts/a b' }],
    ['a body that is not JSON', { method: 'POST', opaqueBody: 'digest' }],
  ])('%s is not sent', async (_, more) => {
    const server = await serve((_, response) => json(response, 200, {}))
    const error = await failure(make(server.origin).send(request(server.host, more), { signal: never }))
    expect(error.name).toBe('NotSentError')
    expect(server.seen).toEqual([])
  })

  test('shows its token to nobody', () => {
    expect(shown(make('https://services.leadconnectorhq.com'))).not.toContain('secret')
  })

  test.each([
    'http://services.leadconnectorhq.com',
    'https://user:pass@x.example',
    'https://x.example/v2',
    'nowhere',
    'ftp://x.example',
  ])('the base URL %s is refused', (baseUrl) => {
    expect(() => make(baseUrl)).toThrow(expect.objectContaining({ name: 'ConfigError' }))
  })
})

describe('the token', () => {
  test('may come from a function, fresh for each request', async () => {
    const server = await serve((_, response) => json(response, 200, {}))
    let count = 0
    const http = ghlHttp({ token: async () => `token-${++count}`, baseUrl: server.origin })
    await http.send(request(server.host), { signal: never })
    await http.send(request(server.host), { signal: never })
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test.each([
    ['is empty', () => ''],
    ['holds a line break', () => 'secret\r\nx: y'],
    ['cannot be had', () => Promise.reject(new Error('the secret store said: secret'))],
  ])('that %s: not sent, and not shown', async (_, token) => {
    const server = await serve((_, response) => json(response, 200, {}))
    const error = await failure(ghlHttp({ token, baseUrl: server.origin }).send(request(server.host), { signal: never }))
    expect(error.name).toBe('NotSentError')
    expect(error.message).not.toContain('secret')
    expect(shown(error)).not.toContain('said')
    expect(server.seen).toEqual([])
  })

  test('may be left to the axios instance, whose base URL is used', async () => {
    const server = await serve((_, response) => json(response, 200, {}))
    const instance = axios.create({ baseURL: server.origin, headers: { Authorization: 'Bearer of-the-instance' } })
    await axiosHttp(instance).send(request(server.host), { signal: never })
    expect(server.seen[0]?.headers.authorization).toBe('Bearer of-the-instance')
  })
})

test('a fetch of the host’s own is used', async () => {
  const urls: string[] = []
  const fetch: typeof globalThis.fetch = async (url) => {
    urls.push(String(url))
    return Response.json({ ok: true })
  }
  const http = ghlHttp({ token: TOKEN, fetch })
  const answer = await http.send(request('services.leadconnectorhq.com'), { signal: never })
  expect(answer.body).toEqual({ ok: true })
  expect(urls).toEqual(['https://services.leadconnectorhq.com/contacts/c1'])
})
