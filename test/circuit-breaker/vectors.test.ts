import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runBreakerSuite } from '../conformance/breaker.js'

const results = runBreakerSuite(JSON.parse(readFileSync(new URL('../vectors/breaker-peer-cases.json', import.meta.url), 'utf8')))

test.each(results.map((result) => [result.id, result] as const))('%s', (_, result) => {
  expect(result).toEqual({ id: result.id, ok: true })
})

test('no case is skipped, and a wrong expectation is found', () => {
  expect(results).toHaveLength(35)
  const [wrong] = runBreakerSuite({
    cases: [
      {
        name: 'wrong',
        given: { config: { trip: { kind: 'consecutive', failures: 1 } } },
        events: [{ op: 'call', id: 'a', outcome: 'error' }],
        expected: { stateAfter: [{ afterEvent: 0, state: 'closed' }] },
      },
    ],
  })
  expect(wrong).toMatchObject({ ok: false, got: [{ 'state after event 0': 'open' }] })
})
