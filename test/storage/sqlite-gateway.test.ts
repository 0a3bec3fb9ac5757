import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import { testSharedGateways } from './shared-gateways.js'
import type { Handle } from './sqlite-drivers.js'
import { driversOrSkip } from './sqlite-or-skip.js'

const root = mkdtempSync(join(tmpdir(), 'sqlite-gateway-'))
const handles: Handle[] = []
let files = 0
afterAll(() => {
  for (const db of handles) db.close()
  rmSync(root, { recursive: true, force: true })
})

/** A handle that tells of its commits. */
function counting(db: Handle, committed: () => void): Pick<Handle, 'exec' | 'prepare'> {
  return {
    exec: (sql) => db.exec(sql),
    prepare(sql) {
      const statement = db.prepare(sql)
      if (sql !== 'commit') return statement
      return {
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
        run: (...values) => {
          committed()
          return statement.run(...values)
        },
      }
    },
  }
}

const [driver] = await driversOrSkip()
if (driver !== undefined)
  testSharedGateways(
    'SQLite file',
    () => {
      const file = join(root, `${files++}.db`)
      let commits = 0
      return {
        async open(clock) {
          const db = driver.open(file)
          handles.push(db)
          return sqliteStorage(
            counting(db, () => commits++),
            { clock },
          )
        },
        calls: () => commits,
      }
    },
    // Reading is no transaction that has to be synced.
    { action: 2, withLookUp: 2, withLookUpAndKey: 2 },
  )
