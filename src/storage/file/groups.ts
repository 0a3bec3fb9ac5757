import { StorageError } from '../../core/errors.js'
import type { Effect } from '../guarded-batch.js'
import { adviceOn } from './advice.js'
import type { JournalWriter } from './journal.js'
import type { Lock } from './lock.js'
import { encodeRecord } from './record.js'

/** Group commit: what has been accepted while the disk was busy goes to it in one write and one sync. */
export interface Groups {
  /** Queues an accepted commit. */
  add(sequence: number, effects: readonly Effect[]): void
  /** Resolves when everything added so far is on disk and the lock is still ours; rejects when that will never be known. */
  synced(): Promise<void> | undefined
  /** Throws once a write, a sync or the lock has failed: this store answers nothing any more. */
  requireAlive(): void
  /** Runs between two groups, while nothing is being written; its failure ends the store. */
  afterEach(work: () => Promise<void> | undefined): void
  journal(): JournalWriter
  replaceJournal(journal: JournalWriter): void
  /** The last commit that is on disk. */
  durable(): number
  isAlive(): boolean
  /** Waits for what is queued, then ends. */
  close(): Promise<void>
}

interface Group {
  readonly commits: string[]
  bytes: number
  last: number
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: StorageError) => void
}

/** A larger group would only make its first callers wait for its last. */
const GROUP_BYTES = 4 * 1024 * 1024

export function createGroups(first: JournalWriter, lock: Lock, sequence: number): Groups {
  let journal = first
  const queue: Group[] = []
  let writing: Group | undefined
  let running: Promise<void> | undefined
  let dead: StorageError | undefined
  let durable = sequence
  let between: () => Promise<void> | undefined = () => undefined

  async function run(): Promise<void> {
    try {
      while (queue.length > 0) {
        // One turn of the event loop lets everybody who was just answered join the next group.
        await new Promise((resolve) => setImmediate(resolve))
        writing = queue.shift()
        if (writing === undefined) break
        await journal.append(encodeRecord(`[${writing.commits.join(',')}]`))
        if (!lock.held()) throw fenced()
        durable = writing.last
        writing.resolve()
        writing = undefined
        await between()
      }
    } catch (error) {
      die(error)
    } finally {
      running = undefined
    }
  }

  /** After a failed write or sync nobody knows what the disk holds, and asking it again would lie: start over from the files. */
  function die(cause: unknown): void {
    dead =
      cause instanceof StorageError
        ? cause
        : new StorageError(
            'unavailable',
            `The journal could not be written: ${cause instanceof Error ? cause.message : String(cause)}. ${adviceOn(cause)} This object answers nothing any more: close it first.`,
            { cause },
          )
    const unknown = new StorageError(
      'unknown_outcome',
      'The commit may or may not have been stored: read it back after reopening.',
      { cause },
    )
    writing?.reject(unknown)
    for (const group of queue.splice(0)) group.reject(unknown)
    writing = undefined
  }

  return {
    add(sequence, effects) {
      const commit = `[${sequence},${JSON.stringify(effects)}]`
      let group = queue.at(-1)
      if (group === undefined || group.bytes > GROUP_BYTES) {
        group = createGroup()
        queue.push(group)
      }
      group.commits.push(commit)
      group.bytes += commit.length
      group.last = sequence
      running ??= run()
    },
    synced: () => (queue.at(-1) ?? writing)?.done,
    requireAlive() {
      if (dead !== undefined) throw dead
    },
    isAlive: () => dead === undefined,
    afterEach(work) {
      between = work
    },
    journal: () => journal,
    replaceJournal(next) {
      journal = next
    },
    durable: () => durable,
    async close() {
      await running
      await journal.close()
    },
  }
}

function createGroup(): Group {
  let resolve = () => {}
  let reject: (error: StorageError) => void = () => {}
  const done = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Somebody always waits for a group, but perhaps not yet when it fails.
  done.catch(() => {})
  return { commits: [], bytes: 0, last: 0, done, resolve, reject }
}

function fenced(): StorageError {
  return new StorageError(
    'locked',
    'This process no longer holds the lock of its storage, and writes nothing more: its directory was deleted or moved, or another process has taken over. Put the directory back where it is gone, then restart this process.',
  )
}
