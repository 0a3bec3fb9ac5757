import { describe, expect, test } from 'vitest'
import { SHARED_ENGINES } from './engines.js'
import { faultsOf, type StopSize, stop } from './stop.js'

/** The short form of `npm run prove -- stop`. */
const SHORT: StopSize = { processes: 2, callers: 8, messages: 60, attemptsAfter: 40, pollMs: 60_000 }

describe.each(Object.keys(SHARED_ENGINES))(
  'once an emergency stop was acknowledged to one of several processes on %s,',
  (engine) => {
    test('none of them begins anything', async (context) => {
      const missing = await SHARED_ENGINES[engine]?.missing()
      if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
      expect(faultsOf(await stop(engine, 'sendwarden', SHORT))).toEqual([])
    })

    test('the control, which looks at the switch once a minute, still begins some: the proof can fail', async (context) => {
      const missing = await SHARED_ENGINES[engine]?.missing()
      if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
      expect((await stop(engine, 'control', SHORT)).begunAfter).toBeGreaterThan(0)
    })
  },
)
