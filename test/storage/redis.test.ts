import type { RedisOptions } from 'ioredis'
import { afterAll, describe, expect, test } from 'vitest'
import { isStorageError } from '../../src/core/errors.js'
import type { Batch } from '../../src/core/storage-ops.js'
import { COMMIT } from '../../src/storage/redis/commit-script.js'
import { type RedisClient, redisStorage } from '../../src/storage/redis/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { storageConformance } from '../../src/testing/index.js'
import { commitOne } from './contract.js'
import { lossyProxy } from './lossy-proxy.js'
import { redisServer, type Server } from './redis-server.js'

const found = await redisServer()
afterAll(() => found?.close())
if (found !== undefined) testRedis(found)

function testRedis(server: Server): void {
  const { client } = server

  describe('redisStorage keeps the storage contract', () => {
    const cases = storageConformance(async () => {
      const namespace = server.newNamespace()
      const storage = redisStorage(client, { namespace })
      return { storage, reopen: async () => redisStorage(client, { namespace }), dispose: () => server.wipe(namespace) }
    })
    for (const { name, run } of cases) test(name, run)
  })

  describe('redisStorage', () => {
    test('works beneath a key prefix of the client, and leaves the client open', async () => {
      const namespace = server.newNamespace()
      const prefixed = server.connect({ keyPrefix: `{${namespace}}` })
      const storage = await server.open({ namespace: 'ns' }, prefixed)
      await commitOne(storage, [{ op: 'put', key: 'x/1', value: 1, expiresAt: Date.now() + 60_000 }])
      expect(await storage.scan('', { limit: 5 })).toMatchObject([{ key: 'x/1', value: 1 }])
      await storage.close()
      expect(await client.exists(`{${namespace}}{ns}:x/1`)).toBe(1)
      expect(await prefixed.ping()).toBe('PONG')
    })

    test('every key a script touches is declared and lies in one slot of a cluster', async () => {
      const namespace = server.newNamespace()
      const calls: (readonly (string | number)[])[] = []
      const storage = redisStorage(
        listening(client, (_, args) => calls.push(args)),
        { namespace },
      )
      await storage.open()
      await commitOne(storage, [{ op: 'add', key: 'q/2', by: 1, max: 5, plus: [['q/1', 1]] }])
      await storage.read(['q/2'])
      await storage.scan('q/', { limit: 5 })
      const scripts = calls.filter(([sha]) => typeof sha === 'string' && sha.length === 40)
      expect(scripts.length).toBeGreaterThanOrEqual(4)
      for (const [, count, ...rest] of scripts) {
        const keys = rest.slice(0, Number(count)).map(String)
        expect(keys.every((key) => key.startsWith(`{${namespace}}`))).toBe(true)
      }
      expect(scripts.flat()).toContain(`{${namespace}}:q/1`)
    })

    test('callers that wait at the same time share a call', async () => {
      let calls = 0
      const storage = redisStorage(
        listening(client, () => calls++),
        { namespace: server.newNamespace() },
      )
      await storage.open()
      const before = calls
      await Promise.all(Array.from({ length: 64 }, () => commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])))
      expect(calls - before).toBeLessThanOrEqual(2)
      expect(await storage.read(['q/a'])).toMatchObject([{ count: 64 }])
    })

    test('a server that forgot its scripts is told them again', async () => {
      const namespace = server.newNamespace()
      const forgetful = listening(client, (command, args) => {
        if (command === 'evalsha') throw new Error(`NOSCRIPT No matching script ${args[0]}`)
      })
      const storage = redisStorage(forgetful, { namespace })
      await storage.open()
      expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
    })

    test('four clients that share a limit pass it together exactly', async () => {
      const namespace = server.newNamespace()
      const storages = await Promise.all([1, 2, 3, 4].map(() => server.open({ namespace }, server.connect())))
      const accepted = await Promise.all(storages.map((storage, who) => attempts(storage, who, 300, 500)))
      expect(accepted.reduce((sum, some) => sum + some, 0)).toBe(500)
      const [month, day] = await (storages[0] as Storage).read(['q/month', 'q/day'])
      expect([month?.count, day?.count]).toEqual([500, 500])
    })

    test('an expired key leaves the index in time, and the server by itself', async () => {
      const namespace = server.newNamespace()
      const storage = await server.open({ namespace })
      await commitOne(storage, [{ op: 'put', key: 'x/old', value: 1, expiresAt: Date.now() - 1 }])
      expect(await client.pttl(`{${namespace}}:x/old`)).toBeGreaterThan(200_000)
      await client.zadd(`{${namespace}}#expiries`, String(Date.now() - 400_000), 'x/old')
      await commitOne(storage, [{ op: 'put', key: 'x/new', value: 1 }])
      expect(await client.zrange(`{${namespace}}#index`, '0', '-1')).toEqual(['x/new'])
    })

    test('a key that lost its expiry is not cleared from the index with it', async () => {
      const namespace = server.newNamespace()
      const storage = await server.open({ namespace })
      await commitOne(storage, [{ op: 'put', key: 'x/1', value: 1, expiresAt: 1000 }])
      await commitOne(storage, [{ op: 'put', key: 'x/1', value: 2 }])
      await commitOne(storage, [{ op: 'put', key: 'x/2', value: 2 }])
      expect((await storage.scan('', { limit: 9 })).map(({ key }) => key)).toEqual(['x/1', 'x/2'])
      for (const expiresAt of [Date.now() - 1, Date.now() + 60_000]) {
        await commitOne(storage, [{ op: 'put', key: 'x/1', value: 1, expiresAt }])
        expect(await client.zcard(`{${namespace}}#expiries`)).toBe(1)
        await commitOne(storage, [{ op: 'put', key: 'x/1', value: 2 }])
        expect(await client.zcard(`{${namespace}}#expiries`)).toBe(0)
      }
    })

    test('a key that something else wrote is told as damage, and nothing is written', async () => {
      const namespace = server.newNamespace()
      const storage = await server.open({ namespace })
      await client.set(`{${namespace}}:q/a`, '17')
      const batch: Batch = [
        { op: 'put', key: 'x/1', value: 1 },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      await expect(storage.commit([batch])).rejects.toSatisfy(hasCode('corrupt'))
      await expect(storage.read(['q/a'])).rejects.toSatisfy(hasCode('corrupt'))
      expect(await storage.read(['x/1'])).toEqual([null])
    })
  })

  test.each([
    ['a hash under a key', ':system', 'hset', ['a', 'b']],
    ['a list under a key', ':system', 'rpush', ['b']],
    ['a string for a window', '~q/hour/~', 'set', ['x']],
    ['a string for the index', '#index', 'set', ['x']],
    ['a string for the expiries', '#expiries', 'set', ['x']],
  ])('%s is damage and never an absent key; nothing is written', async (_, name, command, args) => {
    const namespace = server.newNamespace()
    const storage = await server.open({ namespace })
    await client.del(`{${namespace}}${name}`)
    await client.call(command, `{${namespace}}${name}`, ...args)
    const batch: Batch = [
      { op: 'check', key: 'system', version: null },
      { op: 'add', key: 'q/hour/~1', by: 1 },
      { op: 'put', key: 'x/1', value: 1 },
    ]
    await expect(storage.commit([batch])).rejects.toSatisfy(hasCode('corrupt'))
    if (!name.startsWith('#')) await expect(storage.read(['system', 'q/hour/~1'])).rejects.toSatisfy(hasCode('corrupt'))
    expect(await client.exists(`{${namespace}}:x/1`)).toBe(0)
  })

  describe('opening', () => {
    test('two processes that open the same namespace find the same incarnation', async () => {
      const namespace = server.newNamespace()
      const opened = await Promise.all([1, 2, 3].map(() => redisStorage(client, { namespace }).open()))
      expect(new Set(opened.map(({ incarnation }) => incarnation)).size).toBe(1)
    })

    test('an eviction policy is refused, with the way to mend it', async () => {
      const evicting = answering(client, 'info', 'redis_version:7.2.0\r\nmaxmemory_policy:allkeys-lru\r\n')
      const storage = redisStorage(evicting, { namespace: server.newNamespace() })
      await expect(storage.open()).rejects.toThrow(/allkeys-lru.*config set maxmemory-policy noeviction/)
    })

    test('an old server is refused', async () => {
      const old = answering(client, 'info', 'redis_version:5.0.14\r\nmaxmemory_policy:noeviction\r\n')
      await expect(redisStorage(old).open()).rejects.toThrow(/Redis 5\.0\.14; sendwarden needs 6\.2/)
    })

    test.each([
      ['0', { appendfsync: 'always' }, 'none'],
      ['1', { appendfsync: 'everysec' }, 'process-crash'],
      ['1', { appendfsync: 'no' }, 'process-crash'],
      ['1', { appendfsync: 'always' }, 'power-loss'],
      ['1', { appendfsync: 'always', 'no-appendfsync-on-rewrite': 'yes' }, 'process-crash'],
      ['1', undefined, 'process-crash'],
    ])('appendonly %s with %j is told as %s', async (aof, config, durable) => {
      const told: RedisClient = {
        async call(command, ...args) {
          if (command === 'info') return `redis_version:7.0.0\r\nmaxmemory_policy:noeviction\r\naof_enabled:${aof}\r\n`
          if (command !== 'config') return client.call(command, ...args)
          if (config === undefined) throw new Error('ERR unknown command CONFIG')
          const name = String(args[1])
          return [name, new Map(Object.entries({ 'no-appendfsync-on-rewrite': 'no', ...config })).get(name)]
        },
      }
      const storage = redisStorage(told, { namespace: server.newNamespace() })
      await storage.open()
      expect(storage.info.durable).toBe(durable)
    })

    test('settings are read from a client that maps replies to objects, too', async () => {
      const info = 'redis_version:7.0.0\r\naof_enabled:0\r\n'
      const mapped = answering(answering(client, 'info', info), 'config', { 'maxmemory-policy': 'volatile-ttl' })
      await expect(redisStorage(mapped).open()).rejects.toThrow(/volatile-ttl/)
    })

    test('a newer data format is refused', async () => {
      const namespace = server.newNamespace()
      await client.set(`{${namespace}}#mark`, '2 of-tomorrow')
      await expect(redisStorage(client, { namespace }).open()).rejects.toThrow(/data format 2.*upgrade sendwarden/)
    })

    test('create: false refuses a namespace that holds nothing', async () => {
      const storage = redisStorage(client, { namespace: server.newNamespace(), create: false })
      await expect(storage.open()).rejects.toSatisfy(hasCode('wiped'))
    })

    test('a namespace whose keys vanish while it is in use is told as wiped by every call', async () => {
      const namespace = server.newNamespace()
      const storage = await server.open({ namespace })
      await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])
      await server.wipe(namespace)
      await expect(commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).rejects.toSatisfy(hasCode('wiped'))
      await expect(storage.read(['q/a'])).rejects.toSatisfy(hasCode('wiped'))
      await expect(storage.scan('', { limit: 1 })).rejects.toSatisfy(hasCode('wiped'))
      await redisStorage(client, { namespace }).open()
      await expect(storage.read(['q/a'])).rejects.toSatisfy(hasCode('wiped'))
    })

    test('a store whose mark alone is gone is not taken for a new one', async () => {
      const namespace = server.newNamespace()
      await commitOne(await server.open({ namespace }), [{ op: 'add', key: 'q/a', by: 1 }])
      await client.del(`{${namespace}}#mark`)
      await expect(redisStorage(client, { namespace }).open()).rejects.toSatisfy(hasCode('wiped'))
    })

    test('a user without the rights is told which they are', async () => {
      const name = `sendwarden-test-${process.pid}`
      const namespace = server.newNamespace()
      const may = ['+evalsha', '+eval', '+info', '+ping', '+time', '+get', '+mget', '+set', '+del', '+zrem', '+zcard']
      const more = [
        '+hget',
        '+hgetall',
        '+hset',
        '+hdel',
        '+pttl',
        '+pexpireat',
        '+persist',
        '+zadd',
        '+zrangebylex',
        '+zrevrangebylex',
        '+zrangebyscore',
      ]
      await client.call('acl', 'setuser', name, 'on', '>secret', `~{${namespace}}*`, ...may)
      try {
        const user = server.connect({ username: name, password: 'secret' })
        await expect(redisStorage(user, { namespace }).open()).rejects.toThrow(/lacks a right.*zadd/)
        await client.call('acl', 'setuser', name, ...more)
        const storage = await server.open({ namespace }, user)
        expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1, expiresAt: Date.now() + 999 }])).toMatchObject({
          ok: true,
        })
        expect(await storage.scan('', { limit: 1, reverse: true })).toHaveLength(1)
      } finally {
        await client.call('acl', 'deluser', name)
      }
    })

    test('a namespace that is not plain is refused', () => {
      expect(() => redisStorage(client, { namespace: 'a}b' })).toThrow(TypeError)
    })

    test('a server that is not there is told as unavailable', async () => {
      const nobody = server.connect({ maxRetriesPerRequest: 0, retryStrategy: () => null }, 1)
      await expect(redisStorage(nobody, { timeoutMs: 500 }).open()).rejects.toSatisfy(hasCode('unavailable'))
    })
  })

  describe('a lost answer', () => {
    test('is made good by ioredis sending the commit again, and counts once', async () => {
      const { storage, proxy, end } = await behindProxy(server)
      for (let number = 1; number <= 20; number++) {
        proxy.loseNextAnswer()
        expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
      }
      expect(proxy.lost()).toBe(20)
      expect(await storage.read(['q/a'])).toMatchObject([{ count: 20 }])
      await end()
    })

    test('counts twice without that recognition: the harness can fail', async () => {
      const { client: through, proxy, namespace, end } = await behindProxy(server)
      await through.set(`{${namespace}}:plain`, '0')
      proxy.loseNextAnswer()
      await through.incr(`{${namespace}}:plain`)
      expect(await client.get(`{${namespace}}:plain`)).toBe('2')
      await end()
    })

    test('that nobody makes good is told as an unknown outcome in time, and the unique key tells', async () => {
      const { storage, proxy, end } = await behindProxy(server, { autoResendUnfulfilledCommands: false }, 400)
      proxy.loseNextAnswer()
      const batch: Batch = [
        { op: 'put', key: 'idem/1', value: 'me', version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      await expect(storage.commit([batch])).rejects.toSatisfy(hasCode('unknown_outcome'))
      expect(await storage.read(['idem/1', 'q/a'])).toMatchObject([{ value: 'me' }, { count: 1 }])
      await end()
    })

    test('a commit that reaches the server after its caller has given up is not carried out', async () => {
      let late: (() => Promise<unknown>) | undefined
      const stalling: RedisClient = {
        call(command, ...args) {
          if (command !== 'evalsha' || args[0] !== COMMIT.sha) return client.call(command, ...args)
          late = () => client.call(command, ...args)
          return new Promise(() => undefined)
        },
      }
      // To this process it is an hour ago, so the call is an hour late at once.
      const storage = redisStorage(behind(stalling, 3_600_000), { namespace: server.newNamespace(), timeoutMs: 100 })
      await storage.open()
      await expect(commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).rejects.toSatisfy(hasCode('unknown_outcome'))
      expect(await late?.()).toEqual(['late', expect.any(Number)])
      expect(await storage.read(['q/a'])).toEqual([null])
    })

    test('an earlier commit that arrives after a later one is not carried out', async () => {
      const sent: (readonly (string | number)[])[] = []
      const storage = redisStorage(
        listening(client, (command, args) => command === 'evalsha' && args[0] === COMMIT.sha && sent.push(args)),
        { namespace: server.newNamespace() },
      )
      await storage.open()
      for (let i = 0; i < 2; i++) await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])
      const [first = [], second = []] = sent
      expect(await client.call('evalsha', ...first)).toEqual(['late', expect.any(Number)])
      expect(await client.call('evalsha', ...second)).toEqual(['ok', expect.any(Number), expect.any(Array)])
      expect(await storage.read(['q/a'])).toMatchObject([{ count: 2 }])
    })

    test('a server whose clock was moved is asked once more', async () => {
      const storage = redisStorage(behind(client, 3_600_000), { namespace: server.newNamespace() })
      await storage.open()
      expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
    })
  })
}

