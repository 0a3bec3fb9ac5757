import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { isStorageError } from '../../src/core/errors.js'
import { type FileStorageOptions, fileStorage } from '../../src/storage/file/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { commitOne, describeStorage } from './contract.js'

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

  test('an interrupted write at the end is cut off and reported', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    const journal = join(dir, lastJournal(dir))
    truncateSync(journal, readFileSync(journal).length - 5)
    const storage = fileStorage(dir)
    await storage.open()
    expect(storage.recovery()).toMatchObject({ commits: 2, quarantined: [] })
    expect(storage.recovery()?.tornBytes).toBeGreaterThan(50)
    expect(await countOf(storage)).toBe(2)
    await storage.close()
  })

  test('a journal cut at any byte opens with what stood before the cut', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 4)).close()
    const files = snapshotOf(dir)
    const name = lastJournal(dir)
    const whole = files.get(name) ?? Buffer.alloc(0)
    for (let length = 0; length < whole.length; length++) {
      restore(dir, files)
      truncateSync(join(dir, name), length)
      const lines = whole.subarray(0, length).filter((byte) => byte === 10).length
      const found = await countAfterOpen(dir)
      // Before the first line is whole, the only journal has no beginning: that is refused.
      expect(found).toBe(lines === 0 ? 'corrupt' : lines - 1)
    }
  })

  test('a flipped byte anywhere leaves the exact state or a refusal, never a lower counter', async () => {
    const dir = freshDir()
    await (await storeWith(dir, 3)).close()
    const second = await storeWith(dir, 3, { snapshotEvery: 100 })
    await settled(dir, 'snapshot.prev.json')
    await second.close()
    const files = snapshotOf(dir)
    const outcomes = { exact: 0, refused: 0 }
    for (const [name, data] of files) {
      for (let at = 0; at < data.length; at++) {
        restore(dir, files)
        const flipped = Buffer.from(data)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
        writeFileSync(join(dir, name), flipped)
        const found = await countAfterOpen(dir)
        if (found === 6) outcomes.exact++
        else if (found === 'corrupt') outcomes.refused++
        else expect.fail(`${name} byte ${at}: the counter is ${found}`)
      }
    }
    expect(outcomes.exact).toBeGreaterThan(0)
    expect(outcomes.refused).toBeGreaterThan(0)
  })

  test('a damaged snapshot is moved aside and the state rebuilt from the former one', async () => {
    const dir = freshDir()
    const storage = await storeWith(dir, 8, { snapshotEvery: 100 })
    await settled(dir, 'snapshot.prev.json')
    await storage.close()
    writeFileSync(join(dir, 'snapshot.json'), 'garbage')
    const again = fileStorage(dir)
    await again.open()
    expect(await countOf(again)).toBe(8)
    expect(again.recovery()?.quarantined[0]).toMatch(/^snapshot\.json\.corrupt-/)
    await again.close()
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
    const before = await countOf(storage)
    const acknowledged = child.acknowledged().length
    child.process.kill('SIGCONT')
    await child.ended
    expect(child.lines().at(-1)).toMatch(/^threw /)
    // What was in the pipe when it was stopped had been acknowledged before; nothing came after.
    expect(child.acknowledged().length).toBeLessThanOrEqual(Math.max(before, acknowledged))
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

async function countAfterOpen(dir: string): Promise<number | string> {
  const storage = fileStorage(dir)
  try {
    await storage.open()
  } catch (error) {
    return isStorageError(error) ? error.code : String(error)
  }
  const count = await countOf(storage)
  await storage.close()
  return count
}

/** A snapshot is written beside the commits: looks until the file is there. */
async function settled(dir: string, name: string): Promise<void> {
  while (!readdirSync(dir).includes(name)) await new Promise((resolve) => setImmediate(resolve))
}

function lastJournal(dir: string): string {
  return (
    readdirSync(dir)
      .filter((name) => name.startsWith('journal-'))
      .sort()
      .at(-1) ?? ''
  )
}

function snapshotOf(dir: string): Map<string, Buffer> {
  return new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]))
}

function restore(dir: string, files: ReadonlyMap<string, Buffer>): void {
  for (const name of readdirSync(dir)) unlinkSync(join(dir, name))
  for (const [name, data] of files) writeFileSync(join(dir, name), data)
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => isStorageError(error) && error.code === code
}
