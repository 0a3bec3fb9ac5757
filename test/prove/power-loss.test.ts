import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CONTROLS, powerLoss, powerLossOf } from './power-loss.js'

/** The short form of `npm run prove -- power-loss`. */
test('a power cut at any call, with any part of what was not synced, loses nothing that was acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const { lost, faults } = await powerLoss(seed)
      expect({ lost, faults }).toEqual({ lost: 0, faults: [] })
    }),
    { numRuns: 200 },
  )
})

test.each(Object.entries(CONTROLS))('the control, %s, loses some: the proof can fail', async (_, breaks) => {
  expect((await powerLossOf(40, breaks)).lost).toBeGreaterThan(0)
})
