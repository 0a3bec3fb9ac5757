import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every alert the gateway raises is on the page for whoever is on call', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const raised = [...readFileSync('src/gateway/alarm.ts', 'utf8').matchAll(/code: (?:'([a-z_.]+)'|`([a-z_.]+)\$)/g)]
  const codes = raised.map(([, whole, family]) => whole ?? family ?? '')
  expect(codes.length).toBeGreaterThan(7)
  expect(codes.filter((code) => !page.includes(`\`${code}`))).toEqual([])
})
