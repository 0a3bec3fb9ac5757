import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { redisStorage } from '../../src/storage/redis/index.js'
import { missingRedis, ownRedis } from '../storage/own-redis.js'
import { PEER_WINDOW_S, type SharedEngine } from './engine.js'

const REDIS_URL = process.env.SENDWARDEN_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

export const redis: SharedEngine = {
  async missing() {
    try {
      await withClient((client) => client.ping())
      return undefined
    } catch {
      return `no Redis answers at ${REDIS_URL}`
    }
  },
  prepare: (namespace, url) => withClient((client) => redisStorage(client, { namespace }).open(), url),
  async connect(namespace, url) {
    const client = newClient(url, {})
    const storage = redisStorage(client, { namespace })
    await storage.open()
    return {
      storage,
      peer(name, points) {
        const keyPrefix = `${namespace}:${name}`
        const limiter = new RateLimiterRedis({ storeClient: client, keyPrefix, points, duration: PEER_WINDOW_S })
        return { consume: (key) => limiter.consume(key), used: async (key) => (await limiter.get(key))?.consumedPoints ?? 0 }
      },
      async close() {
        await storage.close()
        client.disconnect()
      },
    }
  },
  drop: (namespace) =>
    withClient(async (client) => {
      for await (const keys of client.scanStream({ match: `*${namespace}*`, count: 1000 }))
        if (Array.isArray(keys) && keys.length > 0) await client.unlink(...keys.map(String))
    }),
  network: {
    url: REDIS_URL,
    missing: missingRedis,
    launch: (how) => ownRedis(how === 'careful' ? { appendonly: 'yes' } : {}),
    async bareCounter(namespace, url) {
      const client = newClient(url, {})
      const key = `${namespace}:bare`
      return {
        async add() {
          for (;;) {
            try {
              return void (await client.incrby(key, 1))
            } catch {
              // Again: nobody knows whether it counted.
            }
          }
        },
        async close() {
          client.disconnect()
        },
        async value() {
          const direct = newClient()
          const value = Number(await direct.get(key))
          direct.disconnect()
          return value
        },
      }
    },
  },
}

function newClient(url = REDIS_URL, options: { maxRetriesPerRequest?: number } = { maxRetriesPerRequest: 1 }): Redis {
  const client = new Redis(url, { connectTimeout: 5000, ...options })
  client.on('error', () => undefined)
  return client
}

async function withClient(work: (client: Redis) => Promise<unknown>, url?: string): Promise<void> {
  const client = newClient(url)
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}
