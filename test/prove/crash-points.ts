import fs from 'node:fs'
import { type FileSystem, nodeFileSystem } from '../../src/storage/file/file-system.js'
import { createRandom } from './random.js'

/** Where a process dies by its own kill -9. At `any` its parent kills it at a random moment. */
export const POINTS = [
  'any',
  'before write',
  'mid write',
  'before sync',
  'after sync',
  'before rename',
  'after rename',
  'before directory sync',
  'after directory sync',
  'before link',
  'before unlink',
] as const
export type Point = (typeof POINTS)[number]

export interface CrashTask {
  readonly dir: string
  readonly life: number
  readonly callers: number
  readonly point: Point
  /** It dies the n-th time it comes to the point. */
  readonly visit: number
  readonly seed: number
  /** The control: writes are told as done before they are made. */
  readonly careless: boolean
}

/** The real file system, where the process kills itself at a point. */
export function dyingFileSystem({ point, visit, seed, careless }: CrashTask): FileSystem {
  const real = careless ? lazy(nodeFileSystem) : nodeFileSystem
  let visits = 0
  function pass(at: Point): void {
    if (isDue(at)) die()
  }
  function isDue(at: Point): boolean {
    return at === point && ++visits === visit
  }
  dieInLibrary(pass)
  return {
    ...real,
    async open(path, flags) {
      const file = await real.open(path, flags)
      async function around(sync: () => Promise<void>): Promise<void> {
        pass('before sync')
        await sync()
        pass('after sync')
      }
      return {
        ...file,
        async write(data, position) {
          pass('before write')
          if (isDue('mid write')) {
            await file.write(data.subarray(0, 1 + createRandom(seed).below(data.length)), position)
            die()
          }
          return await file.write(data, position)
        },
        datasync: () => around(file.datasync),
        sync: () => around(file.sync),
      }
    },
    async rename(from, to) {
      pass('before rename')
      await real.rename(from, to)
      pass('after rename')
    },
    async link(existing, path) {
      pass('before link')
      await real.link(existing, path)
    },
    async unlink(path) {
      pass('before unlink')
      await real.unlink(path)
    },
    async syncDirectory(path) {
      pass('before directory sync')
      await real.syncDirectory(path)
      pass('after directory sync')
    },
  }
}

/** The library that writes whole files calls `fs` by itself: its steps are points too. */
function dieInLibrary(pass: (at: Point) => void): void {
  const { rename, fsync } = fs
  fs.rename = Object.assign((...[from, to, done]: Parameters<typeof rename>) => {
    pass('before rename')
    rename(from, to, (error) => {
      pass('after rename')
      done(error)
    })
  }, rename)
  fs.fsync = Object.assign((...[file, done]: Parameters<typeof fsync>) => {
    pass('before sync')
    fsync(file, (error) => {
      pass('after sync')
      done(error)
    })
  }, fsync)
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive after kill -9')
}

/** Tells writes as done and makes them a little later. */
function lazy(real: FileSystem): FileSystem {
  return {
    ...real,
    async open(path, flags) {
      const file = await real.open(path, flags)
      if (!path.endsWith('.log')) return file
      let late = Promise.resolve()
      return {
        ...file,
        async write(data, position) {
          const copy = Buffer.from(data)
          late = late.then(async () => {
            await new Promise((resolve) => setTimeout(resolve, 20))
            await file.write(copy, position)
          })
          return data.length
        },
        async close() {
          await late
          await file.close()
        },
      }
    },
  }
}
