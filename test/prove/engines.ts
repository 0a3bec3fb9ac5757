import pg from 'pg'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { postgresStorage } from '../../src/storage/postgres/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { POSTGRES_URL } from '../storage/postgres-server.js'

/** A window of rate-limiter-flexible: consuming rejects when it is full. */
export interface PeerWindow {
  consume(key: string): Promise<unknown>
  used(key: string): Promise<number>
}

/** One process's way into an engine, within a namespace of its own. */
export interface Connection {
  readonly storage: Storage
  /** The same server under rate-limiter-flexible: `points` per window. */
  peer(name: string, points: number): PeerWindow
  close(): Promise<void>
}

/** An engine that several processes may share, on the server the tests use. */
export interface SharedEngine {
  /** Why it cannot be proven here; undefined = its server answers. */
  missing(): Promise<string | undefined>
  /** Makes the namespace ready for processes that start at the same moment. */
  prepare(namespace: string): Promise<void>
  connect(namespace: string): Promise<Connection>
  drop(namespace: string): Promise<void>
}

/** The peer's windows are longer than any proof: all of it falls into one. */
const PEER_WINDOW_S = 86_400

const postgres: SharedEngine = {
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

/** Memory and file are one process's: there is nothing to share and nothing to prove here. */
export const SHARED_ENGINES: Readonly<Record<string, SharedEngine>> = { postgres }

export function engineNamed(name: string): SharedEngine {
  const engine = SHARED_ENGINES[name]
  if (engine === undefined) throw new TypeError(`No shared engine ${name}. There are: ${Object.keys(SHARED_ENGINES).join(', ')}.`)
  return engine
}
