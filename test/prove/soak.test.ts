import { describe, expect, test } from 'vitest'
import { betterSqlite3, NO_DRIVER } from '../storage/sqlite-drivers.js'
import { faultsOf, SOAK_ENGINES, type SoakSize, soak } from './soak.js'

/** The short form of `npm run prove -- soak`: as many days with less work. How long anything takes is not looked at. */
const SHORT: SoakSize = { rounds: 150, days: 120, contacts: 60, paceMs: 0, snapshotEvery: 2 ** 18 }
const PATIENCE_MS = 120_000

describe.each(SOAK_ENGINES)('on %s', (engine) => {
  test(
    'months of mixed work leave no more behind than weeks',
    async (context) => {
      const missing = engine === 'sqlite' && (await betterSqlite3()) === undefined
      if (missing && process.env.CI !== 'true') return context.skip(NO_DRIVER)
      expect(faultsOf(await soak(engine, 'sendwarden', SHORT), ['keys', 'heapMb', 'diskMb'])).toEqual([])
    },
    PATIENCE_MS,
  )
})

test(
  'the control, a storage that forgets nothing, keeps growing: the proof can fail',
  async () => {
    expect(faultsOf(await soak('file', 'control', SHORT), ['keys'])).toEqual([])
  },
  PATIENCE_MS,
)
