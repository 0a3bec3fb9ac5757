import pg from 'pg'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { isStorageError, type StorageErrorCode } from '../../src/core/errors.js'
import type { Op } from '../../src/core/storage-ops.js'
import { commitOnce } from '../../src/gateway/commit.js'
import { emailLimits, reserve } from '../../src/limits/index.js'
import { LOCK_CLASS } from '../../src/storage/postgres/functions.js'
import { type PostgresPool, postgresMigration, postgresStorage } from '../../src/storage/postgres/index.js'
import { COMMIT_CALL, encodeBatches } from '../../src/storage/postgres/wire.js'
import type { Storage } from '../../src/storage/storage.js'
import { commitOne, describeStorage, testClock } from './contract.js'
import { lossyProxy } from './lossy-proxy.js'
import { connect, emptySchema, POSTGRES_URL, storageOn } from './postgres-server.js'

const database = await connect()
const { pool, run } = database
afterAll(() => database.close())

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

/** Another process's pool. */
function poolOf(config: pg.PoolConfig = {}): pg.Pool {
  const made = new pg.Pool({ connectionString: POSTGRES_URL, max: 2, ...config })
  made.on('error', () => undefined)
  ending.push(() => made.end())
  return made
}

async function opened(schema = database.newSchema(), on: PostgresPool = pool): Promise<{ storage: Storage; schema: string }> {
  const storage = postgresStorage(on, { schema })
  await storage.open()
  return { storage, schema }
}

const hasCode = (code: StorageErrorCode) => (error: unknown) => isStorageError(error) && codeOf(error) === code
const codeOf = (error: unknown) => (error as { code?: unknown }).code
const ONLY_ON_A_SERVER = 'PGlite has one connection and one role: needs a real PostgreSQL'

const free: string[] = []
describeStorage(`postgresStorage (${database.real ? 'server' : 'PGlite'})`, async (clock) => {
  const schema = free.pop() ?? database.newSchema()
  let storage = await storageOn(database, clock, { schema })
  await emptySchema(database, schema)
  return {
    storage,
    clock,
    async reopen() {
      await storage.close()
      storage = await storageOn(database, clock, { schema })
      return storage
    },
    async dispose() {
      await storage.close()
      free.push(schema)
    },
  }
})

