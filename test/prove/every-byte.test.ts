import { expect, test } from 'vitest'
import { cutEvery, flipEvery, forge, largeRecords, smallRecords } from './every-byte.js'

/** The short form of `npm run prove -- every-byte`: of the zeros at the end of a journal, a few. */
const STEP = 4099

test.each([
  { name: 'small records and two snapshots', make: smallRecords, least: 4000 },
  { name: 'records of several sectors', make: largeRecords, least: 10_000 },
])('a store with $name that was cut or changed at any byte is exact or refused, never less', async ({ make, least }) => {
  const specimen = await make()
  let cases = 0
  for (const path of specimen.files.keys()) {
    for (const { exact, refused, faults } of [await cutEvery(specimen, path, STEP), await flipEvery(specimen, path, STEP)]) {
      expect(faults).toEqual([])
      cases += exact + refused
    }
  }
  expect(cases).toBeGreaterThan(least)
})

test('an edited counter with its checksum mended is found by the proof: it can fail', async () => {
  expect((await forge(await smallRecords())).faults).toHaveLength(1)
})
