import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isStorageError, type StorageErrorCode } from '../../src/core/errors.js'
import { createGateway, type Gateway } from '../../src/gateway/index.js'
import { postgresMigration, postgresStorage } from '../../src/storage/postgres/index.js'
import { redisStorage } from '../../src/storage/redis/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { missingPostgres, ownPostgres } from './own-postgres.js'
import { missingRedis, ownRedis } from './own-redis.js'
import type { OwnServer } from './own-server.js'

/** What an operator does wrong with a shared engine, on a real server: each is an error that says what to do next. */

const gateways: Gateway[] = []
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close()
})

function gatewayOn(storage: Storage, clock = { now: () => Date.now() }): Gateway {
  const gateway = createGateway({ agents: { scout: 'HUNTER' }, storage, clock })
  gateways.push(gateway)
  return gateway
}

/** The error of an operator's next step, which has to be a `StorageError` with that code and text. */
async function expectError(work: Promise<unknown>, code: StorageErrorCode, text: RegExp): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(isStorageError(error) && error.code, String(error)).toBe(code)
  expect(String(error)).toMatch(text)
}

const codesAfter = async (gateway: Gateway) => {
  const outcome = await gateway.agent('scout').execute({ type: 'read_contact', contactId: 'c1' })
  return outcome.status === 'blocked' ? outcome.reasons.map(({ code }) => code) : []
}

/** One test that says why where no server can be started; in CI that fails. */
function whereThereIs(what: string, missing: string | undefined, tests: () => void): void {
  if (missing === undefined) describe(what, tests)
  else
    test(what, (context) => {
      if (process.env.CI === 'true') throw new Error(`${missing}; CI needs it.`)
      context.skip(missing)
    })
}

const later = (ms: number) => ({ now: () => Date.now() + ms })
const SKEWED = /differ by \d+ ms, the limit is 2000 ms\. Synchronise the clocks/

/** Nothing is written while the gateway's clock is wrong, in either direction, and it goes on by itself once it is right. */
async function expectSkewWhenSet(storage: Storage): Promise<void> {
  let off = 0
  await gatewayOn(storage, { now: () => Date.now() + off }).open()
  const count = async () => {
    await storage.commit([[{ op: 'add', key: 'q/a', by: 1 }]])
    return (await storage.read(['q/a']))[0]?.count
  }
  expect(await count()).toBe(1)
  for (const minutes of [-70, 70]) {
    off = minutes * 60_000
    await expectError(count(), 'clock_skew', SKEWED)
  }
  off = 0
  expect(await count()).toBe(2)
}

