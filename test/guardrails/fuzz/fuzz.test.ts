import { expect, test } from 'vitest'
import { fuzz } from './fuzz.js'

test('random and mutated messages: no throw, no hang, the same answer twice', { timeout: 120_000 }, () => {
  expect(fuzz(20_261_125, 4000)).toEqual([])
})
