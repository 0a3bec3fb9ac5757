import { StorageError } from '../../core/errors.js'

/** Server errors that a second try cures: serialization failure, deadlock. The first one was rolled back. */
const RETRY = new Set(['40001', '40P01'])
/** The store's tables or functions are gone, or its mark is. */
const GONE = new Set(['SW001', '42P01', '42883', '3F000'])
/** The connection was never made, so nothing can have been written. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P03',
  '53300',
  '3D000',
])
/** Server errors after which the commit may stand all the same: connection trouble, shutdown, "unknown". */
const UNCERTAIN = /^(08|57P0|40003)/

export function isRetryable(error: unknown): boolean {
  return RETRY.has(codeOf(error))
}

/** The call waited for its turn longer than its caller was to wait for it. Nothing was written. */
export function isLate(error: unknown): boolean {
  return codeOf(error) === 'SW003'
}

/** The server said that this statement failed: it was rolled back, nothing was written. */
function isCertain(error: unknown): boolean {
  const code = codeOf(error)
  return NOT_CONNECTED.has(code) || neverSent(error) || (isSqlState(code) && !UNCERTAIN.test(code))
}

/** What was sent is to blame (a value out of range or too large), not the server or the way to it. */
export function isFaultOfInput(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error)) && isSqlState(codeOf(error))
}

/** Any fault of driver or server as a `StorageError`. After a commit, what is not certain is `unknown_outcome`. */
export function faultOf(error: unknown, during: 'open' | 'read' | 'commit', schema: string): StorageError {
  if (error instanceof StorageError) return error
  const code = codeOf(error)
  // Where several addresses were tried in vain the message is empty.
  const text = error instanceof Error ? error.message || code : String(error)
  const options = { cause: error }
  if (during !== 'open' && GONE.has(code))
    return new StorageError(
      'wiped',
      `The store in schema ${schema} was dropped, emptied or replaced while it was in use (${text}). Restore it; nothing is sent until then.`,
      options,
    )
  if (code === '42501')
    return new StorageError(
      'unavailable',
      `The database role lacks a right in schema ${schema} (${text}). If the store is not there yet, have its owner open it once or run postgresMigration(); then grant this role usage on the schema, select, insert, update, delete on its tables and usage on its sequence.`,
      options,
    )
  if (code === '25006')
    return new StorageError('unavailable', `The server is a read-only standby (${text}). Connect to the primary.`, options)
  if (code === 'SW002')
    return new StorageError(
      'unavailable',
      'The isolation level has to be read committed: do not set default_transaction_isolation for this pool.',
      options,
    )
  if (isLate(error))
    return new StorageError(
      'unavailable',
      'The commit came to PostgreSQL too late twice, so nothing was written. Either the pool has no connection free in time (raise its max, or give the gateway a pool of its own), or the server clock jumps.',
      options,
    )
  if (code.startsWith('28') || code === '3D000')
    return new StorageError(
      'unavailable',
      `PostgreSQL refused the login (${text}). Mend user, password and database of the pool.`,
      options,
    )
  if (code === '53300')
    return new StorageError(
      'unavailable',
      `PostgreSQL has no connection left (${text}). Raise max_connections, or lower the pool's max in every process.`,
      options,
    )
  if (during === 'commit' && !isCertain(error))
    return new StorageError(
      'unknown_outcome',
      `The commit may or may not be stored (${text}): read its unique key to find out.`,
      options,
    )
  if (!isSqlState(code) || UNCERTAIN.test(code))
    return new StorageError(
      'unavailable',
      `PostgreSQL does not answer (${text}). Look whether the server runs and whether the pool's address is right; nothing is sent until it answers.`,
      options,
    )
  return new StorageError('unavailable', `PostgreSQL did not do it: ${text}`, options)
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** Five characters, a digit among them: `EPIPE` is none. */
function isSqlState(code: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code)
}

/** What pg-pool says when no connection became free or could be made in time. */
function neverSent(error: unknown): boolean {
  return isSqlState(codeOf(error))
    ? codeOf(error).startsWith('28')
    : error instanceof Error && /timeout exceeded when trying to connect|Cannot use a pool after/.test(error.message)
}
