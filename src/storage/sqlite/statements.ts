import { StorageError } from '../../core/errors.js'
import type { Json } from '../../core/json.js'
import type { Entry } from '../../core/storage-ops.js'
import { columnOf, type SqliteDatabase, type SqliteStatement } from './database.js'

const COLUMNS = 'key, value, count, version, expires_at'
const LIVE = '(expires_at is null or expires_at > ?)'

/** Every statement, prepared once. */
export type Statements = Readonly<Record<keyof typeof SQL, SqliteStatement>>

const SQL = {
  begin: 'begin immediate',
  look: 'begin',
  commit: 'commit',
  mark: `select value, version from sendwarden_entries where key = ''`,
  dataVersion: 'pragma data_version',
  changes: 'select total_changes() as changes',
  find: `select ${COLUMNS} from sendwarden_entries where key in (select value from json_each(?)) and key > ''`,
  set: `insert into sendwarden_entries (${COLUMNS}) values (?, ?, ?, ?, ?) on conflict (key) do update
    set value = excluded.value, count = excluded.count, version = excluded.version, expires_at = excluded.expires_at`,
  remove: 'delete from sendwarden_entries where key = ?',
  setSequence: `update sendwarden_entries set version = ? where key = ''`,
  sweep: `delete from sendwarden_entries where key in
    (select key from sendwarden_entries where expires_at <= ? order by expires_at limit 256)`,
  ascend: `select ${COLUMNS} from sendwarden_entries
    where key >= ? and key < ? and key > ? and ${LIVE} order by key limit ?`,
  descend: `select ${COLUMNS} from sendwarden_entries
    where key >= ? and key < ? and key > '' and key < ? and ${LIVE} order by key desc limit ?`,
} as const

export function prepareStatements(db: SqliteDatabase): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)] as const)
  return Object.fromEntries(prepared) as Record<keyof typeof SQL, SqliteStatement>
}

/** A row of the table as an entry. Numbers may be bigints: that is a setting of the handle. */
export function entryOf(row: unknown): Entry {
  const [key, value, count, expiry] = ['key', 'value', 'count', 'expires_at'].map((column) => columnOf(row, column))
  if (typeof key !== 'string')
    throw new StorageError('corrupt', 'A row of the store has no key: something else writes to its table.')
  const held = typeof value === 'string' ? { value: parse(key, value) } : { count: Number(count) }
  const version = String(columnOf(row, 'version'))
  return expiry === null ? { key, ...held, version } : { key, ...held, version, expiresAt: Number(expiry) }
}

function parse(key: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new StorageError('corrupt', `The value of ${key} is no JSON: something else writes to the table of the store.`, {
      cause,
    })
  }
}
