import { basename, dirname } from 'node:path'
import type { FileSystem, OpenFile } from '../../src/storage/file/index.js'
import { createInode, type Inode } from './fake-inode.js'

/** `full`: from then on nothing more can be written. `dead`: from then on every call fails, as for a process that is gone. */
export type Fault = 'EIO' | 'ENOSPC' | 'short' | 'full' | 'dead'

export interface FakeFs extends FileSystem {
  /** Files by path. */
  readonly files: ReadonlyMap<string, Inode>
  /** How many calls were made; each can fail. */
  calls(): number
  /** Lets the k-th call from now fail in this way; `short` moves half of the bytes and reports that. */
  failAt(call: number, how: Fault): void
  /**
   * Ends the process, with its locks. With `keep` the power went too: it is asked of everything that was not synced, each sector
   * of a write and each creation, link, rename and removal of a name, whether it happened to reach the disk.
   */
  crash(keep?: () => boolean): void
  snapshot(): Map<string, Buffer>
  restore(files: ReadonlyMap<string, Buffer>): void
}

type Names = Map<string, Inode>

/** A change of names: all of it reaches the disk, or nothing. */
interface Change {
  readonly dir: string
  apply(names: Names): void
}

/** A file system in memory: fast enough to open a store ten thousand times, able to fail on demand and to forget what was not synced. */
export function createFakeFs(): FakeFs {
  const files: Names = new Map()
  let durable: Names = new Map()
  let changes: Change[] = []
  let inodes = 0
  let calls = 0
  let fault: { at: number; how: Fault } | undefined

  function step(kind: 'reads' | 'writes' | 'other'): 'short' | undefined {
    calls++
    if (fault === undefined || calls < fault.at) return undefined
    const { how } = fault
    if (how === 'full' && kind !== 'writes') return undefined
    if (how !== 'full' && how !== 'dead') fault = undefined
    if (how === 'short') return kind === 'other' ? undefined : 'short'
    const code = how === 'full' ? 'ENOSPC' : how
    throw Object.assign(new Error(`${code}: injected`), { code })
  }

  function get(path: string): Inode {
    const inode = files.get(path)
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return inode
  }

  function change(path: string, apply: (names: Names) => void): void {
    apply(files)
    changes.push({ dir: dirname(path), apply })
  }

  function create(path: string): Inode {
    const inode = createInode(++inodes)
    change(path, (names) => names.set(path, inode))
    return inode
  }

  function requireAbsent(path: string): void {
    if (files.has(path)) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' })
  }

  function rename(from: string, to: string): void {
    const inode = get(from)
    change(to, (names) => {
      names.set(to, inode)
      if (names.get(from) === inode) names.delete(from)
    })
  }

  function opened(inode: Inode): OpenFile {
    async function sync(): Promise<void> {
      try {
        step('other')
      } catch (error) {
        inode.failSync()
        throw error
      }
      inode.sync()
    }
    return {
      async write(data, position) {
        const part = step('writes') === 'short' ? data.subarray(0, data.length >> 1) : data
        inode.write(part, position)
        return part.length
      },
      async read(into, position) {
        const length = step('reads') === 'short' ? (into.length + 1) >> 1 : into.length
        const part = inode.data().subarray(position, position + length)
        into.set(part)
        return part.length
      },
      datasync: sync,
      sync,
      async size() {
        step('other')
        return inode.data().length
      },
      async identity() {
        step('other')
        return String(inode.id)
      },
      async close() {
        step('other')
      },
    }
  }

  return {
    files,
    calls: () => calls,
    failAt(call, how) {
      fault = { at: calls + call, how }
    },
    crash(keep) {
      fault = undefined
      if (keep !== undefined) {
        const left = new Map(durable)
        for (const { apply } of changes) if (keep()) apply(left)
        files.clear()
        for (const [path, inode] of left) files.set(path, inode)
        for (const inode of new Set(files.values())) inode.losePower(keep)
      }
      for (const path of files.keys()) if (basename(path).startsWith('lock')) files.delete(path)
      durable = new Map(files)
      changes = []
    },
    snapshot: () => new Map([...files].map(([path, inode]) => [path, Buffer.from(inode.data())])),
    restore(kept) {
      files.clear()
      for (const [path, data] of kept) files.set(path, createInode(++inodes, data))
      durable = new Map(files)
      changes = []
    },
    async open(path, flags) {
      step(flags === 'wx' ? 'writes' : 'other')
      if (flags !== 'wx') return opened(get(path))
      requireAbsent(path)
      return opened(create(path))
    },
    async readFile(path) {
      step('other')
      return Buffer.from(get(path).data())
    },
    async replace(path, data) {
      // As the library does: a short write is not noticed, the new file is synced, its name is not.
      const part = step('writes') === 'short' ? data.subarray(0, data.length >> 1) : data
      const temporary = `${path}.${inodes}`
      const inode = create(temporary)
      inode.write(part, 0)
      inode.sync()
      rename(temporary, path)
    },
    async rename(from, to) {
      step('other')
      rename(from, to)
    },
    async unlink(path) {
      step('other')
      get(path)
      change(path, (names) => names.delete(path))
    },
    async link(existing, path) {
      step('writes')
      requireAbsent(path)
      const inode = get(existing)
      change(path, (names) => names.set(path, inode))
    },
    async mkdir() {
      step('other')
    },
    async readdir(path) {
      step('other')
      return [...files.keys()].filter((file) => dirname(file) === path).map((file) => basename(file))
    },
    async syncDirectory(path) {
      step('other')
      for (const { dir, apply } of changes) if (dir === path) apply(durable)
      changes = changes.filter(({ dir }) => dir !== path)
    },
    identitySync(path) {
      step('other')
      const inode = files.get(path)
      return inode === undefined ? undefined : String(inode.id)
    },
  }
}
