import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isStorageError } from '../../src/core/errors.js'
import { type FileStorageOptions, fileStorage } from '../../src/storage/file/index.js'
import { cannotMount } from '../prove/full-disk.js'
import { createFakeFs } from './fake-fs.js'

const root = mkdtempSync(join(tmpdir(), 'file-errors-'))
chmodSync(root, 0o755)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const NOBODY = 65_534

/** What opening a directory is refused with. */
async function refusal(dir: string, options: FileStorageOptions = {}): Promise<string> {
  const storage = fileStorage(dir, options)
  try {
    await storage.open()
    return 'opened'
  } catch (error) {
    return isStorageError(error) ? `${error.code}: ${error.message}` : `not a StorageError: ${String(error)}`
  } finally {
    await storage.close()
  }
}

test.runIf(process.platform === 'linux')('a folder that can never be made is refused, not tried for ever', async () => {
  expect(await refusal('/proc/sendwarden/store')).toMatch(/^unavailable: \/proc\/sendwarden\/store .*ENOENT.*Name another/)
})

test('a folder below a file, or a file in its place, is refused and says so', async () => {
  const file = join(root, 'file')
  writeFileSync(file, 'mine')
  for (const dir of [file, join(file, 'store'), join(file, 'deep', 'store')])
    expect(await refusal(dir)).toMatch(/^unavailable: .*A file stands where a folder is needed/)
})

test('a folder without the right to write there is refused and says whose right is missing', async () => {
  const dir = join(root, 'not-mine')
  mkdirSync(dir)
  chmodSync(dir, 0o555)
  const asRoot = process.geteuid?.() === 0
  if (asRoot) process.seteuid?.(NOBODY)
  try {
    expect(await refusal(dir)).toMatch(/^unavailable: .*EACCES.*needs the right to read and write there/)
    expect(await refusal(join(dir, 'below'))).toMatch(/^unavailable: .*EACCES.*needs the right to read and write there/)
  } finally {
    if (asRoot) process.seteuid?.(0)
  }
})

const missing = await cannotMount()
test('a read-only file system is refused and says so; looking with readOnly works', async (context) => {
  if (missing !== undefined) return context.skip(missing)
  const disk = join(root, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', disk])
  try {
    const storage = fileStorage(join(disk, 'store'))
    await storage.open()
    await storage.close()
    execFileSync('mount', ['-o', 'remount,ro', disk])
    expect(await refusal(join(disk, 'store'))).toMatch(/^unavailable: .*EROFS.*mounted read-only/)
    expect(await refusal(join(disk, 'store'), { readOnly: true })).toBe('opened')
  } finally {
    execFileSync('umount', [disk])
  }
})

test('a write that fails says why and what to do, and the storage answers nothing more', async () => {
  const fs = createFakeFs()
  const storage = fileStorage('/store', { fs })
  await storage.open()
  fs.failAt(1, 'full')
  const value = 'x'.repeat(100_000)
  await expect(storage.commit([[{ op: 'put', key: 'a', value }]])).rejects.toMatchObject({ code: 'unknown_outcome' })
  await expect(storage.read(['a'])).rejects.toThrow(/ENOSPC.*disk is full. Make room.*close it first/)
})

test('a damaged store says what is damaged and what to do', async () => {
  const dir = join(root, 'damaged')
  expect(await refusal(dir)).toBe('opened')
  writeFileSync(join(dir, 'journal-00000001.log'), 'garbage')
  expect(await refusal(dir)).toMatch(
    /^corrupt: .*journal-00000001.log.*Nothing was changed.*Restore the whole directory from a backup/,
  )
})
