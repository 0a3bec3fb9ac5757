import { test } from 'vitest'
import { NO_DRIVER, type SqliteDriver, sqliteDrivers } from './sqlite-drivers.js'

/** The drivers there are. Where there are none, there is one skipped test that says so, which fails in CI. */
export async function driversOrSkip(): Promise<readonly SqliteDriver[]> {
  const drivers = await sqliteDrivers()
  if (drivers.length === 0)
    test('the SQLite engine runs on a real SQLite', (context) => {
      if (process.env.CI === 'true') throw new Error(`${NO_DRIVER}; CI needs one.`)
      context.skip(NO_DRIVER)
    })
  return drivers
}
