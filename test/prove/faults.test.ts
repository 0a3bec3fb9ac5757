import { expect, test } from 'vitest'
import { CONTROLS, failEverywhere, KINDS } from './faults.js'
import { cannotMount, fillUp, replaceByLibraryAlone } from './full-disk.js'

test.each(KINDS)('%s at any call loses nothing that was acknowledged and replaces no good file by a bad one', async (kind) => {
  const { points, lost, faults } = await failEverywhere(kind)
  expect({ lost, faults }).toEqual({ lost: 0, faults: [] })
  expect(points).toBeGreaterThan(100)
})

test.each(Object.entries(CONTROLS))('the control, %s, is found: the proof can fail', async (_, { kind, breaks }) => {
  expect((await failEverywhere(kind, breaks)).faults).not.toEqual([])
})

const missing = await cannotMount()
test('a disk that is really full loses nothing that was acknowledged', async (context) => {
  if (missing !== undefined) return context.skip(missing)
  for (const pages of [0, 2, 17]) expect(await fillUp(pages)).toMatchObject({ lost: 0, faults: [] })
})

test('write-file-atomic alone replaces a good file by a truncated one on it', async (context) => {
  if (missing !== undefined) return context.skip(missing)
  const { before, meant, after } = await replaceByLibraryAlone()
  expect(after).not.toBe(before)
  expect(after).toBeLessThan(meant)
})
