import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type CaseResult, SUITES, type SuiteName, VECTORS } from './suites.js'

describe.each(Object.keys(SUITES) as SuiteName[])('the %s vectors', (name) => {
  test('are all met, and no case is skipped without a reason', async () => {
    const run = await SUITES[name]()
    const cases: readonly CaseResult[] = await run(JSON.parse(readFileSync(`test/vectors/${VECTORS[name]}`, 'utf8')))
    expect(cases.filter(({ ok, skipped }) => !ok && (skipped === undefined || skipped === ''))).toEqual([])
    expect(cases.some(({ skipped }) => skipped === undefined)).toBe(true)
  })
})
