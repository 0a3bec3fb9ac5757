import { Redis, type RedisOptions } from 'ioredis'
import { test } from 'vitest'
import { type RedisStorageOptions, redisStorage } from '../../src/storage/redis/index.js'
import type { Storage } from '../../src/storage/storage.js'

const REDIS_URL = process.env.SENDWARDEN_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** The Redis the tests run on: namespaces of our own, removed at the end. */
export interface Server {
  readonly url: URL
  readonly client: Redis
  /** Another connection, as another process has one. */
  connect(options?: Omit<RedisOptions, 'replyMapping'>, port?: number): Redis
  newNamespace(): string
  open(options: RedisStorageOptions, client?: Redis): Promise<Storage>
  /** Deletes every key of a namespace. */
  wipe(namespace: string): Promise<void>
  close(): Promise<void>
}

/** Undefined where no server answers: then there is one skipped test that says so, which fails in CI. */
export async function redisServer(): Promise<Server | undefined> {
  const url = new URL(REDIS_URL)
  const client = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch {
    const missing = `No Redis answers at ${REDIS_URL}: start one with \`docker run -p 6379:6379 redis:7\` or \`redis-server\``
    test('the Redis engine runs on a real server', (context) => {
      if (process.env.CI === 'true') throw new Error(`${missing}; CI needs it.`)
      context.skip(missing)
    })
    return undefined
  }
  const namespaces: string[] = []
  const clients = [client]

  async function wipe(namespace: string): Promise<void> {
    let cursor = '0'
    do {
      const [next, keys] = await client.scan(cursor, 'MATCH', `{${namespace}}*`, 'COUNT', 1000)
      if (keys.length > 0) await client.del(...keys)
      cursor = next
    } while (cursor !== '0')
  }

  return {
    url,
    client,
    connect(options = {}, port = Number(url.port || 6379)) {
      const { hostname: host, username, password } = url
      const other = new Redis({
        host,
        port,
        ...(username !== '' && { username }),
        ...(password !== '' && { password }),
        ...options,
      })
      other.on('error', () => undefined)
      clients.push(other)
      return other
    },
    newNamespace() {
      const namespace = `sendwarden-test-${process.pid}-${Date.now().toString(36)}-${namespaces.length}`
      namespaces.push(namespace)
      return namespace
    },
    async open(options, on = client) {
      const storage = redisStorage(on, options)
      await storage.open()
      return storage
    },
    wipe,
    async close() {
      for (const namespace of namespaces) await wipe(namespace)
      for (const one of clients) one.disconnect()
    },
  }
}