describe('a store in PostgreSQL', () => {
  test('ten processes that open a new schema at once make one store', async () => {
    const schema = database.newSchema()
    const pools = Array.from({ length: 10 }, () => (database.real ? poolOf() : pool))
    const marks = await Promise.all(pools.map((one) => postgresStorage(one, { schema }).open()))
    expect(new Set(marks.map(({ incarnation }) => incarnation)).size).toBe(1)
    expect((await pool.query({ text: `select format from ${schema}.sendwarden_meta` })).rows).toEqual([{ format: 2 }])
  })

  test('opening again changes nothing, and the migration may be run by hand as often as one likes', async () => {
    const { storage, schema } = await opened()
    await commitOne(storage, [{ op: 'add', key: 'q/a', by: 3 }])
    await run(postgresMigration(schema))
    const again = await opened(schema)
    expect(await again.storage.read(['q/a'])).toMatchObject([{ count: 3 }])
  })

  test('migrate: false never makes a store, and says what to do', async () => {
    const storage = postgresStorage(pool, { schema: database.newSchema(), migrate: false })
    await expect(storage.open()).rejects.toThrow(/migrate is false.*postgresMigration/)
  })

  test('a store of the first data format is upgraded and keeps what it holds', async () => {
    const { storage, schema } = await opened()
    await commitOne(storage, [{ op: 'add', key: 'q/a', by: 3 }])
    await run(`drop function ${schema}.sendwarden_commit; update ${schema}.sendwarden_meta set format = 1`)
    const again = await opened(schema)
    await commitOne(again.storage, [{ op: 'add', key: 'q/a', by: 1 }])
    expect(await again.storage.read(['q/a'])).toMatchObject([{ count: 4 }])
  })

  test('a store written by a newer version is refused', async () => {
    const { schema } = await opened()
    await run(`update ${schema}.sendwarden_meta set format = 3`)
    await expect(opened(schema)).rejects.toThrow(/data format 3, and this version of sendwarden knows 2/)
  })

  test('a role without the right to make anything works once the store is there, and is told when it is not', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const role = `sendwarden_test_${process.pid}`
    const schema = database.newSchema()
    await run(`create role ${role} login`)
    const url = new URL(POSTGRES_URL)
    url.username = role
    const limited = poolOf({ connectionString: url.href })
    ending.push(() => run(`drop owned by ${role}; drop role ${role}`))
    await expect(opened(schema, limited)).rejects.toThrow(/lacks a right.*postgresMigration\(\).*grant this role/)
    await opened(schema)
    await run(`grant usage on schema ${schema} to ${role};
      grant select, insert, update, delete on all tables in schema ${schema} to ${role};
      grant usage on all sequences in schema ${schema} to ${role}`)
    const { storage } = await opened(schema, limited)
    expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
    expect(await storage.scan('q/', { limit: 5 })).toHaveLength(1)
  })

  test.each([
    ['dropped', (schema: string) => `drop schema ${schema} cascade`],
    ['emptied', (schema: string) => `truncate ${schema}.sendwarden_entries`],
    ['replaced by a new one', (schema: string) => `drop schema ${schema} cascade; ${postgresMigration(schema)}`],
  ])('a store that is %s while the process lives is reported as wiped by every call', async (_, sql) => {
    const { storage, schema } = await opened()
    await run(sql(schema))
    await expect(commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).rejects.toSatisfy(hasCode('wiped'))
    await expect(storage.read(['q/a'])).rejects.toSatisfy(hasCode('wiped'))
    await expect(storage.scan('q/', { limit: 1 })).rejects.toSatisfy(hasCode('wiped'))
  })

  test('a store whose entries were truncated is not opened as if it were new', async () => {
    const { schema } = await opened()
    await run(`truncate ${schema}.sendwarden_entries`)
    await expect(opened(schema)).rejects.toSatisfy(hasCode('wiped'))
  })

  test('a schema name that would need thought is refused at once', () => {
    expect(() => postgresStorage(pool, { schema: 'x"; drop table y' })).toThrow(TypeError)
  })

  test('no server: unavailable, since nothing can have been written', async () => {
    const nobody = poolOf({ connectionString: 'postgres://postgres@127.0.0.1:1/test' })
    await expect(opened('nowhere', nobody)).rejects.toSatisfy(hasCode('unavailable'))
  })

  test.each([
    ['on', 'power-loss'],
    ['local', 'power-loss'],
    ['off', 'none'],
  ])('synchronous_commit = %s means durable: %s', async (setting, durable) => {
    const { schema } = await opened()
    if (!database.real) await run(`set synchronous_commit = ${setting}`)
    const own = database.real ? poolOf({ options: `-c synchronous_commit=${setting}` }) : pool
    // PGlite runs with fsync = off: what its server wrote survives that server, not a power cut.
    const expected = !database.real && durable === 'power-loss' ? 'process-crash' : durable
    expect((await opened(schema, own)).storage.info.durable).toBe(expected)
    if (!database.real) await run('reset synchronous_commit')
  })

  test('another isolation level than read committed is refused: its snapshot is older than the lock', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const strict = poolOf({ options: '-c default_transaction_isolation=serializable' })
    await expect(opened(database.newSchema(), strict)).rejects.toThrow(/read committed/)
  })
})

