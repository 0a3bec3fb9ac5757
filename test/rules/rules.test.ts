import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RULES } from '../../src/guardrails/rules/rules.js'
import { rulesPage } from './rules-page.js'

test('docs/rules.md is what `npm run rules` writes', () => {
  expect(readFileSync('docs/rules.md', 'utf8')).toBe(rulesPage())
})

test('no law stands twice in the rules: an id has one entry for each pack, place and channel', () => {
  const keys = RULES.flatMap(({ id, pack, jurisdiction, channels }) =>
    channels.map((channel) => `${id} ${pack} ${jurisdiction} ${channel}`),
  )
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})

test('every rule says what it refuses, from where, and when that was read', () => {
  const incomplete = RULES.filter(
    ({ says, source, asOf }) => says.length < 10 || source === '' || !/^20\d\d-\d\d-\d\d$/.test(asOf),
  )
  expect(incomplete.map(({ id }) => id)).toEqual([])
})
