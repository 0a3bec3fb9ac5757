import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { isStorageError } from '../../src/core/errors.js'
import { type FileStorageOptions, fileStorage } from '../../src/storage/file/index.js'
import { encodeRecord } from '../../src/storage/file/record.js'
import type { Storage } from '../../src/storage/storage.js'
import { commitOne, describeStorage } from './contract.js'
import { createFakeFs, type FakeFs } from './fake-fs.js'

const root = mkdtempSync(join(tmpdir(), 'file-storage-'))
let made = 0
const freshDir = () => join(root, String(++made))
afterAll(() => rmSync(root, { recursive: true, force: true }))

for (const snapshotEvery of [16 * 1024 * 1024, 300]) {
  describeStorage(`fileStorage (snapshot every ${snapshotEvery} bytes)`, async (clock) => {
    const dir = freshDir()
    let storage = await openStore(dir, { clock, snapshotEvery })
    return {
      storage,
      clock,
      async reopen() {
        await storage.close()
        storage = await openStore(dir, { clock, snapshotEvery })
        return storage
      },
      dispose: () => storage.close(),
    }
  })
}

describe('fileStorage', () => {
  test('refuses a directory whose data is gone, instead of starting with limits forgotten', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    for (const name of readdirSync(dir)) if (name !== 'store.json') unlinkSync(join(dir, name))
    await expect(openStore(dir)).rejects.toSatisfy(hasCode('corrupt'))
  })

  test('refuses when the newest journal is gone', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    await (await storeWith(dir, 3)).close()
    unlinkSync(join(dir, lastJournal(dir)))
    await expect(openStore(dir)).rejects.toSatisfy(hasCode('corrupt'))
  })

  test('create: false refuses a directory that was never used', async () => {
    await expect(openStore(freshDir(), { create: false })).rejects.toSatisfy(hasCode('wiped'))
  })

  test('the incarnation stays the same over restarts', async () => {
    const dir = freshDir()
    const first = fileStorage(dir)
    const { incarnation } = await first.open()
    await first.close()
    const second = fileStorage(dir)
    expect(await second.open()).toEqual({ incarnation })
    await second.close()
  })

  test('an interrupted write at the end is reported and not read', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    const path = join(dir, lastJournal(dir))
    const journal = readFileSync(path)
    const end = journal.lastIndexOf('\n') + 1
    writeFileSync(path, journal.fill(0, end - 5, end))
    const storage = fileStorage(dir)
    await storage.open()
    expect(storage.recovery()).toMatchObject({ commits: 2, quarantined: [] })
    expect(storage.recovery()?.tornBytes).toBeGreaterThan(20)
    expect(await countOf(storage)).toBe(2)
    await storage.close()
  })

  test('a journal cut between two records is refused, not taken for an earlier state', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    const path = join(dir, lastJournal(dir))
    const journal = readFileSync(path)
    truncateSync(path, journal.lastIndexOf('\n', journal.lastIndexOf('\n') - 1) + 1)
    await expect(openStore(dir)).rejects.toSatisfy(hasCode('corrupt'))
  })

  test('zeros where records stood, with records after them, are not taken for an interrupted write', async () => {
    const fs = createFakeFs()
    const storage = await openStore('/store', { fs })
    for (let n = 0; n < 4; n++) await commitOne(storage, [{ op: 'put', key: 'v', value: 'x'.repeat(2000) }])
    await storage.close()
    const files = fs.snapshot()
    const journal = Buffer.from(files.get('/store/journal-00000001.log') ?? Buffer.alloc(0))
    expect(await countIn(fs, files.set('/store/journal-00000001.log', journal.fill(0, 1024, 2048)))).toBe('corrupt')
  })

  test('a store in the format of another version is refused and left as it is', async () => {
    const fs = createFakeFs()
    await (await storeWith('/store', 1, { fs })).close()
    const files = fs.snapshot().set('/store/store.json', encodeRecord(JSON.stringify({ format: 9, incarnation: 'x' })))
    expect(await countIn(fs, files)).toBe('unavailable')
    expect(fs.snapshot().get('/store/journal-00000001.log')).toEqual(files.get('/store/journal-00000001.log'))
  })

  test('a damaged snapshot is moved aside and the state rebuilt from the former one', async () => {
    const { fs, files, count } = await twoSnapshots()
    fs.restore(new Map(files).set('/store/snapshot.json', Buffer.from('garbage')))
    const storage = fileStorage('/store', { fs })
    await storage.open()
    expect(await countOf(storage)).toBe(count)
    expect(storage.recovery()?.quarantined[0]).toMatch(/^snapshot\.json\.corrupt-/)
    await storage.close()
  })

  test('journals that end before what the snapshot has seen are refused', async () => {
    const fs = createFakeFs()
    const storage = await openStore('/store', { fs, snapshotEvery: 200 })
    while (!fs.files.has('/store/snapshot.json')) await addOne(storage)
    await storage.close()
    const [, , body = ''] = (fs.snapshot().get('/store/snapshot.json') ?? '').toString().split(' ')
    const manifest = JSON.parse(body) as { sequence: number; seen: number; journal: number }
    expect(manifest.seen).toBeGreaterThan(manifest.sequence)
    const name = `/store/journal-${String(manifest.journal).padStart(8, '0')}.log`
    const journal = fs.snapshot().get(name) ?? Buffer.alloc(0)
    expect(await countIn(fs, fs.snapshot().set(name, Buffer.from(journal).fill(0, 512)))).toBe('corrupt')
  })

  test('a snapshot that did not arrive whole never counts, and the journals it was to replace stay', async () => {
    const fs = createFakeFs()
    const failures: unknown[] = []
    await (await storeWith('/store', 1, { fs })).close()
    const halving = { ...fs, replace: (path: string, data: Buffer) => fs.replace(path, data.subarray(0, data.length >> 1)) }
    const options = { fs: halving, snapshotEvery: 200, onSnapshotFailure: (error: unknown) => failures.push(error) }
    const storage = await openStore('/store', options)
    let count = 1
    for (; failures.length < 3 && count < 100; count++) await addOne(storage)
    await storage.close()
    expect(failures).toHaveLength(3)
    expect(await countIn(fs, fs.snapshot())).toBe(count)
  })

  test('readOnly looks without the lock and cannot write', async () => {
    const dir = freshDir()
    const owner = await storeWith(dir, 3)
    const reader = await openStore(dir, { readOnly: true })
    expect(await countOf(reader)).toBe(3)
    await expect(addOne(reader)).rejects.toSatisfy(hasCode('invalid'))
    await owner.close()
  })

  test('an owner that lost its lock acknowledges nothing, and its late write is not read', async () => {
    const dir = freshDir()
    const stopped = await storeWith(dir, 2)
    unlinkSync(join(dir, 'lock'))
    const owner = await storeWith(dir, 1)
    await expect(addOne(stopped)).rejects.toSatisfy(hasCode('unknown_outcome'))
    await expect(addOne(stopped)).rejects.toSatisfy(hasCode('locked'))
    await addOne(owner)
    await stopped.close()
    await expect(openStore(dir)).rejects.toSatisfy(hasCode('locked'))
    await owner.close()
    expect(await countAfterOpen(dir)).toBe(4)
  })
})

