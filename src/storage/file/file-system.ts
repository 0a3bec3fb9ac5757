import { promises as fs, statSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** An open file, as far as this engine uses one. */
export interface OpenFile {
  /** Writes at a place in the file. May write less than it was given, as the system call may; says how much. */
  write(data: Uint8Array, position: number): Promise<number>
  read(into: Uint8Array, position: number): Promise<number>
  datasync(): Promise<void>
  sync(): Promise<void>
  size(): Promise<number>
  /** Device and inode: two paths with the same identity are the same file. */
  identity(): Promise<string>
  close(): Promise<void>
}

/** What the engine asks of the file system. Tests hand in one that fails at the k-th call. */
export interface FileSystem {
  open(path: string, flags: 'r' | 'r+' | 'wx'): Promise<OpenFile>
  readFile(path: string): Promise<Buffer>
  /** Replaces a whole file by way of a temporary one. Does not promise that every byte arrived: read it back. */
  replace(path: string, data: Buffer): Promise<void>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  link(existing: string, path: string): Promise<void>
  /** Also the folders above it, so that they stay after a power cut. One that is there already will do. */
  mkdir(path: string): Promise<void>
  readdir(path: string): Promise<string[]>
  /** Makes creations and renames in a directory durable. */
  syncDirectory(path: string): Promise<void>
  /** Device and inode of what a path names now, undefined when it names nothing. Synchronous: it is asked before every answer. */
  identitySync(path: string): string | undefined
}

/** Only the owner may read: the state holds contact data. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

export const nodeFileSystem: FileSystem = {
  async open(path, flags) {
    const handle = await fs.open(path, flags, FILE_MODE)
    return {
      write: async (data, position) => (await handle.write(data, 0, data.length, position)).bytesWritten,
      read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
      datasync: () => handle.datasync(),
      sync: () => handle.sync(),
      size: async () => (await handle.stat()).size,
      identity: async () => identityOf(await handle.stat({ bigint: true })),
      close: () => handle.close(),
    }
  },
  readFile: (path) => fs.readFile(path),
  replace: (path, data) => writeFileAtomic(path, data, { mode: FILE_MODE }),
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  link: (existing, path) => fs.link(existing, path),
  mkdir: makeDirectory,
  readdir: (path) => fs.readdir(path),
  syncDirectory,
  identitySync(path) {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found === undefined ? undefined : identityOf(found)
  },
}

/** Not `recursive: true`: below /proc, where a parent exists and nothing can be made, Node tries that for ever. */
async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeDirectory(parent)
  try {
    await fs.mkdir(path, DIRECTORY_MODE)
  } catch (error) {
    // Another process may have been faster.
    if (!(await isDirectory(path))) throw error
  }
  await syncDirectory(parent)
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no such call; there a rename is as durable as the file system makes it.
  if (process.platform === 'win32') return
  const handle = await fs.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await fs.stat(path)).isDirectory()
  } catch {
    return false
  }
}

function identityOf(stats: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${stats.dev}:${stats.ino}`
}

/** Writes all of it: a short write is continued, one that makes no progress is an error. */
export async function writeFully(file: OpenFile, data: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < data.length) {
    const count = await file.write(data.subarray(written), position + written)
    if (count <= 0) throw new Error(`A write made no progress (${written} of ${data.length} bytes).`)
    written += count
  }
}

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The outcome of a call, or undefined where the file does not exist. */
export async function ifExists<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
