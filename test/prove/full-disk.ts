import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmdirSync, unlinkSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { nodeFileSystem } from '../../src/storage/file/file-system.js'
import { createBook, sumOf } from './ledger.js'
import { auditLeft, live } from './scripted.js'

const DISK_BYTES = 2 * 1024 * 1024
const PAGE_BYTES = 4096
/** How much room is left when the disk is filled: none, up to two journals' worth. */
const FREE_PAGES = [0, 1, 2, 3, 5, 8, 16, 17, 18, 20, 24, 33, 40]

/** A store on a file system that is really full, and the library that replaces files alone on the same. */
export async function proveFullDisk(): Promise<string[]> {
  const missing = await cannotMount()
  if (missing !== undefined) return [missing]
  const faults: string[] = []
  let [acknowledged, lost] = [0, 0]
  for (const pages of FREE_PAGES) {
    const one = await fillUp(pages)
    acknowledged += one.acknowledged
    lost += one.lost
    faults.push(...one.faults)
  }
  console.log(
    `full tmpfs, ${FREE_PAGES.length} amounts of room  acknowledged ${acknowledged}  lost ${lost}  faults ${faults.length}`,
  )
  const { before, meant, after } = await replaceByLibraryAlone()
  console.log(
    `control: write-file-atomic alone on it resolved, and left ${after} of ${meant} bytes where ${before} good ones were`,
  )
  if (after === before || after === meant)
    faults.push('write-file-atomic alone replaced nothing by a truncated file: the disk was not full')
  return faults
}

/** Why a disk cannot be filled here; undefined = it can. */
export async function cannotMount(): Promise<string | undefined> {
  try {
    await withTmpfs(async () => {})
    return undefined
  } catch {
    return 'no tmpfs can be mounted here (root is needed), so the full disk was not proven'
  }
}

/** Lives of a store on a disk that is filled after the first; when there is room again, everything acknowledged must be there. */
export async function fillUp(freePages: number): Promise<{ acknowledged: number; lost: number; faults: string[] }> {
  return await withTmpfs(async (disk) => {
    const life = { fs: nodeFileSystem, book: createBook(), sends: 12, dir: join(disk, 'store'), close: true }
    const faults = await live(life)
    const ballast = fill(disk, freePages)
    for (let more = 0; more < 3; more++) faults.push(...(await live(life)))
    unlinkSync(ballast)
    const left = await auditLeft(nodeFileSystem, life.book, life.dir)
    const told = [...faults, ...left.faults].map((fault) => `full disk, ${freePages} pages left: ${fault}`)
    return { acknowledged: sumOf(life.book.acknowledged), lost: left.lost, faults: told }
  })
}

/** The control: what the library does to a good file when the disk is nearly full, and says nothing. */
export async function replaceByLibraryAlone(): Promise<{ before: number; meant: number; after: number }> {
  return await withTmpfs(async (disk) => {
    const path = join(disk, 'state.json')
    const good = JSON.stringify('x'.repeat(100_000))
    const next = JSON.stringify('y'.repeat(200_000))
    writeFileSync(path, good)
    fill(disk, 20)
    await writeFileAtomic(path, next)
    return { before: good.length, meant: next.length, after: readFileSync(path).length }
  })
}

/** Takes all room but some pages; returns the file that has it. */
function fill(disk: string, freePages: number): string {
  const path = join(disk, 'ballast')
  const file = openSync(path, 'wx')
  const page = Buffer.alloc(PAGE_BYTES, 1)
  try {
    while (true) writeSync(file, page)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(file)
  }
  if (freePages > 0) writeFileSync(path, Buffer.alloc(readFileSync(path).length - freePages * PAGE_BYTES, 1))
  return path
}

async function withTmpfs<T>(work: (disk: string) => Promise<T>): Promise<T> {
  const disk = mkdtempSync(join(tmpdir(), 'full-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk], { stdio: 'ignore' })
    try {
      return await work(disk)
    } finally {
      execFileSync('umount', [disk])
    }
  } finally {
    rmdirSync(disk)
  }
}
