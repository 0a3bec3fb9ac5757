import { requireSafeVersion } from '../../src/storage/sqlite/handle.js'
import type { SqliteDatabase } from '../../src/storage/sqlite/index.js'

export type Handle = SqliteDatabase & { close(): unknown }

/** A way to open SQLite files. */
export interface SqliteDriver {
  readonly name: 'better-sqlite3' | 'node:sqlite'
  open(file: string, options?: { readonly readonly?: boolean }): Handle
}

/** Why there may be none. */
export const NO_DRIVER =
  'better-sqlite3 is not installed (no prebuilt binary was reached, and python3, make or g++ is missing to build it) and this Node has no node:sqlite with SQLite 3.51.3 or newer'

/** The drivers that work here: an addon that may not have been built, and a module that comes with newer Nodes. */
export async function sqliteDrivers(): Promise<readonly SqliteDriver[]> {
  return [await betterSqlite3(), nodeSqlite()].filter((driver) => driver !== undefined)
}

export async function betterSqlite3(): Promise<SqliteDriver | undefined> {
  try {
    const { default: Database } = await import('better-sqlite3')
    return usable({ name: 'better-sqlite3', open: (file, options) => new Database(file, options) })
  } catch {
    return undefined
  }
}

function nodeSqlite(): SqliteDriver | undefined {
  const module = process.getBuiltinModule('node:sqlite')
  if (module === undefined || !('DatabaseSync' in module)) return undefined
  const DatabaseSync = module.DatabaseSync as new (file: string, options: { readonly readOnly: boolean }) => Handle
  return usable({
    name: 'node:sqlite',
    open: (file, options) => new DatabaseSync(file, { readOnly: options?.readonly === true }),
  })
}

function usable(driver: SqliteDriver): SqliteDriver | undefined {
  const db = driver.open(':memory:')
  try {
    requireSafeVersion(db)
    return driver
  } catch {
    return undefined
  } finally {
    db.close()
  }
}
