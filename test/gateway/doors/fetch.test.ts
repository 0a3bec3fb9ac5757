import { expect, test, vi } from 'vitest'
import { ghlHttp, withGateway } from '../../../src/index.js'
import { betweenCommitAndCall, codesOf, type Doors, doors, errorOf, evilServer, mailBody } from './setup.js'

async function fetching(config = {}): Promise<Doors & { call: typeof fetch; headers: Record<string, string> }> {
  const world = await doors(config)
  const headers = { authorization: `Bearer ${world.fake.accessToken}`, version: '2021-07-28', 'content-type': 'application/json' }
  return { ...world, headers, call: withGateway(fetch, world.boss) }
}

test('text, URL and Request are all taken, and init says the last word', async () => {
  const { call, fake, ann, headers, nobody } = await fetching()
  const url = `${fake.url}/contacts/${ann.id}`
  for (const input of [url, new URL(url), new Request(url, { method: 'DELETE' })]) {
    const answer = await call(input, { method: 'GET', headers })
    expect([answer.status, ((await answer.json()) as { contact: object }).contact]).toMatchObject([200, { id: ann.id }])
  }
  const refused = withGateway(fetch, nobody)
  expect(await codesOf(() => refused(new Request(url, { headers })))).toContain('permission.denied')
  expect(await codesOf(() => refused(url, { method: 'DELETE', headers }))).toContain('permission.denied')
  expect(fake.calls.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
})

test('a mail by fetch is a mail to the gate', async () => {
  const { call, fake, ann, headers } = await fetching()
  const url = `${fake.url}/conversations/messages`
  const answer = await call(url, { method: 'POST', headers, body: JSON.stringify(mailBody(ann.id)) })
  expect(answer.ok).toBe(true)
  const spam = JSON.stringify(mailBody(ann.id, { html: '<p>no way out</p>' }))
  expect(await codesOf(() => call(url, { method: 'POST', headers, body: spam }))).toContain('compliance.opt_out_missing')
  expect(fake.sent).toHaveLength(1)
})

test('another host, another scheme and a redirect lead nowhere', async () => {
  const { call, fake, headers } = await fetching()
  const evil = await evilServer()
  expect(await codesOf(() => call(`${evil.url}/contacts/x`, { headers }))).toEqual(['foreign_host'])
  expect(await codesOf(() => call('http://services.leadconnectorhq.com/contacts/x', { headers }))).toEqual(['foreign_host'])
  expect(await codesOf(() => call(`${fake.url}@${new URL(evil.url).host}/x`, { headers }))).toHaveLength(1)
  fake.fail({ status: 302, headers: { location: `${evil.url}/stolen` } })
  const answer = await call(`${fake.url}/contacts/x`, { headers, redirect: 'follow' })
  expect([answer.status, evil.received]).toEqual([302, []])
})

test('a body that is no JSON goes where files go, and nowhere else', async () => {
  const { call, fake, ann, headers } = await fetching()
  const { 'content-type': _, ...plain } = headers
  const form = new FormData()
  form.append('file', new Blob(['hello']), 'a.txt')
  await call(`${fake.url}/medias/upload-file`, { method: 'POST', headers: plain, body: form })
  expect(String(fake.received('POST /medias/upload-file')[0]?.body)).toContain('hello')
  for (const body of [form, new URLSearchParams({ contactId: ann.id }), 'not JSON', new Blob(['x'])])
    expect(await codesOf(() => call(`${fake.url}/conversations/messages`, { method: 'POST', headers: plain, body }))).toEqual([
      'unreadable_body',
    ])
  const stream = new Blob([JSON.stringify(mailBody(ann.id))]).stream()
  const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit
  expect((await call(`${fake.url}/conversations/messages`, init)).ok).toBe(true)
  expect(fake.sent).toHaveLength(1)
})

test('an upload without an end is refused once it is too long, and not read further', async () => {
  const { call, fake, headers } = await fetching()
  let megabytes = 0
  const body = new ReadableStream({
    pull(controller) {
      if (++megabytes > 100) controller.close()
      else controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const init = { method: 'POST', body, duplex: 'half', headers: { ...headers, 'content-type': 'application/octet-stream' } }
  const error = await errorOf(() => call(`${fake.url}/medias/upload-file`, init as RequestInit))
  expect(error.message).toMatch(/more than 26214400 bytes/)
  expect(megabytes).toBeLessThan(60)
  expect(fake.calls).toEqual([])
})

test('an empty body is none, in whatever form', async () => {
  const { call, fake, ann, headers } = await fetching()
  for (const body of ['', new Blob([]), new Blob([]).stream()]) {
    const init = { method: 'DELETE', headers, body, duplex: 'half' } as RequestInit
    expect(await errorOf(() => call(`${fake.url}/contacts/${ann.id}`, init))).toMatchObject({ name: 'ApprovalPendingError' })
  }
})

test('an error answer is an answer, a lost one on a send is unknown, on a read it is fetch’s own error', async () => {
  const { call, fake, ann, headers } = await fetching()
  fake.fail({ status: 422, body: { message: 'no' } })
  expect((await call(`${fake.url}/contacts/x`, { headers })).status).toBe(422)
  fake.fail({ drop: 'after', match: 'POST /conversations/messages' })
  const body = JSON.stringify(mailBody(ann.id))
  const lost = await errorOf(() => call(`${fake.url}/conversations/messages`, { method: 'POST', headers, body }))
  expect(lost).toMatchObject({ name: 'OutcomeUnknownError', cause: { message: 'fetch failed' } })
  fake.fail({ drop: 'before' })
  expect(await errorOf(() => call(`${fake.url}/contacts/x`, { headers }))).toBeInstanceOf(TypeError)
  expect(await errorOf(() => call('not a url'))).toBeInstanceOf(TypeError)
})

test('nothing of the caller’s reaches the real fetch but method, headers, body and signal', async () => {
  const { boss, fake, headers } = await fetching()
  const real = vi.fn(fetch)
  const init = {
    headers: { ...headers, cookie: 'a=b' },
    dispatcher: {},
    redirect: 'follow',
    integrity: 'x',
    referrer: 'http://x/',
  }
  await withGateway(real, boss)(`${fake.url}/contacts/x`, init as never)
  expect(Object.keys(real.mock.calls[0]?.[1] ?? {}).sort()).toEqual(['headers', 'method', 'redirect', 'signal'])
  expect(real.mock.calls[0]?.[1]?.headers).not.toHaveProperty('cookie')
})

test('a call that is given up before it is judged leaves nothing', async () => {
  const { call, fake, headers } = await fetching()
  await expect(call(`${fake.url}/contacts/x`, { headers, signal: AbortSignal.abort() })).rejects.toThrow()
  expect(fake.calls).toEqual([])
})

test('a call given up before it leaves is certainly not sent, even by a fetch that ignores it', async () => {
  const giveUp = new AbortController()
  const { boss, gateway, fake, ann, headers } = await fetching({ storage: betweenCommitAndCall(() => giveUp.abort()) })
  const deaf = ((input: string, { signal: _, ...init }: RequestInit) => fetch(input, init)) as typeof fetch
  const init = { method: 'POST', headers, body: JSON.stringify(mailBody(ann.id)), signal: giveUp.signal }
  const error = await errorOf(() => withGateway(deaf, boss)(`${fake.url}/conversations/messages`, init))
  expect(error).toMatchObject({ name: 'AbortError' })
  expect([fake.received('POST'), await gateway.unknowns.list()]).toEqual([[], []])
})

test('a client made of fetch and paths works as it did', async () => {
  const { call, fake, ann, headers } = await fetching()
  const client = {
    async GET(path: string, { params }: { params: { path: Record<string, string> } }) {
      const url = fake.url + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.path[name] ?? ''))
      const response = await call(new Request(url, { headers }))
      return response.ok
        ? { data: (await response.json()) as { contact: object }, response }
        : { error: await response.json(), response }
    },
  }
  expect(await client.GET('/contacts/{contactId}', { params: { path: { contactId: ann.id } } })).toMatchObject({
    data: { contact: { id: ann.id } },
  })
})

test('in shadow a send gets a stand-in', async () => {
  const { call, fake, ann, headers } = await fetching({ mode: 'shadow' })
  const body = JSON.stringify(mailBody(ann.id))
  const answer = await call(`${fake.url}/conversations/messages`, { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ shadowed: true })
  expect(fake.sent).toEqual([])
})

test('a send that never left is an error, never a stand-in', async () => {
  const sleep: { clock?: Doors['clock'] } = {}
  const world = await fetching({ storage: betweenCommitAndCall(() => sleep.clock?.advance(130_000)) })
  const { call, fake, ann, headers } = world
  sleep.clock = world.clock
  const body = JSON.stringify(mailBody(ann.id))
  const error = await errorOf(() => call(`${fake.url}/conversations/messages`, { method: 'POST', headers, body }))
  expect(error).toMatchObject({ name: 'NotSentError', message: expect.stringContaining('Nothing was sent') })
  expect(fake.received('POST')).toEqual([])
})

test('a fetch that ignores the deadline of a read ends with the deadline', async () => {
  const { boss, fake, ann, headers } = await fetching({ deadlineMs: 100 })
  const deaf = ((input: string, { signal: _, ...init }: RequestInit) => fetch(input, init)) as typeof fetch
  fake.fail({ hang: 'after' })
  const error = await errorOf(() => withGateway(deaf, boss)(`${fake.url}/contacts/${ann.id}`, { headers }))
  expect(error).toMatchObject({ name: 'TimeoutError', message: 'No answer within 100 ms.' })
})

test('two copies of the package understand each other', async () => {
  const { raw, boss, reader, fake, ann, ghl } = await doors()
  vi.resetModules()
  const other = await import('../../../src/index.js')
  expect(other.withGateway).not.toBe(withGateway)
  const copy = other.withGateway(raw, reader)
  expect((await copy.contacts.getContact({ contactId: ann.id })).contact?.id).toBe(ann.id)
  const error = await errorOf(() => copy.contacts.deleteContact({ contactId: ann.id }))
  expect([other.isGatewayBlocked(error), ghlHttp !== other.ghlHttp]).toEqual([true, true])
  expect(await errorOf(() => other.withGateway(ghl, boss))).toMatchObject({ message: expect.stringContaining('wrapped already') })
  expect(fake.state.contacts).toHaveLength(1)
})
