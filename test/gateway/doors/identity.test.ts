import { AsyncResource } from 'node:async_hooks'
import axios, { type AxiosInstance } from 'axios'
import { expect, test } from 'vitest'
import { withGateway } from '../../../src/index.js'
import { codesOf, type Doors, doors } from './setup.js'

function instanceFor({ fake }: Doors): AxiosInstance {
  return axios.create({ baseURL: fake.url, headers: { Authorization: `Bearer ${fake.accessToken}`, Version: '2021-07-28' } })
}

/** The limiters people write: one call at a time, in the order they came. */
class Queued {
  private readonly waiting: (() => Promise<void>)[] = []
  private busy = false
  constructor(
    readonly http: AxiosInstance,
    private readonly layers: number,
    private readonly bind: <T extends () => Promise<void>>(entry: T) => T = (entry) => entry,
  ) {}
  async read(id: string) {
    return this.through(this.layers, async () => (await this.http.get(`/contacts/${id}`)).status)
  }
  async rename(id: string) {
    return this.through(this.layers, async () => (await this.http.put(`/contacts/${id}`, { firstName: 'x' })).status)
  }
  private async through<T>(layers: number, send: () => Promise<T>): Promise<T> {
    return layers === 0 ? this.enqueue(send) : this.through(layers - 1, send)
  }
  private enqueue<T>(send: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push(this.bind(() => send().then(resolve, reject)))
      void this.drain()
    })
  }
  private async drain() {
    if (this.busy) return
    this.busy = true
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await next()
    this.busy = false
  }
}

test.each([0, 3, 30])('what waits in a queue %i calls deep does not leave in the name of who came before', async (layers) => {
  const world = await doors()
  const raw = new Queued(instanceFor(world), layers)
  const first = withGateway(raw, world.boss).read(world.ann.id)
  expect(await codesOf(() => withGateway(raw, world.nobody).rename(world.ann.id))).toEqual(['no_agent_context'])
  expect(await first).toBe(200)
  expect(world.fake.received('PUT')).toEqual([])
})

test('a queue that binds its entries sends each in the name of its own agent', async () => {
  const world = await doors()
  const raw = new Queued(instanceFor(world), 0, (entry) => AsyncResource.bind(entry))
  const [asBoss, asNobody] = [withGateway(raw, world.boss), withGateway(raw, world.nobody)]
  const first = asBoss.read(world.ann.id)
  const refused = codesOf(() => asNobody.rename(world.ann.id))
  const third = asBoss.rename(world.ann.id)
  expect([await first, await third]).toEqual([200, 200])
  expect(await refused).toContain('permission.denied')
  expect(world.fake.received('PUT')).toHaveLength(1)
})

class Paged {
  closed = 0
  constructor(
    readonly http: AxiosInstance,
    private readonly ids: readonly string[],
  ) {}
  async *pages() {
    try {
      for (const id of this.ids) yield (await this.http.get(`/contacts/${id}`)).data as { contact: { id: string } }
    } finally {
      this.closed++
    }
  }
  async *ahead() {
    const [id] = this.ids
    const next = this.http.get(`/contacts/${id}`)
    yield 'first'
    yield (await next).status
  }
  *configs() {
    yield this.http.defaults.headers.Authorization
    yield this.http
  }
  async later() {
    return this.pages()
  }
}

test('pages are read in the name of the agent that asked for them, wherever they are taken', async () => {
  const world = await doors()
  const { ann, boss, reader, nobody, fake } = world
  const raw = new Paged(instanceFor(world), [ann.id, ann.id])
  const asReader = withGateway(raw, reader)
  const read = async (pages: AsyncIterable<{ contact: { id: string } }>) => {
    const ids: string[] = []
    for await (const { contact } of pages) ids.push(contact.id)
    return ids
  }
  expect(await read(asReader.pages())).toEqual([ann.id, ann.id])
  expect(await read(await asReader.later())).toEqual([ann.id, ann.id])
  const many = await Promise.all(Array.from({ length: 5 }, () => nobody.run({}, () => read(asReader.pages()))))
  expect(many).toEqual(Array.from({ length: 5 }, () => [ann.id, ann.id]))
  const before = fake.calls.length
  expect(await boss.run({}, () => codesOf(() => read(withGateway(raw, nobody).pages())))).toContain('permission.denied')
  expect(fake.calls).toHaveLength(before)
})

test('pages can be left early, asked for ahead, and give nothing away', async () => {
  const world = await doors()
  const raw = new Paged(instanceFor(world), [world.ann.id, world.ann.id])
  const client = withGateway(raw, world.reader)
  for await (const _ of client.pages()) break
  expect([raw.closed, world.fake.calls.length]).toEqual([1, 1])
  const seen: unknown[] = []
  for await (const step of client.ahead()) seen.push(step)
  expect(seen).toEqual(['first', 200])
  const configs = client.configs()
  expect(configs.next().value).toBe('Bearer [redacted]')
  expect(await codesOf(() => configs.next())).toEqual(['hidden_member'])
})

test('what a method starts and does not wait for is refused once the method has ended', async () => {
  const world = await doors()
  const started: Promise<unknown>[] = []
  class Careless {
    readonly http = instanceFor(world)
    private start() {
      started.push(this.http.get(`/contacts/${world.ann.id}`).catch((error: unknown) => error))
    }
    forget() {
      this.start()
    }
    async timed() {
      setTimeout(() => this.start(), 5)
    }
    async inTime() {
      this.start()
      await Promise.all(started)
      return this.http.get(`/contacts/${world.ann.id}`)
    }
  }
  const client = withGateway(new Careless(), world.reader)
  expect((await client.inTime()).status).toBe(200)
  expect(world.fake.calls).toHaveLength(2)
  started.splice(0)
  client.forget()
  await client.timed()
  await expect.poll(() => started.length).toBe(2)
  for (const fault of await world.boss.run({}, () => Promise.all(started)))
    expect(fault).toMatchObject({ outcome: { reasons: [{ code: 'no_agent_context' }] }, message: expect.stringMatching(/ended/) })
  expect(world.fake.calls).toHaveLength(2)
})

test('many calls at once through one client keep their agents apart', async () => {
  const world = await doors()
  class Twice {
    readonly http = instanceFor(world)
    read = async (id: string) => {
      await this.http.get(`/contacts/${id}`)
      await new Promise((resolve) => setImmediate(resolve))
      return (await this.http.get(`/contacts/${id}`)).status
    }
  }
  const raw = new Twice()
  const clients = [withGateway(raw, world.reader), withGateway(raw, world.nobody), withGateway(raw, world.boss)]
  const all = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => clients[n % 3]?.read(world.ann.id)))
  expect(all.map(({ status }) => status)).toEqual(all.map((_, n) => (n % 3 === 1 ? 'rejected' : 'fulfilled')))
})
