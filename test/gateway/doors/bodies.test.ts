import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import axios from 'axios'
import { expect, test, vi } from 'vitest'
import { withGateway } from '../../../src/index.js'
import { codesOf, doors, errorOf, mailBody } from './setup.js'

const sent = (fake: { received(filter: string): { body: unknown }[] }) =>
  fake.received('POST /conversations/messages').map(({ body }) => body)

test('a body changed while the call is under way leaves as it was judged', async () => {
  const { ghl, fake, ann } = await doors()
  const body = { ...(mailBody(ann.id) as object), subject: 'Your second warehouse' }
  const call = ghl.conversations.sendANewMessage(body as never)
  for (let step = 0; step < 20; step++) {
    await Promise.resolve()
    if (step > 8) body.subject = 'FREE MONEY'
  }
  await call
  expect(sent(fake)).toMatchObject([{ subject: 'Your second warehouse' }])
})

test('a getter that answers differently each time is read for the last time before it is judged', async () => {
  const { raw, boss, fake, ann } = await doors()
  const ghl = withGateway(raw, boss)
  for (let lieFrom = 1; lieFrom < 12; lieFrom++) {
    let looks = 0
    const body = { ...(mailBody(ann.id) as object) }
    Object.defineProperty(body, 'contactId', { enumerable: true, get: () => (++looks < lieFrom ? ann.id : 'victim') })
    await ghl.conversations.sendANewMessage(body as never).catch(() => undefined)
  }
  expect(sent(fake).map((body) => (body as { contactId: string }).contactId)).not.toContain('victim')
  expect(sent(fake).length).toBeGreaterThan(0)
})

test('a Proxy as a body is copied before it is judged', async () => {
  const { ghl, fake, ann } = await doors()
  let looks = 0
  const shifty = new Proxy({ ...(mailBody(ann.id) as object) } as Record<string, unknown>, {
    get: (target, key) => (key === 'contactId' && looks++ > 3 ? 'victim' : Reflect.get(target, key)),
  })
  await ghl.conversations.sendANewMessage(shifty as never).catch(() => undefined)
  expect(JSON.stringify(sent(fake))).not.toContain('victim')
})

test('an object that writes itself to JSON is refused, and the field is named', async () => {
  const { ghl, fake, ann } = await doors()
  const body = { ...(mailBody(ann.id) as object), extra: { toJSON: () => 'x' } }
  expect((await errorOf(() => ghl.conversations.sendANewMessage(body as never))).message).toMatch(
    /body\.extra\.toJSON is a function/,
  )
  expect(sent(fake)).toEqual([])
})

test('of two equal keys in a text, the one that was judged is the only one that leaves', async () => {
  const { boss, fake, ann } = await doors()
  const real = vi.fn(fetch)
  const text = JSON.stringify(mailBody(ann.id)).replace('{', '{"contactId":"victim",')
  const headers = { authorization: `Bearer ${fake.accessToken}`, version: '2021-07-28' }
  await withGateway(real, boss)(`${fake.url}/conversations/messages`, { method: 'POST', headers, body: text })
  expect(String(real.mock.calls[0]?.[1]?.body).match(/contactId/g)).toHaveLength(1)
  expect(sent(fake)).toMatchObject([{ contactId: ann.id }])
})

test('JSON is sent as JSON, whatever else its content type says', async () => {
  const { ghl, fake, ann } = await doors()
  const data = JSON.stringify(mailBody(ann.id))
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'])
    await ghl.request({ method: 'POST', url: '/conversations/messages', data, headers: { 'content-type': type } })
  await ghl.request({ method: 'POST', url: '/conversations/messages', data: Buffer.from(data) })
  expect(fake.received('POST /conversations/messages').map(({ headers }) => headers['content-type'])).toEqual(
    Array(4).fill('application/json'),
  )
})

