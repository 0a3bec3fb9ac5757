import { StorageError } from '../../core/errors.js'

/** Primary result codes that mean something of their own here; https://sqlite.org/rescode.html */
const RESULTS: Readonly<Record<number, string>> = {
  5: 'BUSY',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  26: 'NOTADB',
}

/** The name of the primary result code: better-sqlite3 gives names (`SQLITE_BUSY_RECOVERY`), `node:sqlite` numbers. */
function resultOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('errcode' in error && typeof error.errcode === 'number') return RESULTS[error.errcode & 0xff]
  return 'code' in error && typeof error.code === 'string' ? /^SQLITE_([A-Z]+)/.exec(error.code)?.[1] : undefined
}

/** Somebody else has the lock. Nothing was written; another try may succeed. */
export function isBusy(error: unknown): boolean {
  return resultOf(error) === 'BUSY'
}

/** Any fault before the last statement of a transaction as a `StorageError`: what it had written was rolled back. */
export function faultOf(error: unknown, during: 'open' | 'use', file: string, waitedMs: number): StorageError {
  if (error instanceof StorageError) return error
  const text = error instanceof Error ? error.message : String(error)
  const options = { cause: error }
  if (during === 'use' && /no such table/.test(text)) return gone(file, text, options)
  if (/(within|inside) a transaction/.test(text))
    return new StorageError(
      'unavailable',
      `This handle is in a transaction of yours (${text}). Give the storage a handle of its own.`,
      options,
    )
  switch (resultOf(error)) {
    case 'BUSY':
      return new StorageError(
        'locked',
        `Somebody kept the write lock of ${file} for ${waitedMs} ms (${text}). Nothing was written. Look for a process that left a transaction open, a backup or a VACUUM.`,
        options,
      )
    case 'READONLY':
      return new StorageError(
        'unavailable',
        `${file} can only be read (${text}). Give the process the right to write the file and its directory, and open the handle for writing.`,
        options,
      )
    case 'FULL':
      return new StorageError('unavailable', `The disk of ${file} is full (${text}). Nothing was written. Make room.`, options)
    case 'CORRUPT':
    case 'NOTADB':
      return new StorageError(
        'corrupt',
        `${file} is damaged or is no SQLite database (${text}). Stop every process that uses it and restore a backup that is not older than the last send.`,
        options,
      )
    case 'IOERR':
      return new StorageError(
        'unavailable',
        `The disk of ${file} failed (${text}). Nothing was written. Mend the disk, then start again.`,
        options,
      )
    default:
      return new StorageError('unavailable', `SQLite did not do it: ${text}`, options)
  }
}

/** A COMMIT that failed. On a full disk its last frame is missing; after anything else a restart may find it or not. */
export function commitFault(error: unknown, file: string): StorageError {
  if (resultOf(error) === 'FULL') return faultOf(error, 'use', file, 0)
  const text = error instanceof Error ? error.message : String(error)
  return new StorageError('unknown_outcome', `The commit may or may not be stored (${text}): read its unique key to find out.`, {
    cause: error,
  })
}

export function gone(file: string, why: string, options?: ErrorOptions): StorageError {
  return new StorageError(
    'wiped',
    `The store in ${file} was deleted, emptied or replaced while it was in use (${why}), and limits with it. Restore it; nothing is sent until then.`,
    options,
  )
}