describe('a commit', () => {
  test('that is refused writes nothing: it is given no transaction id, so there is nothing to flush', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const { storage, schema } = await opened()
    await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])
    const { incarnation } = await storage.open()
    const client = await poolOf().connect()
    const idAfter = async (max: number) => {
      const input = [...encodeBatches(incarnation, [[{ op: 'add', key: 'q/a', by: 1, max }]]), Date.now() + 60_000]
      await client.query('begin')
      await client.query(`select ${schema}.${COMMIT_CALL}`, input)
      const { rows } = await client.query('select pg_current_xact_id_if_assigned()::text as id')
      await client.query('rollback')
      return rows[0]?.id as unknown
    }
    expect(await idAfter(1)).toBeNull()
    expect(await idAfter(2)).toMatch(/^\d+$/)
    client.release()
  })

  test('shares its call with everybody who waits at the same time', async () => {
    const { schema } = await opened()
    let calls = 0
    const { storage } = await opened(schema, {
      query(query) {
        if (query.text.includes('sendwarden_commit')) calls++
        return pool.query(query)
      },
    })
    const results = await Promise.all(
      Array.from({ length: 100 }, () => commitOne(storage, [{ op: 'add', key: 'q/a', by: 1, max: 60 }])),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(60)
    expect(calls).toBeLessThanOrEqual(3)
  })

  test('that the server rejects does not take those along that shared its call', async () => {
    const { schema } = await opened()
    const { storage } = await opened(schema, {
      query(query) {
        if (JSON.stringify(query.values ?? []).includes('poison')) throw Object.assign(new Error('too large'), { code: '54000' })
        return pool.query(query)
      },
    })
    const put = (key: string) => commitOne(storage, [{ op: 'put', key, value: 1 }])
    const [first, poison, last] = await Promise.allSettled([put('x/1'), put('x/poison'), put('x/2')])
    expect([first.status, poison.status, last.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('is tried again after a deadlock or a serialization failure, which the server rolled back', async () => {
    const { schema } = await opened()
    const codes = ['40P01', '40001']
    const { storage } = await opened(schema, {
      query(query) {
        const code = query.text.includes('sendwarden_commit') ? codes.shift() : undefined
        return code === undefined ? pool.query(query) : Promise.reject(Object.assign(new Error('again'), { code }))
      },
    })
    expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1, max: 1 }])).toMatchObject({ ok: true })
    expect(codes).toEqual([])
  })

  test('sees in a rolling window what an earlier batch of the same call has added, also where both hand in the same list', async () => {
    const { storage } = await opened()
    const take: Op = { op: 'add', key: 'q/2', by: 1, max: 3, plus: [['q/1', 1]] }
    const results = await storage.commit([[take], [{ op: 'add', key: 'q/1', by: 2 }], [take]])
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false])
  })

  test('weighs the parts of a rolling window', async () => {
    const { storage } = await opened()
    await commitOne(storage, [{ op: 'add', key: 'q/1', by: 5 }])
    const take = (weight: number) => commitOne(storage, [{ op: 'add', key: 'q/2', by: 1, max: 3, plus: [['q/1', weight]] }])
    expect([(await take(0.5)).ok, (await take(0.2)).ok]).toEqual([false, true])
  })

  test('keeps counts exact up to 2^53 - 1 and goes no further', async () => {
    const { storage } = await opened()
    await commitOne(storage, [{ op: 'add', key: 'q/a', by: Number.MAX_SAFE_INTEGER - 1 }])
    await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])
    expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({
      ok: false,
      found: { count: Number.MAX_SAFE_INTEGER },
    })
  })

  test('carries texts that JSON columns refuse: null characters, lone surrogates, strange keys of objects', async () => {
    const { storage } = await opened()
    const value = { nul: '\u0000', lone: '\ud800', '': '\\u0000', __proto: ['"', "'"] }
    await commitOne(storage, [{ op: 'put', key: 'x/\'"\\$1', value }])
    expect((await storage.read(['x/\'"\\$1']))[0]?.value).toEqual(value)
  })

  test('sweeps what has long expired, a few rows at a time', async () => {
    const clock = testClock()
    const schema = database.newSchema()
    const storage = await storageOn(database, clock, { schema })
    const expiresAt = clock.now() + 1000
    await storage.commit(Array.from({ length: 100 }, (_, n): Op[] => [{ op: 'put', key: `x/${n}`, value: n, expiresAt }]))
    clock.advance(1000)
    await storage.commit(Array.from({ length: 40 }, (): Op[] => [{ op: 'add', key: 'q/a', by: 1 }]))
    const { rows } = await pool.query({
      text: `select count(*)::int as left from ${schema}.sendwarden_entries where key like 'x/%'`,
    })
    expect(rows).toEqual([{ left: 0 }])
  })
})

