import { statSync } from 'node:fs'
import { StorageError } from '../../core/errors.js'
import { columnOf, type SqliteDatabase } from './database.js'

/** Older ones may damage a WAL database that several processes write; https://sqlite.org/wal.html#walresetbug */
const OLDEST = [3, 51, 3] as const
/** A collision of two processes mostly lasts no longer. What lasts longer is waited for without blocking the event loop. */
const BUSY_TIMEOUT_MS = 10

/** Refuses a SQLite whose write-ahead log cannot be trusted. */
export function requireSafeVersion(db: SqliteDatabase): void {
  const version = columnOf(db.prepare('select sqlite_version() as version').get(), 'version')
  if (typeof version !== 'string')
    throw new StorageError(
      'unavailable',
      'This handle does not answer as one of better-sqlite3 or node:sqlite: rows have to be objects.',
    )
  const parts = version.split('.').map(Number)
  const difference = OLDEST.map((part, index) => (parts[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  if (difference < 0)
    throw new StorageError(
      'unavailable',
      `This is SQLite ${version}; sendwarden needs ${OLDEST.join('.')} or newer, because before that the write-ahead log could damage a database that several processes write (the WAL-reset bug). Update better-sqlite3 (12.8 or newer) or Node.`,
    )
}

/** The path of the main database. Refuses one that has no file, which no other process could share. */
export function fileOf(db: SqliteDatabase): string {
  const file = columnOf(
    db
      .prepare('pragma database_list')
      .all()
      .find((row) => columnOf(row, 'name') === 'main'),
    'file',
  )
  if (typeof file === 'string' && file !== '') return file
  throw new StorageError(
    'unavailable',
    'This database is in memory or temporary: it is lost with its handle, and nobody can share it. Open a file, or use memoryStorage().',
  )
}

/** Sets what durability and sharing rest on, and sees that it took effect. */
export function configure(db: SqliteDatabase, file: string): void {
  const pragma = (name: string) => columnOf(db.prepare(`pragma ${name}`).get(), name.split(' ')[0] ?? '')
  db.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  // Only macOS knows the difference: without these, a flush ends in the disk's own cache.
  db.exec('pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on')
  const found = {
    locking_mode: pragma('locking_mode'),
    journal_mode: pragma('journal_mode = wal'),
    synchronous: Number(pragma('synchronous')),
  }
  for (const [name, wanted] of Object.entries({ locking_mode: 'normal', journal_mode: 'wal', synchronous: 2 })) {
    const value = found[name as keyof typeof found]
    if (value !== wanted)
      throw new StorageError(
        'unavailable',
        `${file} has ${name} = ${String(value)} where ${wanted} is needed: nothing could be promised.`,
      )
  }
}

/** Which files a path and its write-ahead log are; undefined once one of them is gone. A deleted file can still be written to. */
export function identityOf(file: string): string | undefined {
  const stats = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false }))
  return stats.includes(undefined) ? undefined : stats.map((stat) => `${stat?.dev}:${stat?.ino}`).join(' ')
}
