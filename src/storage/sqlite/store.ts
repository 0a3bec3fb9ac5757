import type { Clock } from '../../core/clock.js'
import type { Batch, BatchResult, Entry } from '../../core/storage-ops.js'
import type { Storage } from '../storage.js'
import { columnOf, rollBack, type SqliteDatabase } from './database.js'
import { commitFault, gone } from './faults.js'
import { identityOf } from './handle.js'
import { createMirror, type Judged } from './mirror.js'
import { findOrMakeStore, incarnationOf } from './schema.js'
import { entryOf, prepareStatements } from './statements.js'

/** A store that was found or made. Synchronous: a call is one transaction, so those of one handle never overlap. */
export interface Store {
  readonly incarnation: string
  commit(batches: readonly Batch[]): BatchResult[]
  read(keys: readonly string[]): (Entry | null)[]
  scan(prefix: string, range: Parameters<Storage['scan']>[1]): Entry[]
}

/** Every so many batches, up to 256 expired rows are deleted. */
const SWEEP_EVERY = 32

/** Throws `StorageError` and the driver's errors; after one of the driver's nothing was written. */
export function openStore(db: SqliteDatabase, file: string, create: boolean, clock: Clock): Store {
  const mark = findOrMakeStore(db, file, create)
  const statements = prepareStatements(db)
  const mirror = createMirror(statements)
  const identity = identityOf(file)
  let latest = 0

  /** The store's sequence. It never goes back, unless the file was replaced by an older one. */
  function requireStore(): number {
    const row = statements.mark.get()
    const sequence = Number(columnOf(row, 'version'))
    if (columnOf(row, 'value') !== mark) throw gone(file, 'its mark is gone')
    if (sequence < latest) throw gone(file, 'it is in an earlier state than before')
    latest = sequence
    return sequence
  }

  /** Deleted files can be read and written as before; only their names tell. */
  function requireFiles(): void {
    if (identity === undefined || identityOf(file) !== identity) throw gone(file, 'its files are no longer in their place')
  }

  function write({ writes, sequence }: Judged, before: number, now: number): void {
    for (const [key, { effect, version }] of writes) {
      if (effect.length === 1) statements.remove.run(key)
      else if (effect[1] === 0) statements.set.run(key, JSON.stringify(effect[2]), null, version, effect[3] ?? null)
      else statements.set.run(key, null, effect[2], version, effect[3] ?? null)
    }
    statements.setSequence.run(sequence)
    if (Math.floor(sequence / SWEEP_EVERY) > Math.floor(before / SWEEP_EVERY)) statements.sweep.run(now)
  }

  function carryOut(batches: readonly Batch[]): Judged {
    statements.begin.run()
    try {
      const before = requireStore()
      // Not before the lock: those who had it meanwhile may have gone further in time.
      const now = clock.now()
      const judged = mirror.judge(batches, before, now)
      if (judged.writes.size > 0) write(judged, before, now)
      // Before the COMMIT: after it, somebody else's change would be taken for ours.
      mirror.settle()
      return judged
    } catch (error) {
      mirror.forget()
      rollBack(db)
      throw error
    }
  }

  function makeDurable(): void {
    try {
      statements.commit.run()
    } catch (error) {
      mirror.forget()
      rollBack(db)
      throw commitFault(error, file)
    }
  }

  /** Queries of one snapshot. */
  function look<T>(query: () => T): T {
    statements.look.run()
    try {
      requireStore()
      const found = query()
      requireFiles()
      return found
    } finally {
      rollBack(db)
    }
  }

  return {
    incarnation: incarnationOf(mark),
    commit(batches) {
      const { results, writes, sequence } = carryOut(batches)
      // A group that was refused as a whole has nothing to wait for.
      if (writes.size === 0) rollBack(db)
      else makeDurable()
      requireFiles()
      latest = sequence
      return results
    },
    read: (keys) =>
      look(() => {
        const now = clock.now()
        const found = new Map(
          statements.find
            .all(JSON.stringify(keys))
            .map(entryOf)
            .map((entry) => [entry.key, entry]),
        )
        return keys.map((key) => {
          const entry = found.get(key)
          return entry === undefined || (entry.expiresAt !== undefined && entry.expiresAt <= now) ? null : entry
        })
      }),
    scan(prefix, { after, limit, reverse = false }) {
      // Keys are printable ASCII: nothing that begins with the prefix is above this.
      const beyond = `${prefix}\x7f`
      const most = Math.min(Math.max(0, Math.ceil(limit)), Number.MAX_SAFE_INTEGER)
      const rows = () =>
        reverse
          ? statements.descend.all(prefix, beyond, after ?? beyond, clock.now(), most)
          : statements.ascend.all(prefix, beyond, after ?? '', clock.now(), most)
      return look(() => rows().map(entryOf))
    },
  }
}
