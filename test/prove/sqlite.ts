import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RateLimiterSQLite } from 'rate-limiter-flexible'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import { betterSqlite3, type Handle, NO_DRIVER } from '../storage/sqlite-drivers.js'
import { PEER_WINDOW_S, type SharedEngine } from './engine.js'

export const sqlite: SharedEngine = {
  async missing() {
    return (await betterSqlite3()) === undefined ? NO_DRIVER : undefined
  },
  async prepare(namespace) {
    const db = await open(namespace)
    await sqliteStorage(db).open()
    const peer = await openPeer(namespace)
    peer.exec('create table peer (key text primary key, points integer not null default 0, expire integer)')
    db.close()
    peer.close()
  },
  async connect(namespace) {
    const db = await open(namespace)
    const storage = sqliteStorage(db)
    await storage.open()
    const peer = await openPeer(namespace)
    return {
      storage,
      peer(name, points) {
        const limiter = new RateLimiterSQLite({
          storeClient: peer,
          storeType: 'better-sqlite3',
          tableName: 'peer',
          tableCreated: true,
          clearExpiredByTimeout: false,
          keyPrefix: name,
          points,
          duration: PEER_WINDOW_S,
        })
        return { consume: (key) => limiter.consume(key), used: async (key) => (await limiter.get(key))?.consumedPoints ?? 0 }
      },
      async close() {
        await storage.close()
        db.close()
        peer.close()
      },
    }
  },
  async drop(namespace) {
    for (const name of [namespace, `${namespace}_peer`])
      for (const end of ['', '-wal', '-shm']) rmSync(`${pathOf(name)}${end}`, { force: true })
  },
}

const pathOf = (name: string) => join(tmpdir(), `${name}.db`)

async function open(name: string): Promise<Handle> {
  const driver = await betterSqlite3()
  if (driver === undefined) throw new Error(NO_DRIVER)
  return driver.open(pathOf(name))
}

/** A file of its own with the same settings; a minute of patience, because with the driver's five seconds processes starve. */
async function openPeer(namespace: string): Promise<Handle> {
  const db = await open(`${namespace}_peer`)
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 60000')
  return db
}
