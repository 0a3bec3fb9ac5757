import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { StorageError } from '../../core/errors.js'
import { errorCode, type FileSystem, ifExists, type OpenFile, writeFully } from './file-system.js'
import { checksum } from './record.js'

/** Who holds a directory. Facts a platform does not tell are null; then only a process known to be gone is presumed so. */
interface Owner {
  readonly pid: number
  /** Start time of the process (clock ticks since boot): a reused pid is another process. */
  readonly start: string | null
  readonly boot: string | null
  /** Inode of the pid namespace: a pid of another container says nothing here. */
  readonly namespace: string | null
  readonly host: string
  readonly nonce: string
  readonly since: string
}

export interface Lock {
  /** Whether the lock file is still the one we published. Asked after every sync, before anything is acknowledged. */
  held(): boolean
  release(): Promise<void>
}

const LOCK = 'lock'
const ATTEMPTS = 5
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Takes the lock of a directory, or throws `StorageError` (`locked`) that says who has it and what to do. */
export async function acquireLock(fs: FileSystem, dir: string, soleMount: boolean): Promise<Lock> {
  const path = join(dir, LOCK)
  const me = describeSelf()
  for (let attempt = 0; ; attempt++) {
    const file = await publish(fs, path, me)
    if (file !== undefined) return holdLock(fs, path, file)
    if (attempt === ATTEMPTS) throw refused(path, 'other processes that are starting at this moment')
    const owner = await readOwner(fs, path)
    if (owner === undefined) continue
    if (owner === 'unreadable') throw refused(path, 'a file that is not readable as a lock')
    if (!isGone(owner, me, soleMount)) throw refused(path, `process ${owner.pid} on ${owner.host} since ${owner.since}`)
    await clearStale(fs, path, owner, me, soleMount)
  }
}

async function holdLock(fs: FileSystem, path: string, file: OpenFile): Promise<Lock> {
  // The file stays open, so that its inode cannot be given to another lock while we compare it.
  const identity = await file.identity()
  return {
    held: () => fs.identitySync(path) === identity,
    async release() {
      if (fs.identitySync(path) === identity) await ifExists(fs.unlink(path))
      await file.close()
    },
  }
}

/** Publishes a fully written file under the lock's name; undefined when the name is taken. */
async function publish(fs: FileSystem, path: string, me: Owner): Promise<OpenFile | undefined> {
  const draft = `${path}.${me.nonce}`
  const file = await fs.open(draft, 'wx')
  try {
    await writeFully(file, Buffer.from(JSON.stringify(me)), 0)
    await file.sync()
    await fs.link(draft, path)
    return file
  } catch (error) {
    await file.close()
    const code = errorCode(error)
    if (code === 'EEXIST') return undefined
    if (code === undefined || !NO_HARD_LINKS.has(code)) throw error
    return await publishDirectly(fs, path, me)
  } finally {
    await ifExists(fs.unlink(draft))
  }
}

/** For file systems without hard links. A reader may see it half written; that reader refuses to start. */
async function publishDirectly(fs: FileSystem, path: string, me: Owner): Promise<OpenFile | undefined> {
  try {
    const file = await fs.open(path, 'wx')
    await writeFully(file, Buffer.from(JSON.stringify(me)), 0)
    await file.sync()
    return file
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined
    throw error
  }
}

/**
 * Removes the file of an owner that is gone. Only who holds the claim on that very file may, so that one made meanwhile is never
 * touched. A claim whose own holder is gone is removed in the same way.
 */
async function clearStale(fs: FileSystem, path: string, stale: Owner, me: Owner, soleMount: boolean): Promise<void> {
  const claim = `${path}.claim-${checksum(Buffer.from(stale.nonce))}`
  const file = await publish(fs, claim, me)
  if (file === undefined) {
    const claimant = await readOwner(fs, claim)
    if (typeof claimant === 'object' && isGone(claimant, me, soleMount)) await clearStale(fs, claim, claimant, me, soleMount)
    return
  }
  try {
    const owner = await readOwner(fs, path)
    if (typeof owner === 'object' && owner.nonce === stale.nonce) await ifExists(fs.unlink(path))
  } finally {
    await file.close()
    await ifExists(fs.unlink(claim))
  }
}

async function readOwner(fs: FileSystem, path: string): Promise<Owner | undefined | 'unreadable'> {
  const data = await ifExists(fs.readFile(path))
  if (data === undefined) return undefined
  try {
    const owner = JSON.parse(data.toString('utf8')) as Owner
    return typeof owner.pid === 'number' && typeof owner.nonce === 'string' ? owner : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

function isGone(owner: Owner, me: Owner, soleMount: boolean): boolean {
  const comparable = owner.boot === me.boot && owner.namespace === me.namespace && owner.host === me.host
  // A pid of another boot, host or container cannot be looked up: only the operator can vouch for it.
  if (!comparable) return soleMount
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return true
  }
  const start = startOf(owner.pid)
  return start !== null && owner.start !== null && start !== owner.start
}

function describeSelf(): Owner {
  return {
    pid: process.pid,
    start: startOf(process.pid),
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
    nonce: randomUUID(),
    since: new Date().toISOString(),
  }
}

/** Field 22 of `/proc/<pid>/stat`. The name in field 2 may hold spaces and brackets, so counting starts after the last bracket. */
function startOf(pid: number): string | null {
  return tryRead(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  })
}

function tryRead(read: () => string | null): string | null {
  try {
    return read()
  } catch {
    return null
  }
}

function refused(path: string, holder: string): StorageError {
  return new StorageError(
    'locked',
    `${path} is held by ${holder}. One process at a time may write here: stop that process, open with readOnly: true, or use an engine made for several processes. If you are certain that it no longer runs (the machine or container was replaced), delete ${path} and start again.`,
  )
}