whereThereIs('redisStorage tells the operator of', missingRedis(), () => {
  let server: OwnServer
  let client: Redis
  const clients: Redis[] = []
  const connect = (options = {}) => {
    const made = new Redis(server.url, { retryStrategy: () => 20, ...options })
    made.on('error', () => undefined)
    clients.push(made)
    return made
  }
  const set = (name: string, value: string) => client.config('SET', name, value)
  let count = 0
  const newStorage = (on = client) => redisStorage(on, { namespace: `n${++count}`, timeoutMs: 500 })

  beforeAll(async () => {
    server = await ownRedis({ appendonly: 'yes' })
    client = connect()
  })
  afterAll(async () => {
    for (const one of clients) one.disconnect()
    await server.remove()
  })

  test('its guarantees, readable once it is open', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    expect({ ...gateway.storage.info }).toEqual({ engine: 'redis', durable: 'process-crash', shared: 'network' })
    await set('appendfsync', 'always')
    const careful = gatewayOn(newStorage())
    await careful.open()
    expect(careful.storage.info.durable).toBe('power-loss')
  })

  test('an eviction policy that would drop limits', async () => {
    await set('maxmemory-policy', 'allkeys-lru')
    await expectError(gatewayOn(newStorage()).open(), 'unavailable', /allkeys-lru.*config set maxmemory-policy noeviction/)
    await set('maxmemory-policy', 'noeviction')
  })

  test('a full memory', async () => {
    const storage = newStorage()
    await storage.open()
    await set('maxmemory', '1')
    await expectError(storage.commit([[{ op: 'add', key: 'q/a', by: 1 }]]), 'unavailable', /no memory left.*Raise maxmemory/)
    await set('maxmemory', '0')
    expect(await storage.read(['q/a'])).toEqual([null])
  })

  test('a FLUSHALL under a gateway that lives, and under one that knows there must be a store', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    await client.flushall()
    expect(await codesAfter(gateway)).toEqual(['storage.wiped'])
    await expectError(gateway.system.snapshot(), 'wiped', /was emptied or replaced.*Restore it, or stop every process/)
    const restarted = redisStorage(client, { namespace: `n${count}`, create: false })
    await expectError(gatewayOn(restarted).open(), 'wiped', /There is no store.*restore it/)
  })

  test('clocks that differ', async () => {
    await expectError(gatewayOn(newStorage(), later(3000)).open(), 'clock_skew', SKEWED)
    await expectError(gatewayOn(newStorage(), later(-3000)).open(), 'clock_skew', SKEWED)
    await gatewayOn(newStorage(), later(1000)).open()
  })

  test('a clock that is set while the gateway runs, by which its counters would be over when they are written', async () => {
    await expectSkewWhenSet(newStorage())
  })

  test('a store of a newer version', async () => {
    await client.set('{newer}#mark', '2 of-tomorrow')
    await expectError(gatewayOn(redisStorage(client, { namespace: 'newer' })).open(), 'unavailable', /upgrade sendwarden/)
  })

  test('a wrong password, and a user without a command it needs', async () => {
    const wrong = newStorage(connect({ password: 'wrong', username: 'nobody' }))
    await expectError(gatewayOn(wrong).open(), 'unavailable', /refused the login.*Mend the user and password/)
    await client.call('acl', 'setuser', 'poor', 'on', '>secret', '~*', '+@all', '-zadd')
    const poor = newStorage(connect({ username: 'poor', password: 'secret' }))
    await expectError(gatewayOn(poor).open(), 'unavailable', /lacks a right.*It needs keys .* zadd/)
  })

  test('a replica', async () => {
    const storage = newStorage()
    await storage.open()
    await client.call('replicaof', '127.0.0.1', '1')
    await expectError(
      storage.commit([[{ op: 'add', key: 'q/a', by: 1 }]]),
      'unavailable',
      /read-only replica.*Connect to the primary/,
    )
    await client.call('replicaof', 'no', 'one')
  })

  test('a server that is gone; the gateway goes on by itself when it is back', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    await server.kill()
    expect(await codesAfter(gateway)).toEqual(['storage.unavailable'])
    await expectError(gatewayOn(newStorage(connect())).open(), 'unavailable', /does not answer.*Look whether the server runs/)
    await server.start()
    await expect.poll(() => codesAfter(gateway)).not.toContain('storage.unavailable')
  })
})

