import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { redisStorage } from '../../src/storage/redis/index.js'
import { PEER_WINDOW_S, type SharedEngine } from './engine.js'

const URL = process.env.SENDWARDEN_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

export const redis: SharedEngine = {
  async missing() {
    try {
      await withClient((client) => client.ping())
      return undefined
    } catch {
      return `no Redis answers at ${URL}`
    }
  },
  prepare: (namespace) => withClient((client) => redisStorage(client, { namespace }).open()),
  async connect(namespace) {
    const client = newClient()
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
}

function newClient(): Redis {
  const client = new Redis(URL, { maxRetriesPerRequest: 1, connectTimeout: 5000 })
  client.on('error', () => undefined)
  return client
}

async function withClient(work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = newClient()
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}
