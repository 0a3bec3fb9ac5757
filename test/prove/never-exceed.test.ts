import { describe, expect, test } from 'vitest'
import { SHARED_ENGINES } from './engines.js'
import { faultsOf, neverExceed } from './never-exceed.js'
import type { Size } from './never-exceed-work.js'

/** The short form of `npm run prove -- never-exceed`. */
const SHORT: Size = { processes: 3, attempts: 200, callers: 8, perMonth: 60, perDomain: 12, domains: 6 }

describe.each(Object.keys(SHARED_ENGINES))('limits shared by several processes on %s', (engine) => {
  test('are reached exactly, and every window agrees', async (context) => {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
    expect(faultsOf(await neverExceed(engine, 'guarded', SHORT), SHORT)).toEqual([])
  })

  test('are exceeded by the control that reads, compares and writes: the proof can fail', async (context) => {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
    expect((await neverExceed(engine, 'unguarded', SHORT)).accepted).toBeGreaterThan(SHORT.perMonth)
  })
})