describe('several processes', () => {
  test('four of them with 300 attempts each: exactly the limit is accepted, and all windows agree', async () => {
    const { storage, schema } = await opened()
    const limits = emailLimits({ perMonth: 100, perDay: 100, perHour: 100, perDomainHour: 12, minDelayMs: 0 })
    const now = await storage.now()
    const workers = Array.from({ length: 4 }, () => postgresStorage(database.real ? poolOf() : pool, { schema }))
    const accepted = await Promise.all(
      workers.flatMap((worker, w) =>
        Array.from({ length: 10 }, async (_, caller) => {
          await worker.open()
          let count = 0
          for (let i = 0; i < 30; i++) {
            const byDomain = { [`d${(caller * 30 + i) % 20}.example`]: 1 }
            const windows = limits.windows({ location: 'loc', zone: 'UTC', recipients: { total: 1, byDomain } })
            const id: Op = { op: 'put', key: `idem/${w}-${caller}-${i}`, value: 1, version: null }
            if ((await commitOne(worker, [id, ...reserve(windows, now)])).ok) count++
          }
          return count
        }),
      ),
    )
    const total = async (prefix: string) =>
      (await storage.scan(prefix, { limit: 1000 })).reduce((sum, { count = 0 }) => sum + count, 0)
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBe(100)
    expect(await storage.scan('idem/', { limit: 1000 })).toHaveLength(100)
    for (const window of ['month', 'day', 'hour', 'domain']) expect(await total(`q/loc/email/${window}/`)).toBe(100)
  })

  test('two that count in different parts of one rolling window never exceed it together', async () => {
    const { storage, schema } = await opened()
    const other = (await opened(schema, database.real ? poolOf() : pool)).storage
    const take = (on: Storage, mine: string, theirs: string) =>
      commitOne(on, [{ op: 'add', key: mine, by: 1, max: 50, plus: [[theirs, 1]] }])
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, n) => (n % 2 ? take(storage, 'q/1', 'q/2') : take(other, 'q/2', 'q/1'))),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(50)
  })

  test('when answers are lost, each action counts once: what threw is found by its unique key, or tried again', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const { storage: direct, schema } = await opened()
    const { hostname, port, username, pathname } = new URL(POSTGRES_URL)
    const proxy = await lossyProxy({ host: hostname, port: Number(port || 5432) })
    const lossy = poolOf({ connectionString: `postgres://${username}@127.0.0.1:${proxy.port}${pathname}` })
    ending.push(() => proxy.close())
    const { storage } = await opened(schema, lossy)
    let landed = 0
    for (let n = 0; n < 40; n++) {
      if (n % 2 === 0) proxy.loseNextAnswer()
      const batch: Op[] = [
        { op: 'put', key: `idem/${n}`, value: n, version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      const counted: Storage = {
        ...storage,
        commit: (batches) =>
          storage.commit(batches).catch(async (error: unknown) => {
            expect(error).toSatisfy(hasCode('unknown_outcome'))
            if ((await direct.read([`idem/${n}`]))[0] !== null) landed++
            throw error
          }),
      }
      await commitOnce(counted, batch, `idem/${n}`)
    }
    expect(proxy.lost()).toBe(20)
    expect(landed).toBeGreaterThan(5)
    expect(await direct.read(['q/a'])).toMatchObject([{ count: 40 }])
  })

  test('a server that never answers is given up after timeoutMs, and the outcome is unknown', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const { schema } = await opened()
    const storage = postgresStorage(poolOf(), { schema, timeoutMs: 150 })
    await storage.open()
    const blocker = await poolOf().connect()
    await blocker.query('begin')
    await blocker.query(`lock table ${schema}.sendwarden_entries in access exclusive mode`)
    await expect(commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).rejects.toSatisfy(hasCode('unknown_outcome'))
    await blocker.query('rollback')
    blocker.release()
  })

  test('a commit whose turn comes after its caller has given up is not carried out', async (context) => {
    if (!database.real) return context.skip(ONLY_ON_A_SERVER)
    const { schema } = await opened()
    const storage = postgresStorage(poolOf(), { schema, timeoutMs: 150 })
    await storage.open()
    const holder = await poolOf({ max: 1 }).connect()
    await holder.query(`begin; select pg_advisory_xact_lock(${LOCK_CLASS}, hashtext('"${schema}"'))`)
    await expect(commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).rejects.toSatisfy(hasCode('unknown_outcome'))
    await holder.query('commit')
    // Whoever waited for the lock before has had it once we get it.
    await holder.query(`select pg_advisory_xact_lock(${LOCK_CLASS}, hashtext('"${schema}"'))`)
    holder.release()
    expect(await storage.read(['q/a'])).toEqual([null])
    expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
  })

  test('a server whose clock was moved is asked once more', async () => {
    const clock = testClock()
    const storage = await storageOn(database, clock, { schema: database.newSchema() })
    clock.advance(3_600_000)
    expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])).toMatchObject({ ok: true })
  })
})
