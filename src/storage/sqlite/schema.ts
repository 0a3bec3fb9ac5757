import { randomUUID } from 'node:crypto'
import { StorageError } from '../../core/errors.js'
import { columnOf, rollBack, type SqliteDatabase } from './database.js'

/** The form of what is stored. A store with a higher one was written by a newer version and is refused. */
const FORMAT = 1

/**
 * A value is the JSON text it came as; a counter has a count instead. The key '' is the store's own mark: its value names
 * format and incarnation, its version is the sequence from which all versions come.
 */
const TABLES = `
  create table sendwarden_entries (
    key text primary key not null,
    value text,
    count integer,
    version integer not null,
    expires_at real,
    check ((value is null) <> (count is null))
  ) strict;
  create index sendwarden_entries_expiry on sendwarden_entries (expires_at) where expires_at is not null;`

/** The mark of the store, which is made where there is none: of many processes that start at once, one makes it. */
export function findOrMakeStore(db: SqliteDatabase, file: string, create: boolean): string {
  db.exec('begin immediate')
  try {
    const mark = findOrMake(db, file, create)
    // Changes nothing: whoever may not write is to hear of it now.
    db.exec("update sendwarden_entries set version = version where key = ''; commit")
    return mark
  } catch (error) {
    rollBack(db)
    throw error
  }
}

function findOrMake(db: SqliteDatabase, file: string, create: boolean): string {
  if (db.prepare("select 1 from sqlite_schema where name = 'sendwarden_entries'").get() === undefined) {
    if (!create)
      throw new StorageError(
        'wiped',
        `${file} holds no store. If there was one, restore it; if there never was, open with create: true once.`,
      )
    db.exec(TABLES)
    db.prepare("insert into sendwarden_entries (key, value, version) values ('', ?, 0)").run(`${FORMAT} ${randomUUID()}`)
  }
  const mark = columnOf(db.prepare("select value from sendwarden_entries where key = ''").get(), 'value')
  if (typeof mark !== 'string')
    throw new StorageError(
      'wiped',
      `The store in ${file} was emptied: its mark is gone, and limits with it. Restore it, or begin a new file knowingly.`,
    )
  const format = Number(mark.split(' ')[0])
  if (format !== FORMAT)
    throw new StorageError(
      'unavailable',
      `The store in ${file} has data format ${format}, and this version of sendwarden knows ${FORMAT}: upgrade sendwarden in this process.`,
    )
  return mark
}

export function incarnationOf(mark: string): string {
  return mark.slice(mark.indexOf(' ') + 1)
}
