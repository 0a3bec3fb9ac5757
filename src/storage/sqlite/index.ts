export type { SqliteDatabase, SqliteStatement } from './database.js'
export { type SqliteStorageOptions, sqliteStorage } from './sqlite-storage.js'
