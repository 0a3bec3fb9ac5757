import { basename, dirname } from 'node:path'
import type { FileSystem, OpenFile } from '../../src/storage/file/index.js'

interface Inode {
  readonly id: number
  data: Buffer
  /** What a power cut leaves. */
  synced: Buffer
}

export type Fault = 'EIO' | 'ENOSPC' | 'short' | 'dead'

export interface FakeFs extends FileSystem {
  /** Files by path. */
  readonly files: Map<string, Inode>
  /** How many calls were made that can fail. */
  calls(): number
  /** Lets the k-th call from now fail in this way; `short` writes half of it, `dead` fails every call from then on. */
  failAt(call: number, how: Fault): void
  /** Ends the process: locks of the dead are cleared, unsynced bytes are lost when the power went too. */
  crash(power: boolean): void
  snapshot(): Map<string, Buffer>
  restore(files: ReadonlyMap<string, Buffer>): void
}

/** A file system in memory: fast enough to open a store ten thousand times, and able to fail on demand. */
export function createFakeFs(): FakeFs {
  const files = new Map<string, Inode>()
  let inodes = 0
  let calls = 0
  let fault: { at: number; how: Fault } | undefined

  function step(): 'short' | undefined {
    calls++
    if (fault === undefined || (fault.how === 'dead' ? calls < fault.at : calls !== fault.at)) return undefined
    const { how } = fault
    if (how !== 'dead') fault = undefined
    if (how === 'short') return 'short'
    throw Object.assign(new Error(`${how}: injected`), { code: how })
  }

  function get(path: string): Inode {
    const inode = files.get(path)
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return inode
  }

  function create(path: string): Inode {
    const inode: Inode = { id: ++inodes, data: Buffer.alloc(0), synced: Buffer.alloc(0) }
    files.set(path, inode)
    return inode
  }

  function exists(path: string): Error {
    return Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' })
  }

  function opened(inode: Inode): OpenFile {
    const sync = async () => {
      step()
      inode.synced = inode.data
    }
    return {
      async write(data, offset) {
        const short = step() === 'short'
        const rest = data.subarray(offset)
        const part = short ? rest.subarray(0, rest.length >> 1) : rest
        inode.data = Buffer.concat([inode.data, part])
        return part.length
      },
      async read(into, position) {
        const part = inode.data.subarray(position, position + into.length)
        into.set(part)
        return part.length
      },
      datasync: sync,
      sync,
      async truncate(length) {
        step()
        inode.data = inode.data.subarray(0, length)
      },
      size: async () => inode.data.length,
      identity: async () => String(inode.id),
      close: async () => {},
    }
  }

  return {
    files,
    calls: () => calls,
    failAt(call, how) {
      fault = { at: calls + call, how }
    },
    crash(power) {
      fault = undefined
      for (const [path, inode] of files) {
        if (basename(path).startsWith('lock')) files.delete(path)
        else if (power) inode.data = inode.synced
      }
    },
    snapshot: () => new Map([...files].map(([path, inode]) => [path, inode.data])),
    restore(kept) {
      files.clear()
      for (const [path, data] of kept) Object.assign(create(path), { data, synced: data })
    },
    async open(path, flags) {
      step()
      if (flags === 'wx') {
        if (files.has(path)) throw exists(path)
        return opened(create(path))
      }
      return opened(flags === 'a' && !files.has(path) ? create(path) : get(path))
    },
    readFile: async (path) => Buffer.from(get(path).data),
    async replace(path, data) {
      // As the library does: a short write is not noticed.
      const short = step() === 'short'
      const inode = create(path)
      inode.data = Buffer.from(short ? data.subarray(0, data.length >> 1) : data)
      inode.synced = inode.data
    },
    async rename(from, to) {
      step()
      files.set(to, get(from))
      files.delete(from)
    },
    async unlink(path) {
      step()
      get(path)
      files.delete(path)
    },
    async link(existing, path) {
      step()
      if (files.has(path)) throw exists(path)
      files.set(path, get(existing))
    },
    mkdir: async () => {},
    readdir: async (path) => [...files.keys()].filter((file) => dirname(file) === path).map((file) => basename(file)),
    async syncDirectory() {
      step()
    },
    identitySync(path) {
      const inode = files.get(path)
      return inode === undefined ? undefined : String(inode.id)
    },
  }
}
