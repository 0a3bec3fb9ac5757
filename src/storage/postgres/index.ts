export type { PostgresPool } from './pool.js'
export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.js'
export { postgresMigration } from './schema.js'