test('what cannot be read is not sent: forms, compressed text, files where JSON is due', async () => {
  const { ghl, fake, ann } = await doors()
  const fields = { type: 'SMS', contactId: ann.id, message: 'hi' }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const bodies: Record<string, [unknown, string]> = {
    form: [new URLSearchParams(fields), 'application/x-www-form-urlencoded'],
    'form from an object': [fields, 'application/x-www-form-urlencoded'],
    multipart: [form, 'multipart/form-data'],
    'multipart from an object': [fields, 'multipart/form-data'],
    compressed: [gzipSync(JSON.stringify(fields)), 'application/json'],
    'text in disguise': [JSON.stringify(fields), 'application/octet-stream'],
    'not JSON': ['{"type":"SMS"', 'application/json'],
    xml: ['<x/>', 'application/xml'],
  }
  for (const [name, [data, type]] of Object.entries(bodies)) {
    const headers = { 'content-type': type, ...(name === 'compressed' && { 'content-encoding': 'gzip' }) }
    const codes = await codesOf(() => ghl.request({ method: 'POST', url: '/conversations/messages', data, headers }))
    expect(codes, name).toEqual(['unreadable_body'])
    const other = await codesOf(() => ghl.request({ method: 'PUT', url: `/contacts/${ann.id}`, data, headers }))
    expect(other, name).toEqual(['unreadable_body'])
  }
  expect(fake.calls).toEqual([])
})

test('a form’s own headers are not asked: they could be any', async () => {
  const { ghl, fake } = await doors()
  const form = axios.toFormData({ note: 'hello' }) as unknown as { getHeaders(): object }
  const { getHeaders } = form
  form.getHeaders = () => ({
    ...getHeaders.call(form),
    'x-http-method-override': 'DELETE',
    'content-length': '0',
    authorization: 'x',
  })
  await ghl.medias
    .uploadMediaContent(form as never, { headers: { 'content-type': 'multipart/form-data' } })
    .catch(() => undefined)
  const [call] = fake.received('POST /medias/upload-file')
  expect(call?.headers).toMatchObject({
    authorization: `Bearer ${fake.accessToken}`,
    'content-type': expect.stringMatching(/boundary=/),
  })
  expect(call?.headers).not.toHaveProperty('x-http-method-override')
  expect(String(call?.body)).toContain('hello')
})

test('a file goes to the operations that take files', async () => {
  const { ghl, fake } = await doors()
  const form = new FormData()
  form.append('file', new Blob(['hello']), 'a.txt')
  await ghl.medias
    .uploadMediaContent(form as never, { headers: { 'content-type': 'multipart/form-data' } })
    .catch(() => undefined)
  expect(String(fake.received('POST /medias/upload-file')[0]?.body)).toContain('filename="a.txt"')
})

test('one idempotency key for an upload means these bytes, whatever boundary they are written with', async () => {
  const { raw, boss, fake } = await doors()
  fake.fail({ match: 'POST /medias/upload-file', times: 9, status: 200, body: { fileId: 'file_1' } })
  const ghl = withGateway(raw, boss.with({ idempotencyKey: 'logo-1' }))
  const upload = (content: string) => {
    const form = new FormData()
    form.append('file', new Blob([content]), 'a.txt')
    return ghl.medias.uploadMediaContent(form as never, { headers: { 'content-type': 'multipart/form-data' } })
  }
  await upload('hello')
  await upload('hello')
  expect(await codesOf(() => upload('other bytes'))).toEqual(['idempotency.conflict'])
  expect(fake.received('POST /medias/upload-file')).toHaveLength(1)
})

test('an upload without an end is refused once it is too long, and not read further', async () => {
  const { ghl, fake } = await doors()
  let megabytes = 0
  const endless = Readable.from(
    (function* () {
      for (;;) {
        megabytes++
        yield Buffer.alloc(1024 * 1024)
      }
    })(),
  )
  const headers = { 'content-type': 'application/octet-stream' }
  const error = await errorOf(() => ghl.request({ method: 'POST', url: '/medias/upload-file', data: endless, headers }))
  expect(error.message).toMatch(/more than 26214400 bytes/)
  expect(megabytes).toBeLessThan(60)
  expect(fake.calls).toEqual([])
})

