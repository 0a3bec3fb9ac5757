/** What is used of a handle: better-sqlite3's `Database` and the `DatabaseSync` of `node:sqlite` both have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
}

/** Bound values are texts, numbers and null. */
export interface SqliteStatement {
  run(...values: unknown[]): unknown
  /** A row as an object, or undefined. */
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
}

/** One column of a row; undefined where there is no row or no such column. */
export function columnOf(row: unknown, column: string): unknown {
  return typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>)[column] : undefined
}

/** Ends the transaction there is without effect. */
export function rollBack(db: SqliteDatabase): void {
  try {
    db.exec('rollback')
  } catch {
    // Some errors make SQLite roll back by itself.
  }
}
