// A process that races for locks: told `race <dir> <time>` it opens at that time, says `won`, `refused` or what went wrong, and
// holds what it won until it is told `end`. With `careless` as its argument it locks as one should not: the control.
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { isStorageError } from '../../src/core/errors.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { send } from './ledger.js'

const careless = process.argv[2] === 'careless'

/** Wins with a function that ends it. */
async function race(dir: string): Promise<(() => Promise<void>) | undefined> {
  if (careless) return takeCarelessly(`${dir}/lock`) ? async () => {} : undefined
  const storage = fileStorage(dir)
  try {
    await storage.open()
    await storage.commit([send(String(process.pid), 1)])
    return () => storage.close()
  } catch (error) {
    if (isStorageError(error) && error.code === 'locked') return undefined
    throw error
  }
}

/** Looks whether the owner is gone, removes its lock, makes one: each step right, together a race. */
function takeCarelessly(path: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number }
    if (isAlive(pid)) return false
    unlinkSync(path)
  } catch {}
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid }), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

let end: (() => Promise<void>) | undefined
async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [, dir = '', at = '0'] = /^race (\S+) (\d+)$/.exec(line) ?? []
    if (dir === '') {
      await end?.()
      end = undefined
      process.stdout.write('ended\n')
      continue
    }
    while (Date.now() < Number(at));
    try {
      end = await race(dir)
      process.stdout.write(end === undefined ? 'refused\n' : 'won\n')
    } catch (error) {
      process.stdout.write(`failed ${String(error)}\n`)
    }
  }
}

void main()