test('what JSON cannot carry is refused by the name of its field', async () => {
  const { ghl, fake, ann } = await doors()
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const deep: Record<string, unknown> = JSON.parse(`${'{"a":'.repeat(150)}1${'}'.repeat(150)}`)
  const bad: [string, object, RegExp][] = [
    ['NaN', { score: Number.NaN }, /body\.score is NaN/],
    ['infinity', { list: [1, Number.POSITIVE_INFINITY] }, /body\.list\[1\] is Infinity/],
    ['BigInt', { amount: 1n }, /body\.amount is a bigint/],
    ['function', { call: () => 1 }, /body\.call is a function/],
    ['cycle', circular, /body(\.self)+ is nested deeper/],
    ['depth', deep, /nested deeper/],
    ['a class', { when: new Map() }, /body\.when is a class instance/],
    [
      'a throwing getter',
      Object.defineProperty({} as object, 'x', { enumerable: true, get: () => expect.fail('read') }),
      /cannot be read/,
    ],
    ['__proto__', JSON.parse('{"firstName":"x","__proto__":{"admin":true}}') as object, /body\.__proto__ is a key/],
    ['constructor', JSON.parse('{"firstName":"x","constructor":{"prototype":{}}}') as object, /body\.constructor is a key/],
  ]
  for (const [name, body, message] of bad) {
    const error = await errorOf(() => ghl.contacts.updateContact({ contactId: ann.id }, body as never))
    expect(error, name).toMatchObject({ name: 'GatewayBlockedError', message: expect.stringMatching(message) })
    expect(error.message, name).toContain('unreadable_body')
  }
  expect(fake.calls).toEqual([])
})

test('the same holds for every way of calling an axios instance', async () => {
  const { fake, boss, ann } = await doors()
  const instance = axios.create({ baseURL: fake.url, headers: { Authorization: `Bearer ${fake.accessToken}` } })
  const client = withGateway(instance, boss)
  const held = withGateway(
    new (class Holder {
      readonly http = instance
      put = (data: object) => this.http({ method: 'put', url, data })
    })(),
    boss,
  )
  const url = `/contacts/${ann.id}`
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const bodies = [{ firstName: Number.NaN }, { firstName: 1n }, circular, JSON.parse('{"firstName":"x","__proto__":{"a":1}}')]
  for (const data of bodies) {
    const calls: Record<string, () => unknown> = {
      callable: () => client({ method: 'put', url, data }),
      'callable with an address': () => client(url, { method: 'put', data }),
      request: () => client.request({ method: 'put', url, data }),
      delete: () => client.delete(url, { data }),
      get: () => client.get(url, { data }),
    }
    for (const [name, call] of Object.entries(calls)) expect(await codesOf(call), name).toEqual(['unreadable_body'])
  }
  // Called inside a class, axios has copied the body before anybody is asked: what survives its copy is found.
  for (const data of bodies.slice(0, 2)) expect(await codesOf(() => held.put(data))).toEqual(['unreadable_body'])
  expect(fake.calls).toEqual([])
})

test('hostile keys in a text are refused too', async () => {
  const { ghl, fake, ann } = await doors()
  const data = '{"firstName":"x","nested":[{"__proto__":{"a":1}}]}'
  const error = await errorOf(() => ghl.request({ method: 'PUT', url: `/contacts/${ann.id}`, data }))
  expect(error.message).toMatch(/body\.nested\[0\]\.__proto__ is a key that is never accepted/)
  expect(fake.calls).toEqual([])
})

test('ten megabytes are refused, and how many were allowed is said', async () => {
  const { ghl, fake, ann } = await doors()
  const error = await errorOf(() =>
    ghl.contacts.updateContact({ contactId: ann.id }, { firstName: 'x'.repeat(10_000_000) } as never),
  )
  expect(error.message).toMatch(/body is 100000\d\d (bytes|characters) long, the limit is 4000000/)
  expect(fake.calls).toEqual([])
})
