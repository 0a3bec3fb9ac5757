import { expect, test } from 'vitest'
import { createCounters } from '../../src/limits/counters.js'
import { type PersonLimit, personWindows, refusals, reserve } from '../../src/limits/index.js'

const HOUR = 3_600_000
const NOON = Date.parse('2026-01-14T17:00:00Z')
const florida: PersonLimit = { max: 3, perMs: 24 * HOUR, rule: 'law.fl-ftsa' }
const windows = (person: string, at?: number) =>
  personWindows({ location: 'loc', person, ...(at !== undefined && { at }) }, [florida])

test('the fourth text to one person within 24 hours is refused, names the law and says when the first is over', () => {
  const counters = createCounters()
  for (const hours of [5, 4, 3]) counters.add(reserve(windows('ann'), NOON - hours * HOUR), NOON - hours * HOUR)
  const [why] = refusals(windows('ann'), counters.entries, NOON)
  expect(why).toMatchObject({
    code: 'recipient.frequency_limit',
    rule: 'law.fl-ftsa',
    data: { limit: 3, used: 3 },
    message: expect.stringMatching(/^3 of 3 per 24 hours are used/),
  })
  expect(why?.retryAt).toBeGreaterThanOrEqual(NOON + 19 * HOUR)
  expect(why?.retryAt).toBeLessThanOrEqual(NOON + 19 * HOUR + (24 * HOUR) / 20)
})

test('others, and another location, are counted apart', () => {
  const counters = createCounters()
  for (let n = 0; n < 3; n++) counters.add(reserve(windows('ann'), NOON), NOON)
  expect(refusals(windows('bob'), counters.entries, NOON)).toEqual([])
  expect(refusals(personWindows({ location: 'loc2', person: 'ann' }, [florida]), counters.entries, NOON)).toEqual([])
})

test('two laws for one person are two counts, and a scheduled text counts when it leaves', () => {
  const both = personWindows({ location: 'loc', person: 'ann', at: NOON }, [florida, { ...florida, rule: 'law.ok-otsa' }])
  expect(new Set(both.map(({ key }) => key)).size).toBe(2)
  expect(both.map(({ at }) => at)).toEqual([NOON, NOON])
})