test('an owner whose directory was deleted says so', async () => {
  const dir = freshDir()
  const storage = await storeWith(dir, 1)
  rmSync(dir, { recursive: true })
  await expect(addOne(storage)).rejects.toSatisfy(hasCode('unknown_outcome'))
  await expect(addOne(storage)).rejects.toThrow(/directory was deleted or moved/)
  await storage.close()
})

describe('fileStorage between processes', () => {
  test('a second process is refused and told who holds the directory', async () => {
    const dir = freshDir()
    const storage = await openStore(dir)
    const said = await (await startChild(dir)).firstLine
    expect(said).toMatch(new RegExp(`^refused .*process ${process.pid} on .*readOnly`))
    await storage.close()
  })

  test('kill -9 in the middle of writes loses nothing that was acknowledged', { timeout: 60_000 }, async () => {
    const dirs = [freshDir(), freshDir()]
    const kills = await Promise.all(dirs.map((dir) => killLoop(dir, 10)))
    expect(kills.flat().every((acknowledged) => acknowledged > 0)).toBe(true)
  })

  test('a stopped owner whose lock was taken is fenced when it goes on', async () => {
    const dir = freshDir()
    const child = startChild(dir)
    await child.firstLine
    child.process.kill('SIGSTOP')
    unlinkSync(join(dir, 'lock'))
    const storage = await openStore(dir)
    // The counter the child adds to: what it was told before it was stopped, whether or not we have read it yet.
    const [counted] = await storage.read(['q/month'])
    child.process.kill('SIGCONT')
    await child.ended
    expect(child.lines().at(-1)).toMatch(/^threw /)
    expect(child.acknowledged().length).toBeLessThanOrEqual(counted?.count ?? 0)
    await storage.close()
  })
})

