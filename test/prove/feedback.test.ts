import { describe, expect, test } from 'vitest'
import { SHARED_ENGINES } from './engines.js'
import { type FeedbackSize, faultsOf, feedback } from './feedback.js'

/** The short form of `npm run prove -- feedback`. */
const SHORT: FeedbackSize = { processes: 2, callers: 8, bounces: 40, stops: 10 }

describe.each(Object.keys(SHARED_ENGINES))('what GHL tells several processes on %s at once', (engine) => {
  test('counts once, and is known to all', async (context) => {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
    expect(faultsOf(await feedback(engine, 'sendwarden', SHORT), SHORT)).toEqual([])
  })

  test('is taken as new each time by the control, without guards and marks: the proof can fail', async (context) => {
    const missing = await SHARED_ENGINES[engine]?.missing()
    if (missing !== undefined && process.env.CI !== 'true') return context.skip(missing)
    expect(faultsOf(await feedback(engine, 'control', SHORT), SHORT)).toEqual([])
  })
})
