import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import type { Clock } from '../../src/core/clock.js'
import { type PostgresPool, type PostgresStorageOptions, postgresStorage } from '../../src/storage/postgres/index.js'
import type { Storage } from '../../src/storage/storage.js'

export const POSTGRES_URL = process.env.SENDWARDEN_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test'

/** Where the tests of the Postgres engine run: a real server, or the same engine inside this process. */
export interface Database {
  /** A real server was there: several connections, several processes. */
  readonly real: boolean
  readonly pool: PostgresPool
  /** A name nobody has used; its schema is dropped at the end. */
  newSchema(): string
  run(sql: string): Promise<void>
  close(): Promise<void>
}

export async function connect(): Promise<Database> {
  const schemas: string[] = []
  const server = await realServer()
  if (server === undefined && process.env.CI === 'true')
    throw new Error(`No PostgreSQL answers at ${POSTGRES_URL}, and CI needs one.`)
  if (server === undefined) console.log(`No PostgreSQL answers at ${POSTGRES_URL}: the Postgres engine is tested on PGlite.`)
  const lite = server === undefined ? await PGlite.create() : undefined
  const pool: PostgresPool = lite === undefined ? (server as pg.Pool) : { query: ({ text, values }) => lite.query(text, values) }
  const run = async (sql: string) => {
    await (lite === undefined ? server?.query(sql) : lite.exec(sql))
  }
  return {
    real: lite === undefined,
    pool,
    newSchema() {
      const schema = `sendwarden_test_${process.pid}_${Date.now().toString(36)}_${schemas.length}`
      schemas.push(schema)
      return schema
    },
    run,
    async close() {
      for (const schema of schemas) await run(`drop schema if exists ${schema} cascade`)
      await server?.end()
      await lite?.close()
    },
  }
}

async function realServer(): Promise<pg.Pool | undefined> {
  const pool = new pg.Pool({ connectionString: POSTGRES_URL, max: 4, connectionTimeoutMillis: 2000 })
  pool.on('error', () => undefined)
  try {
    await pool.query('select 1')
    return pool
  } catch {
    await pool.end()
    return undefined
  }
}

/** An open storage whose server takes its time from `clock`, as the memory engine beside it does. */
export async function storageOn(
  { pool, run }: Database,
  clock: Clock,
  options: PostgresStorageOptions & { readonly schema: string },
): Promise<Storage> {
  const { schema } = options
  await postgresStorage(pool, options).open()
  await run(`create table if not exists ${schema}.test_clock (ms double precision);
    create or replace function ${schema}.sendwarden_now() returns double precision language sql volatile
      as $fn$ select ms from ${schema}.test_clock $fn$;`)
  let told: number | undefined
  const storage = postgresStorage(
    {
      async query(query) {
        if (told !== clock.now()) {
          told = clock.now()
          await run(`truncate ${schema}.test_clock; insert into ${schema}.test_clock values (${told})`)
        }
        return pool.query(query)
      },
    },
    options,
  )
  await storage.open()
  return storage
}

/** Empties a schema as if its store were new. */
export async function emptySchema({ run }: Database, schema: string): Promise<void> {
  await run(`delete from ${schema}.sendwarden_entries where key <> ''`)
}
