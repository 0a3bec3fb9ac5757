import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runContentSuite } from '../conformance/content.js'

test('the same faults in other words, tags, languages and disguises are told, and harmless mails that look like them pass', () => {
  const cases = runContentSuite(JSON.parse(readFileSync('test/vectors/content-variants.json', 'utf8')))
  expect(cases.length).toBeGreaterThan(500)
  expect(cases.filter(({ ok }) => !ok)).toEqual([])
})
