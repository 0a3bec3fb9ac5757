import { EventEmitter } from 'node:events'
import { inspect } from 'node:util'
import axios, { type AxiosInstance, type AxiosResponse } from 'axios'
import { expect, test } from 'vitest'
import { withGateway } from '../../../src/index.js'
import { type Doors, doors } from './setup.js'

function instanceFor({ fake }: Doors): AxiosInstance {
  return axios.create({ baseURL: fake.url, headers: { Authorization: `Bearer ${fake.accessToken}`, Version: '2021-07-28' } })
}

class Client extends EventEmitter {
  constructor(readonly http: AxiosInstance) {
    super()
  }
  async get(id: string) {
    const answer = await this.http.get(`/contacts/${id}`)
    this.emit('response', answer)
    return answer.data
  }
  async each(id: string, use: (data: unknown, answer: AxiosResponse, http: AxiosInstance, self: unknown) => unknown) {
    const answer = await this.http.get(`/contacts/${id}`)
    return use(answer.data, answer, this.http, this)
  }
  async as<T>(id: string, Model: new (data: unknown, client: unknown) => T) {
    return new Model((await this.http.get(`/contacts/${id}`)).data, this)
  }
}

test('an event of the client shows its listener neither the client nor a credential', async () => {
  const world = await doors()
  const raw = new Client(instanceFor(world))
  const client = withGateway(raw, world.reader)
  const heard: unknown[] = []
  function listen(this: unknown, answer: AxiosResponse) {
    heard.push(this, answer)
  }
  expect(client.on('response', listen)).toBe(client)
  await client.get(world.ann.id)
  expect(heard[0]).toBe(client)
  expect(heard[1]).toMatchObject({
    data: { contact: { id: world.ann.id } },
    config: { headers: { Authorization: 'Bearer [redacted]' } },
  })
  expect(inspect(heard, { depth: 12, showHidden: true, showProxy: true })).not.toContain(world.fake.accessToken)
  client.off('response', listen)
  await client.get(world.ann.id)
  expect([heard.length, raw.listenerCount('response')]).toEqual([2, 0])
})

test('a function given to a method is called with what its caller may see, and its answer counts', async () => {
  const world = await doors()
  const client = withGateway(new Client(instanceFor(world)), world.reader)
  let seen: unknown[] = []
  const use = (...given: unknown[]) => {
    seen = given
    return 'used'
  }
  expect(await client.each(world.ann.id, use)).toBe('used')
  expect(seen[0]).toMatchObject({ contact: { id: world.ann.id } })
  expect(seen.slice(2)).toEqual([undefined, client])
  expect(inspect(seen, { depth: 12, showHidden: true, showProxy: true })).not.toContain(world.fake.accessToken)
})

test('a class given to a method makes what it always made', async () => {
  const world = await doors()
  class Contact {
    constructor(
      readonly data: unknown,
      readonly from: unknown,
    ) {}
  }
  const client = withGateway(new Client(instanceFor(world)), world.reader)
  const made = await client.as(world.ann.id, Contact)
  expect(made).toBeInstanceOf(Contact)
  expect(made).toMatchObject({ data: { contact: { id: world.ann.id } } })
  expect(made.from).toBe(client)
})