/** Kills a writing child again and again; after each, everything acknowledged must be there. Gives acknowledgements per life. */
async function killLoop(dir: string, times: number): Promise<number[]> {
  const acknowledged: string[] = []
  const perLife: number[] = []
  for (let i = 0; i < times; i++) {
    const child = startChild(dir, 20_000)
    expect(await child.firstLine).toBe('open')
    await child.enough(20 + 40 * i)
    child.process.kill('SIGKILL')
    await child.ended
    acknowledged.push(...child.acknowledged())
    perLife.push(child.acknowledged().length)
    const storage = await openStore(dir)
    const [month, day] = await storage.read(['q/month', 'q/day'])
    expect(month?.count).toBe(day?.count)
    expect(month?.count).toBeGreaterThanOrEqual(acknowledged.length)
    const kept = await storage.read(acknowledged.map((id) => `idem/${id}`))
    expect(kept.filter((entry) => entry === null)).toEqual([])
    await storage.close()
  }
  return perLife
}

interface Child {
  readonly process: ChildProcess
  readonly firstLine: Promise<string>
  readonly ended: Promise<void>
  lines(): string[]
  acknowledged(): string[]
  /** Resolves once this many acknowledgements were heard. */
  enough(count: number): Promise<void>
}

function startChild(dir: string, snapshotEvery = 16 * 1024 * 1024): Child {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir, String(snapshotEvery)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let heard = ''
  let listen = () => {}
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    listen()
  })
  const lines = () => heard.split('\n').slice(0, -1)
  const acknowledged = () => lines().flatMap((line) => (line.startsWith('ack ') ? [line.slice(4)] : []))
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const until = (ready: () => boolean) =>
    Promise.race([
      ended,
      new Promise<void>((resolve) => {
        listen = () => {
          if (ready()) resolve()
        }
        listen()
      }),
    ])
  return {
    process: child,
    firstLine: until(() => lines().length > 0).then(() => lines()[0] ?? ''),
    ended,
    lines,
    acknowledged,
    enough: (count) => until(() => acknowledged().length >= count),
  }
}

async function openStore(dir: string, options: FileStorageOptions = {}): Promise<Storage> {
  const storage = fileStorage(dir, options)
  await storage.open()
  return storage
}

/** Opens a store and counts to `commits` there, one commit each. */
async function storeWith(dir: string, commits: number, options: FileStorageOptions = {}): Promise<Storage> {
  const storage = await openStore(dir, options)
  for (let i = 0; i < commits; i++) await addOne(storage)
  return storage
}

const addOne = (storage: Storage) => commitOne(storage, [{ op: 'add', key: 'q/a', by: 1 }])

async function countOf(storage: Storage): Promise<number> {
  const [entry] = await storage.read(['q/a'])
  return entry?.count ?? 0
}

async function countAfterOpen(dir: string, options: FileStorageOptions = {}): Promise<number | string> {
  const storage = fileStorage(dir, options)
  try {
    await storage.open()
  } catch (error) {
    return isStorageError(error) ? error.code : String(error)
  }
  const count = await countOf(storage)
  await storage.close()
  return count
}

/** A store in memory that has both snapshots and commits after them, cleanly closed. */
async function twoSnapshots(): Promise<{ fs: FakeFs; files: Map<string, Buffer>; count: number }> {
  const fs = createFakeFs()
  const storage = await openStore('/store', { fs, snapshotEvery: 200 })
  let count = 0
  for (let more = 6; more > 0; ) {
    await addOne(storage)
    count++
    if (fs.files.has('/store/snapshot.prev.json')) more--
  }
  await storage.close()
  // And a journal with commits that no snapshot has seen.
  await (await storeWith('/store', 3, { fs })).close()
  return { fs, files: fs.snapshot(), count: count + 3 }
}

/** Opens a store that consists of these files. */
async function countIn(fs: FakeFs, files: ReadonlyMap<string, Buffer>): Promise<number | string> {
  fs.restore(files)
  return await countAfterOpen('/store', { fs })
}

function lastJournal(dir: string): string {
  return (
    readdirSync(dir)
      .filter((name) => name.startsWith('journal-'))
      .sort()
      .at(-1) ?? ''
  )
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => isStorageError(error) && error.code === code
}
