import { expect, test } from 'vitest'
import { charge, correction, ghlLimits, rateLimitHeaders, refusals, remaining, reserve } from '../../src/limits/index.js'
import { createModel } from './model.js'

const now = Date.parse('2026-03-02T15:00:00Z')
const counted = { per10s: { limit: 100, used: 30 }, perDay: { limit: 200_000, used: 1000 } }

test('where GHL says less is left than we count, its figure holds and the difference is charged', () => {
  expect(correction({ max: 100, remaining: 10, dailyRemaining: 50 }, counted)).toEqual({
    per10s: { remaining: 10, charge: 60 },
    perDay: { remaining: 50, charge: 198_950 },
  })
})
test('where GHL says more is left, or says nothing, our count holds', () => {
  const ours = { per10s: { remaining: 70, charge: 0 }, perDay: { remaining: 199_000, charge: 0 } }
  expect(correction({ remaining: 99, dailyRemaining: 200_000 }, counted)).toEqual(ours)
  expect(correction({}, counted)).toEqual(ours)
})
test('a charge fills the window above its limit if need be, so that the next call waits', () => {
  const model = createModel()
  const windows = ghlLimits().windows({ location: 'l', calls: 1 })
  model.commit(reserve(windows, now), now)
  const [burst, day] = remaining(windows, model.entries, now)
  if (burst === undefined || day === undefined) throw new Error('two windows')
  const { per10s } = correction({ remaining: 0 }, { per10s: burst, perDay: day })
  model.commit(charge(burst.window, per10s.charge, now), now)
  expect(refusals(windows, model.entries, now)).toMatchObject([{ code: 'ghl.rate_limit', retryAt: now + 11_000 }])
})
test('headers are read when they are whole numbers, and not said when they are anything else', () => {
  expect(
    rateLimitHeaders({
      'x-ratelimit-max': '100',
      'x-ratelimit-remaining': ' 98 ',
      'x-ratelimit-interval-milliseconds': '10000',
      'x-ratelimit-limit-daily': '200000',
      'x-ratelimit-daily-remaining': '199950',
    }),
  ).toEqual({ max: 100, remaining: 98, intervalMs: 10_000, dailyLimit: 200_000, dailyRemaining: 199_950 })
  for (const bad of ['', '-1', 'NaN', '1e3', '0x10', 'Infinity', '1.5', '9'.repeat(20)]) {
    expect(rateLimitHeaders({ 'x-ratelimit-remaining': bad })).toEqual({})
  }
})
