import { expect, test } from 'vitest'
import { OWNERS, openBeside, stopOwner } from './lock-owners.js'
import { raceForLocks } from './locks.js'

/** The short form of `npm run prove -- locks`. */
test('a race for a stale lock has exactly one winner', async () => {
  expect(await raceForLocks(30, false)).toMatchObject({ winners: { none: 0, one: 30, more: 0 }, faults: [] })
})

test('a lock that is looked at, removed and made has more: the proof can fail', { timeout: 60_000 }, async () => {
  expect((await raceForLocks(2000, true)).winners.more).toBeGreaterThan(0)
})

for (const [name, { taken }] of Object.entries(OWNERS)) {
  test(`a lock of ${name} is ${taken ? 'taken over' : 'refused'}`, async () => {
    expect(await openBeside(name)).toBe(taken)
  })
}

test('an owner that was stopped while its lock was taken over acknowledges nothing more', async () => {
  const { known, told, faults } = await stopOwner(false)
  expect(told).toBeLessThanOrEqual(known)
  expect(faults).toEqual([])
})

test('an owner that does not look at its lock does: the proof can fail', async () => {
  const { known, told } = await stopOwner(true)
  expect(told).toBeGreaterThan(known)
})