whereThereIs('postgresStorage tells the operator of', missingPostgres(), () => {
  let server: OwnServer
  let pool: pg.Pool
  const pools: pg.Pool[] = []
  const connect = (options: pg.PoolConfig = {}) => {
    const made = new pg.Pool({ connectionString: server.url, ...options })
    made.on('error', () => undefined)
    pools.push(made)
    return made
  }
  let count = 0
  const newStorage = (on = pool, migrate = true) => postgresStorage(on, { schema: `s${++count}`, migrate })

  beforeAll(async () => {
    server = await ownPostgres({ max_connections: '20' })
    pool = connect({ max: 2 })
  })
  afterAll(async () => {
    for (const one of pools) await one.end()
    await server.remove()
  })

  test('its guarantees, readable once it is open', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    expect({ ...gateway.storage.info }).toEqual({ engine: 'postgres', durable: 'power-loss', shared: 'network' })
    const careless = gatewayOn(newStorage(connect({ options: '-c synchronous_commit=off' })))
    await careless.open()
    expect(careless.storage.info.durable).toBe('none')
  })

  test('a schema that was dropped under a gateway that lives', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    await pool.query(`drop schema s${count} cascade`)
    expect(await codesAfter(gateway)).toEqual(['storage.wiped'])
    await expectError(gateway.system.snapshot(), 'wiped', /was dropped, emptied or replaced.*Restore it/)
    const restarted = postgresStorage(pool, { schema: `s${count}`, migrate: false })
    await expectError(gatewayOn(restarted).open(), 'unavailable', /There is no store.*run postgresMigration\(\) as its owner/)
  })

  test('a value that something else wrote', async () => {
    const storage = newStorage()
    await storage.open()
    await storage.commit([[{ op: 'put', key: 'x/1', value: 1 }]])
    await pool.query(`update s${count}.sendwarden_entries set value = '{oops' where key = 'x/1'`)
    const damaged = /x\/1 is not in the form sendwarden writes.*Restore a backup/
    await expectError(storage.read(['x/1']), 'corrupt', damaged)
    await expectError(storage.scan('x/', { limit: 1 }), 'corrupt', damaged)
    await expectError(storage.commit([[{ op: 'check', key: 'x/1', version: null }]]), 'corrupt', damaged)
  })

  test('clocks that differ', async () => {
    await expectError(gatewayOn(newStorage(), later(3000)).open(), 'clock_skew', SKEWED)
    await expectError(gatewayOn(newStorage(), later(-3000)).open(), 'clock_skew', SKEWED)
    await gatewayOn(newStorage(), later(1000)).open()
  })

  test('a clock that is set while the gateway runs, by which its counters would be over when they are written', async () => {
    await expectSkewWhenSet(newStorage())
  })

  test('a store of a newer version', async () => {
    await newStorage().open()
    await pool.query(`update s${count}.sendwarden_meta set format = 3`)
    const restarted = postgresStorage(pool, { schema: `s${count}` })
    await expectError(gatewayOn(restarted).open(), 'unavailable', /upgrade sendwarden/)
  })

  test('a role that may not make anything, which works once the store is there', async () => {
    await pool.query('create role app login')
    const url = new URL(server.url)
    url.username = 'app'
    const limited = connect({ connectionString: url.href })
    await expectError(gatewayOn(newStorage(limited)).open(), 'unavailable', /lacks a right.*run postgresMigration\(\).*grant/)
    await pool.query(postgresMigration(`s${count}`))
    await pool.query(`grant usage on schema s${count} to app;
      grant select, insert, update, delete on all tables in schema s${count} to app;
      grant usage on all sequences in schema s${count} to app`)
    await gatewayOn(postgresStorage(limited, { schema: `s${count}` })).open()
  })

  test('a user or a database that is not there', async () => {
    const url = new URL(server.url)
    url.username = 'nobody'
    const refused = /refused the login.*Mend user, password and database/
    await expectError(gatewayOn(newStorage(connect({ connectionString: url.href }))).open(), 'unavailable', refused)
    await expectError(
      gatewayOn(newStorage(connect({ database: 'none', connectionString: undefined, ...hostOf(server) }))).open(),
      'unavailable',
      refused,
    )
  })

  test('a server that may only be read', async () => {
    const reading = connect({ options: '-c default_transaction_read_only=on' })
    await newStorage().open()
    const storage = postgresStorage(reading, { schema: `s${count}` })
    await expectError(gatewayOn(storage).open(), 'unavailable', /read-only standby.*Connect to the primary/)
  })

  test('no connection left', async () => {
    const greedy = connect({ max: 30 })
    const held = await Promise.allSettled(Array.from({ length: 30 }, () => greedy.connect()))
    await expectError(newStorage(connect()).open(), 'unavailable', /no connection left.*Raise max_connections/)
    for (const one of held) if (one.status === 'fulfilled') one.value.release(true)
  })

  test('a server that is gone; the gateway goes on by itself when it is back', async () => {
    const gateway = gatewayOn(newStorage())
    await gateway.open()
    await server.kill()
    expect(await codesAfter(gateway)).toEqual(['storage.unavailable'])
    await expectError(gatewayOn(newStorage()).open(), 'unavailable', /does not answer.*Look whether the server runs/)
    await server.start()
    await expect.poll(() => codesAfter(gateway)).not.toContain('storage.unavailable')
  })
})

function hostOf({ port }: OwnServer): pg.PoolConfig {
  return { host: '127.0.0.1', port, user: 'postgres' }
}
