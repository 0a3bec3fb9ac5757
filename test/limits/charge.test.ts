import { expect, test } from 'vitest'
import { charge, ghlLimits, refusals } from '../../src/limits/index.js'
import { createModel } from './model.js'

const now = Date.parse('2026-03-02T15:00:00Z')

test('a charge fills the window above its limit if need be, so that the next call waits', () => {
  const model = createModel()
  const windows = ghlLimits().windows({ location: 'l', calls: 1 })
  const [burst] = windows
  if (burst === undefined) throw new Error('no window')
  model.commit(charge(burst, 250, now), now)
  expect(refusals(windows, model.entries, now)).toMatchObject([{ code: 'ghl.rate_limit', retryAt: now + 11_000 }])
})
test('nothing is charged for no units, for a pace, and for what is not a number of units', () => {
  const [burst] = ghlLimits().windows({ location: 'l', calls: 1 })
  if (burst === undefined) throw new Error('no window')
  for (const units of [0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY]) expect(charge(burst, units, now)).toEqual([])
})