/** Accepted of so many attempts, sixteen at a time. */
async function attempts(storage: Storage, who: number, count: number, max: number): Promise<number> {
  let accepted = 0
  let next = 0
  const caller = async () => {
    while (next < count) {
      const result = await commitOne(storage, [
        { op: 'put', key: `idem/${who}-${next++}`, value: 1, version: null },
        { op: 'add', key: 'q/month', by: 1, max },
        { op: 'add', key: 'q/day', by: 1 },
      ])
      if (result.ok) accepted++
    }
  }
  await Promise.all(Array.from({ length: 16 }, caller))
  return accepted
}

async function behindProxy(server: Server, options: Omit<RedisOptions, 'replyMapping'> = {}, timeoutMs = 5000) {
  const proxy = await lossyProxy({ host: server.url.hostname, port: Number(server.url.port || 6379) })
  const client = server.connect({ retryStrategy: () => 5, ...options }, proxy.port)
  const namespace = server.newNamespace()
  const storage = await server.open({ namespace, timeoutMs }, client)
  const end = async () => {
    client.disconnect()
    await proxy.close()
  }
  return { client, proxy, namespace, storage, end }
}

/** The same client, with somebody told of each command before it is sent. */
function listening(client: RedisClient, heard: (command: string, args: readonly (string | number)[]) => unknown): RedisClient {
  return {
    async call(command, ...args) {
      heard(command, args)
      return client.call(command, ...args)
    },
  }
}

/** The same client, with one command answered by the test. */
function answering(client: RedisClient, name: string, answer: unknown): RedisClient {
  return {
    async call(command, ...args) {
      if (command !== name) return client.call(command, ...args)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

/** The same client, with a server clock that seems to be behind. */
function behind(client: RedisClient, ms: number): RedisClient {
  return {
    async call(command, ...args) {
      const answer = await client.call(command, ...args)
      if (command !== 'time' || !Array.isArray(answer)) return answer
      return [String(Number(answer[0]) - ms / 1000), answer[1]]
    },
  }
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => isStorageError(error) && error.code === code
}
