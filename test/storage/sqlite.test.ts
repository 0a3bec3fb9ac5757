import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { isStorageError, type StorageErrorCode } from '../../src/core/errors.js'
import type { Op } from '../../src/core/storage-ops.js'
import { type SqliteDatabase, type SqliteStorageOptions, sqliteStorage } from '../../src/storage/sqlite/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { commitOne, describeStorage, testClock } from './contract.js'
import type { Handle, SqliteDriver } from './sqlite-drivers.js'
import { driversOrSkip } from './sqlite-or-skip.js'

const root = mkdtempSync(join(tmpdir(), 'sqlite-storage-'))
let made = 0
const newFile = () => join(root, `${++made}.db`)
const ending: (() => unknown)[] = []
afterEach(() => {
  for (const end of ending.splice(0)) end()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const drivers = await driversOrSkip()
for (const driver of drivers) {
  describeStorage(`sqliteStorage on ${driver.name}`, async (clock) => {
    const file = newFile()
    let db = driver.open(file)
    let storage = sqliteStorage(db, { clock })
    return {
      storage,
      clock,
      async reopen() {
        await storage.close()
        db.close()
        db = driver.open(file)
        storage = sqliteStorage(db, { clock })
        return storage
      },
      async dispose() {
        await storage.close()
        db.close()
      },
    }
  })
  describe(`sqliteStorage on ${driver.name}`, () => testSqlite(driver))
}

test('a SQLite whose write-ahead log could damage the file is refused, and says why (a stand-in that reports 3.45.1)', async () => {
  const old: SqliteDatabase = {
    exec: () => expect.fail('the file was touched'),
    prepare: () => ({ get: () => ({ version: '3.45.1' }), all: () => [], run: () => undefined }),
  }
  await expect(sqliteStorage(old).open()).rejects.toThrow(/SQLite 3\.45\.1.*needs 3\.51\.3.*WAL-reset bug/)
})

function testSqlite(driver: SqliteDriver): void {
  /** Another process's handle. */
  function handle(file: string, options?: { readonly readonly?: boolean }): Handle {
    const db = driver.open(file, options)
    ending.push(() => db.close())
    return db
  }

  async function opened(db: SqliteDatabase = handle(newFile()), options: SqliteStorageOptions = {}): Promise<Storage> {
    const storage = sqliteStorage(db, options)
    await storage.open()
    return storage
  }

  const add = (storage: Storage, key = 'q/a') => commitOne(storage, [{ op: 'add', key, by: 1 }])
  const countOf = async (storage: Storage, key = 'q/a') => (await storage.read([key]))[0]?.count

  describe('opening', () => {
    test('ten processes that open a new file at once make one store', async () => {
      const file = newFile()
      const lines = await Promise.all(Array.from({ length: 10 }, () => firstLine(file)))
      expect(lines[0]).toMatch(/^open [0-9a-f-]{36}$/)
      expect(new Set(lines).size).toBe(1)
    })

    test('a database with tables of yours may hold the store, and the handle stays open', async () => {
      const db = handle(newFile())
      db.exec('create table mine (id integer); insert into mine values (7)')
      const storage = await opened(db)
      await add(storage)
      await storage.close()
      expect({ ...(db.prepare('select id from mine').get() as object) }).toEqual({ id: 7 })
      expect(await countOf(await opened(db))).toBe(1)
    })

    test('a database in memory or a temporary one is refused: nobody could share it', async () => {
      for (const name of [':memory:', '']) await expect(opened(handle(name))).rejects.toThrow(/memoryStorage/)
    })

    test('a handle that can only read is refused, with a store in the file and without', async () => {
      const [empty, full] = [newFile(), newFile()]
      handle(empty).exec('create table mine (id integer)')
      await opened(handle(full))
      for (const file of [empty, full]) await expect(opened(handle(file, { readonly: true }))).rejects.toThrow(/can only be read/)
    })

    test('create: false refuses a file without a store and takes one with it', async () => {
      const file = newFile()
      await expect(opened(handle(file), { create: false })).rejects.toSatisfy(hasCode('wiped'))
      await opened(handle(file))
      await opened(handle(file), { create: false })
    })

    test('a store written by a newer version is refused', async () => {
      const db = handle(newFile())
      await opened(db)
      db.exec(`update sendwarden_entries set value = '2' || substr(value, 2) where key = ''`)
      await expect(opened(db)).rejects.toThrow(/data format 2, and this version of sendwarden knows 1/)
    })

    test('a file that is no database is told as corrupt', async () => {
      const file = newFile()
      writeFileSync(file, 'limits, approvals and the audit'.repeat(100))
      await expect(opened(handle(file))).rejects.toSatisfy(hasCode('corrupt'))
    })

    test('settings that do not take effect are refused: a promise would rest on them', async () => {
      for (const [pragma, answer] of [
        ['journal_mode = wal', { journal_mode: 'delete' }],
        ['synchronous', { synchronous: 1 }],
        ['locking_mode', { locking_mode: 'exclusive' }],
      ] as const) {
        const stubborn = answering(handle(newFile()), (sql, run) => (sql === `pragma ${pragma}` ? answer : run()))
        await expect(opened(stubborn)).rejects.toThrow(/nothing could be promised/)
      }
    })

    test('a handle in a transaction of its owner is refused, and the transaction is left alone', async () => {
      const db = handle(newFile())
      const storage = await opened(db)
      db.exec('create table mine (id integer); begin; insert into mine values (7)')
      await expect(add(storage)).rejects.toThrow(/handle of its own/)
      await expect(storage.read(['q/a'])).rejects.toThrow(/handle of its own/)
      await expect(opened(db)).rejects.toThrow(/handle of its own/)
      db.exec('commit')
      expect(db.prepare('select id from mine').all()).toHaveLength(1)
    })
  })

  describe('a commit', () => {
    test('shares its transaction with everybody who waits at the same time', async () => {
      let commits = 0
      const storage = await opened(
        answering(handle(newFile()), (sql, run) => {
          if (sql === 'commit') commits++
          return run()
        }),
      )
      commits = 0
      const take: Op = { op: 'add', key: 'q/a', by: 1, max: 60 }
      const results = await Promise.all(Array.from({ length: 100 }, () => commitOne(storage, [take])))
      expect(results.filter(({ ok }) => ok)).toHaveLength(60)
      expect(commits).toBeLessThanOrEqual(2)
    })

    test('writes nothing and flushes nothing when all its batches are refused', async () => {
      const file = newFile()
      const ran: string[] = []
      const storage = await opened(
        answering(handle(file), (sql, run) => {
          ran.push(sql)
          return run()
        }),
      )
      await add(storage)
      const before = statSync(`${file}-wal`)
      ran.length = 0
      const full: Op = { op: 'add', key: 'q/a', by: 1, max: 1 }
      expect(await storage.commit([[full], [full]])).toMatchObject([{ ok: false }, { ok: false }])
      expect(ran.filter((sql) => /^(commit|insert|update|delete)/.test(sql))).toEqual([])
      expect(statSync(`${file}-wal`).mtimeMs).toBe(before.mtimeMs)
    })

    test('sees what others wrote, of this handle and of another', async () => {
      const file = newFile()
      const [db, other] = [handle(file), handle(file)]
      const [first, second] = [await opened(db), await opened(other)]
      const third = await opened(db)
      for (const storage of [first, second, third, second, first]) await add(storage)
      db.exec(`update sendwarden_entries set count = 9 where key = 'q/a'`)
      for (const storage of [first, second, third]) {
        const refused = await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1, max: 9 }])
        expect(refused).toMatchObject({ ok: false, found: { count: 9 } })
      }
    })

    test('sees in a rolling window what another handle has added to one of its parts', async () => {
      const file = newFile()
      const [first, second] = [await opened(handle(file)), await opened(handle(file))]
      const plus = Object.freeze([['q/1', 1] as const])
      const take: Op = { op: 'add', key: 'q/2', by: 1, max: 3, plus }
      expect((await commitOne(first, [take])).ok).toBe(true)
      await commitOne(second, [{ op: 'add', key: 'q/1', by: 2 }])
      expect((await commitOne(first, [take])).ok).toBe(false)
    })

    test('looks again at a list of parts that was changed', async () => {
      const file = newFile()
      await commitOne(await opened(handle(file)), [{ op: 'add', key: 'q/3', by: 2 }])
      const storage = await opened(handle(file))
      const plus: [string, number][] = [['q/1', 1]]
      const take: Op = { op: 'add', key: 'q/2', by: 1, max: 3, plus }
      expect((await commitOne(storage, [take])).ok).toBe(true)
      plus.push(['q/3', 1])
      expect((await commitOne(storage, [take])).ok).toBe(false)
    })

    test.each([[{ code: 'SQLITE_IOERR_WRITE' }], [{ code: 'ERR_SQLITE_ERROR', errcode: 778 }]])(
      'that could not be written (%o) is forgotten: a later one is judged by what is in the file',
      async (fields) => {
        let broken = false
        const storage = await opened(
          answering(handle(newFile()), (sql, run) => {
            if (broken && sql.startsWith('insert')) throw Object.assign(new Error('disk I/O error'), fields)
            return run()
          }),
        )
        await add(storage)
        broken = true
        await expect(add(storage)).rejects.toThrow(/disk of .* failed.*Nothing was written/)
        broken = false
        expect(await commitOne(storage, [{ op: 'add', key: 'q/a', by: 1, max: 2 }])).toMatchObject({ ok: true })
        expect(await countOf(storage)).toBe(2)
      },
    )

    test('on a full disk is refused as a whole, and goes on when there is room', async () => {
      const db = handle(newFile())
      const storage = await opened(db)
      const big: Op[] = [
        { op: 'add', key: 'q/a', by: 1 },
        { op: 'put', key: 'x/1', value: 'x'.repeat(100_000) },
      ]
      db.exec('pragma max_page_count = 10')
      const full = await storage.commit([big]).catch((error: unknown) => error)
      expect(full).toSatisfy(hasCode('unavailable'))
      expect(String(full)).toMatch(/is full.*Nothing was written/)
      expect(await storage.read(['q/a', 'x/1'])).toEqual([null, null])
      db.exec('pragma max_page_count = 10000')
      expect(await commitOne(storage, big)).toMatchObject({ ok: true })
    })

    test.each([
      ['after it took effect', true, { code: 'SQLITE_IOERR_FSYNC' }, 'unknown_outcome'],
      ['before it took effect', false, { code: 'ERR_SQLITE_ERROR', errcode: 1034 }, 'unknown_outcome'],
      ['because the disk is full', false, { code: 'SQLITE_FULL' }, 'unavailable'],
      ['because the disk is full (node:sqlite)', false, { code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'unavailable'],
    ] as const)('whose COMMIT failed %s: the unique key tells', async (_, lands, fields, code) => {
      let broken = false
      const storage = await opened(
        answering(handle(newFile()), (sql, run) => {
          if (!broken || sql !== 'commit') return run()
          broken = false
          if (lands) run()
          throw Object.assign(new Error('failed'), fields)
        }),
      )
      broken = true
      const batch: Op[] = [
        { op: 'put', key: 'idem/1', value: 'me', version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      await expect(commitOne(storage, batch)).rejects.toSatisfy(hasCode(code))
      expect((await storage.read(['idem/1']))[0]?.value).toBe(lands ? 'me' : undefined)
      expect((await commitOne(storage, batch)).ok).toBe(!lands)
      expect(await countOf(storage)).toBe(1)
    })

    test('waits for the lock with the event loop free, is told as locked in the end, and nothing was written', async () => {
      const file = newFile()
      const storage = await opened(handle(file), { timeoutMs: 400 })
      const blocker = handle(file)
      blocker.exec('begin immediate')
      let turns = 0
      const counting = setInterval(() => turns++, 1)
      await expect(add(storage)).rejects.toSatisfy(hasCode('locked'))
      clearInterval(counting)
      expect(turns).toBeGreaterThan(0)
      expect(await countOf(storage)).toBeUndefined()
      const waiting = add(storage)
      blocker.exec('rollback')
      expect(await waiting).toMatchObject({ ok: true })
    })

    test('carries strange texts and counts up to 2^53 - 1, also where the handle gives bigints', async () => {
      const storage = await opened(withBigints(handle(newFile())))
      const value = { nul: '\u0000', lone: '\ud800', '': '\\u0000', __proto: ['"', "'"] }
      await commitOne(storage, [{ op: 'put', key: 'x/\'"\\$1', value, expiresAt: 4e12 + 0.5 }])
      expect(await storage.read(['x/\'"\\$1'])).toMatchObject([{ value, expiresAt: 4e12 + 0.5, version: '1' }])
      await commitOne(storage, [{ op: 'add', key: 'q/a', by: Number.MAX_SAFE_INTEGER - 1 }])
      await add(storage)
      expect(await add(storage)).toMatchObject({ ok: false, found: { count: Number.MAX_SAFE_INTEGER } })
      expect(await countOf(storage)).toBe(Number.MAX_SAFE_INTEGER)
    })

    test('sweeps what has expired, a few rows at a time', async () => {
      const clock = testClock()
      const db = handle(newFile())
      const storage = await opened(db, { clock })
      const expiresAt = clock.now() + 1000
      await storage.commit(Array.from({ length: 400 }, (_, n): Op[] => [{ op: 'put', key: `x/${n}`, value: n, expiresAt }]))
      clock.advance(1000)
      const left = () => db.prepare(`select 1 from sendwarden_entries where key like 'x/%'`).all().length
      for (let i = 0; i < 32; i++) await add(storage)
      expect(left()).toBe(400 - 256)
      for (let i = 0; i < 32; i++) await add(storage)
      expect(left()).toBe(0)
    })
  })

  describe('a store that is lost while it is in use', () => {
    const older = (file: string) => copyFileSync(file, `${file}.old`)
    test.each<[string, (file: string, other: Handle) => unknown]>([
      ['dropped', (_, other) => other.exec('drop table sendwarden_entries')],
      ['emptied', (_, other) => other.exec('delete from sendwarden_entries')],
      [
        'replaced by a new one in the same file',
        async (_, other) => {
          other.exec('drop table sendwarden_entries')
          await opened(other)
        },
      ],
      ['put back to an earlier state', (_, other) => other.exec(`update sendwarden_entries set version = 1 where key = ''`)],
      ['deleted with its file', (file) => rmSync(file)],
      ['deleted with its write-ahead log', (file) => rmSync(`${file}-wal`)],
      [
        'replaced by another file',
        (file) => {
          older(file)
          renameSync(`${file}.old`, file)
        },
      ],
    ])('because it was %s is told as wiped by every call', async (_, lose) => {
      const file = newFile()
      const storage = await opened(handle(file))
      await add(storage)
      await add(storage)
      await lose(file, handle(file))
      await expect(add(storage)).rejects.toSatisfy(hasCode('wiped'))
      await expect(storage.read(['q/a'])).rejects.toSatisfy(hasCode('wiped'))
      await expect(storage.scan('', { limit: 1 })).rejects.toSatisfy(hasCode('wiped'))
    })

    test('an emptied one is not opened as if it were new', async () => {
      const db = handle(newFile())
      await opened(db)
      db.exec('delete from sendwarden_entries')
      await expect(opened(db)).rejects.toSatisfy(hasCode('wiped'))
    })

    test('a damaged page is told as corrupt', async () => {
      const file = newFile()
      const db = driver.open(file)
      const storage = sqliteStorage(db)
      await storage.open()
      await storage.commit(Array.from({ length: 200 }, (_, n): Op[] => [{ op: 'put', key: `x/${n}`, value: 'x'.repeat(500) }]))
      db.close()
      const bytes = readFileSync(file)
      // All but the first page, which holds the header and the schema.
      writeFileSync(file, bytes.fill(0xab, 4096))
      await expect(opened(handle(file))).rejects.toSatisfy(hasCode('corrupt'))
    })
  })

  describe('a process that is killed', () => {
    test('in the middle of writing loses nothing that it acknowledged, and every batch is there whole or not at all', async () => {
      const file = newFile()
      const acknowledged: string[] = []
      for (let life = 0; life < 3; life++) acknowledged.push(...(await writeUntilKilled(file, 200)))
      const storage = await opened(handle(file))
      const there = new Set((await storage.scan('idem/', { limit: 1e6 })).map(({ key }) => key))
      expect(acknowledged.length).toBeGreaterThanOrEqual(600)
      expect(acknowledged.filter((id) => !there.has(`idem/${id}`))).toEqual([])
      expect(await storage.read(['q/month', 'q/day'])).toMatchObject([{ count: there.size }, { count: there.size }])
      await add(storage)
    })

    test('does not hold up the others', async () => {
      const file = newFile()
      const storage = await opened(handle(file))
      const [acknowledged] = await Promise.all([
        writeUntilKilled(file, 100),
        Promise.all(Array.from({ length: 50 }, () => add(storage, 'q/mine'))),
      ])
      await add(storage, 'q/mine')
      expect(await countOf(storage, 'q/mine')).toBe(51)
      expect(await countOf(storage, 'q/month')).toBeGreaterThanOrEqual(acknowledged.length)
    })
  })
}

function child(file: string, task: 'open' | 'write') {
  const script = fileURLToPath(new URL('./sqlite-child.ts', import.meta.url))
  const process_ = spawn(process.execPath, ['--import', 'tsx', script, file, task], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { process: process_, lines: createInterface({ input: process_.stdout }) }
}

async function firstLine(file: string): Promise<string> {
  for await (const line of child(file, 'open').lines) return line
  throw new Error('The process said nothing.')
}

/** Kills a writing process with -9 after so many acknowledgements; what it said until then. */
async function writeUntilKilled(file: string, after: number): Promise<string[]> {
  const { process, lines } = child(file, 'write')
  const said: string[] = []
  for await (const line of lines) {
    const id = /^ack (.*)$/.exec(line)?.[1]
    if (id !== undefined) said.push(id)
    if (said.length === after) process.kill('SIGKILL')
  }
  return said
}

/** The same handle, with somebody between it and each statement that is run. */
function answering(db: SqliteDatabase, between: (sql: string, run: () => unknown) => unknown): SqliteDatabase {
  return {
    exec: (sql) => between(sql, () => db.exec(sql)),
    prepare(sql) {
      const statement = db.prepare(sql)
      return {
        run: (...values) => between(sql, () => statement.run(...values)),
        get: (...values) => between(sql, () => statement.get(...values)),
        all: (...values) => {
          const rows = between(sql, () => statement.all(...values))
          return Array.isArray(rows) ? rows : []
        },
      }
    },
  }
}

/** The same handle, giving whole numbers as bigints, which both drivers can be told to do. */
function withBigints(db: SqliteDatabase): SqliteDatabase {
  const big = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(big)
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, big(field)]))
  }
  return answering(db, (_, run) => big(run()))
}

function hasCode(code: StorageErrorCode): (error: unknown) => boolean {
  return (error) => isStorageError(error) && error.code === code
}
