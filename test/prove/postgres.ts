import pg from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { postgresStorage } from '../../src/storage/postgres/index.js'
import { POSTGRES_URL } from '../storage/postgres-server.js'
import { PEER_WINDOW_S, type SharedEngine } from './engine.js'

export const postgres: SharedEngine = {
  async missing() {
    try {
      await withPool((pool) => pool.query('select 1'))
      return undefined
    } catch {
      return `no PostgreSQL answers at ${POSTGRES_URL}`
    }
  },
  prepare: (namespace) =>
    withPool(async (pool) => {
      await postgresStorage(pool, { schema: namespace }).open()
      await new Promise<void>((resolve, reject) => {
        const limiter = new RateLimiterPostgres(
          { storeClient: pool, schemaName: namespace, tableName: 'peer', points: 1, duration: 1, clearExpiredByTimeout: false },
          (error) => (error === undefined ? resolve(void limiter) : reject(error)),
        )
      })
    }),
  async connect(namespace) {
    const pool = newPool()
    const storage = postgresStorage(pool, { schema: namespace })
    await storage.open()
    return {
      storage,
      peer(name, points) {
        const limiter = new RateLimiterPostgres({
          storeClient: pool,
          schemaName: namespace,
          tableName: 'peer',
          tableCreated: true,
          clearExpiredByTimeout: false,
          keyPrefix: name,
          points,
          duration: PEER_WINDOW_S,
        })
        return { consume: (key) => limiter.consume(key), used: async (key) => (await limiter.get(key))?.consumedPoints ?? 0 }
      },
      async close() {
        await storage.close()
        await pool.end()
      },
    }
  },
  drop: (namespace) => withPool((pool) => pool.query(`drop schema if exists ${namespace} cascade`)),
}

function newPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 8, connectionTimeoutMillis: 5000 })
  pool.on('error', () => undefined)
  return pool
}

async function withPool(work: (pool: pg.Pool) => Promise<unknown>): Promise<void> {
  const pool = newPool()
  try {
    await work(pool)
  } finally {
    await pool.end()
  }
}
