import pg from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { postgresStorage } from '../../src/storage/postgres/index.js'
import { missingPostgres, ownPostgres } from '../storage/own-postgres.js'
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
  prepare: (namespace, url) =>
    withPool(async (pool) => {
      await postgresStorage(pool, { schema: namespace }).open()
      await new Promise<void>((resolve, reject) => {
        const limiter = new RateLimiterPostgres(
          { storeClient: pool, schemaName: namespace, tableName: 'peer', points: 1, duration: 1, clearExpiredByTimeout: false },
          (error) => (error === undefined ? resolve(void limiter) : reject(error)),
        )
      })
    }, url),
  async connect(namespace, url) {
    const pool = newPool(url)
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
  network: {
    url: POSTGRES_URL,
    missing: missingPostgres,
    // The careless one writes its log every ten seconds, which is what `synchronous_commit = off` permits.
    launch: (how) => ownPostgres(how === 'careful' ? {} : { synchronous_commit: 'off', wal_writer_delay: '10s' }),
    async bareCounter(namespace, url) {
      await withPool((pool) => pool.query(`create table ${namespace}.bare as select 0 as n`))
      const pool = newPool(url)
      return {
        async add() {
          for (;;) {
            try {
              return void (await pool.query(`update ${namespace}.bare set n = n + 1`))
            } catch {
              // Again: nobody knows whether it counted.
            }
          }
        },
        close: () => pool.end(),
        async value() {
          const direct = newPool()
          const { rows } = await direct.query<{ n: number }>(`select n from ${namespace}.bare`)
          await direct.end()
          return rows[0]?.n ?? 0
        },
      }
    },
  },
}

function newPool(connectionString = POSTGRES_URL): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 8, connectionTimeoutMillis: 5000 })
  pool.on('error', () => undefined)
  return pool
}

async function withPool(work: (pool: pg.Pool) => Promise<unknown>, url?: string): Promise<void> {
  const pool = newPool(url)
  try {
    await work(pool)
  } finally {
    await pool.end()
  }
}
