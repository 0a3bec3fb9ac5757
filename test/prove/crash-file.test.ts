import { expect, test } from 'vitest'
import { crashFile } from './crash-file.js'
import { POINTS } from './crash-points.js'

/** The short form of `npm run prove -- crash-file`. */
const KILLS = POINTS.length * 2

test('kill -9 at random and at each named point loses nothing that was acknowledged', { timeout: 120_000 }, async () => {
  const { kills, acknowledged, lost, faults } = await crashFile({ kills: KILLS, seed: 7 })
  expect({ kills, lost, faults }).toEqual({ kills: KILLS, lost: 0, faults: [] })
  expect(acknowledged).toBeGreaterThan(KILLS)
})

test('an engine that tells before it writes is found by the proof: it can fail', { timeout: 120_000 }, async () => {
  expect((await crashFile({ kills: POINTS.length, seed: 7, careless: true })).lost).toBeGreaterThan(0)
})
