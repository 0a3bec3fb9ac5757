import { describe, expect, test } from 'vitest'
import { engineNamed, SHARED_ENGINES } from './engines.js'
import type { Size } from './never-exceed-work.js'
import { faultsOf, neverLose } from './never-lose.js'

/** The short form of `npm run prove -- never-lose`. */
const SHORT: Size = { processes: 4, attempts: 150, callers: 4, perMonth: 80, perDomain: 12, domains: 20 }
const SHORTER: Size = { ...SHORT, processes: 2 }

const CASES = Object.entries(SHARED_ENGINES).flatMap(([engine, { network }]) =>
  (network === undefined ? (['clients'] as const) : (['clients', 'server'] as const)).map((victim) => ({ engine, victim })),
)

describe.each(CASES)('on $engine, with kill -9 of $victim in the middle of the work,', ({ engine, victim }) => {
  const missing = async () => (victim === 'clients' ? engineNamed(engine).missing() : engineNamed(engine).network?.missing())

  test('what was acknowledged is counted, all windows agree, and no limit is passed', async (context) => {
    const why = await missing()
    if (why !== undefined && process.env.CI !== 'true') return context.skip(why)
    const size = victim === 'clients' ? SHORT : SHORTER
    expect(faultsOf(await neverLose(engine, victim, 'sendwarden', size), size)).toEqual([])
  })

  test('the control loses what it acknowledged: the proof can fail', async (context) => {
    const why = await missing()
    if (why !== undefined && process.env.CI !== 'true') return context.skip(why)
    expect((await neverLose(engine, victim, 'control', SHORTER)).lost).toBeGreaterThan(0)
  })
})
