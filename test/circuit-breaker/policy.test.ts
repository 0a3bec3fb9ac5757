import { expect, test } from 'vitest'
import { breakerPolicy, breakersPolicy } from '../../src/circuit-breaker/index.js'

test.each([
  ['ghl_api', 5, 60_000],
  ['linkedin_api', 3, 300_000],
  ['supabase', 5, 30_000],
  ['clay_api', 5, 120_000],
  ['email_sending', 3, 600_000],
] as const)('%s opens after %i failures in a row for %i ms and closes after 3 successes', (name, failures, openMs) => {
  expect(breakersPolicy.parse(undefined)[name]).toMatchObject({
    trip: { kind: 'consecutive', failures },
    openMs,
    halfOpen: { maxConcurrent: 3, successesToClose: 3 },
  })
})

test('what is said of a service is laid over its defaults; other names are breakers of your own', () => {
  const policies = breakersPolicy.parse({
    linkedin_api: { threshold: 7 },
    ghl_api: { trip: { kind: 'count', size: 10, rate: 0.5 } },
    billing: { openMs: 5 },
  })
  expect(policies.linkedin_api).toMatchObject({ trip: { failures: 7 }, openMs: 300_000 })
  expect(policies.ghl_api).toMatchObject({ trip: { kind: 'count', minCalls: 10 }, halfOpen: { successesToClose: 3 } })
  expect(policies.billing).toMatchObject({ trip: { failures: 5 }, openMs: 5 })
})

test('a misspelt key is an error with its path', () => {
  const parsed = breakersPolicy.safeParse({ ghl_api: { treshold: 3 } })
  expect(parsed.error?.issues).toMatchObject([{ code: 'unrecognized_keys', path: ['ghl_api'], keys: ['treshold'] }])
})

test('a parsed policy can be parsed again and stays the same', () => {
  for (const given of [{}, { trip: { kind: 'time' as const, windowMs: 1000, rate: 0.1 }, slow: { overMs: 5 } }]) {
    const once = breakerPolicy.parse(given)
    expect(breakerPolicy.parse(once)).toEqual(once)
  }
})
