import { expect, test } from 'vitest'
import { admit, breakerPolicy, createBreaker, initialState, restoreState, settle } from '../../src/circuit-breaker/index.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const DAY = 86_400_000

function opened(policy: Parameters<typeof createBreaker>[0]) {
  const clock = fakeClock()
  const breaker = createBreaker(policy, { clock })
  breaker.trip()
  return { clock, breaker }
}

test('1000 callers at a half-open circuit: only the three probes get through', () => {
  const { clock, breaker } = opened({ threshold: 5, openMs: 60_000, probes: 3 })
  clock.advance(60_000)
  const admitted = Array.from({ length: 1000 }, () => breaker.admit()).filter((asked) => asked.permit !== undefined)
  expect(admitted).toHaveLength(3)
})

test('four failures in January and one in March do not open the circuit', () => {
  const clock = fakeClock('2026-01-15T12:00:00Z')
  const breaker = createBreaker({ threshold: 5 }, { clock })
  const failOnce = () => breaker.settle(breaker.admit().permit ?? { gen: -1 }, 'failure')
  for (let i = 0; i < 4; i++) failOnce()
  clock.advance(50 * DAY)
  failOnce()
  expect(breaker.status()).toMatchObject({ state: 'closed', failures: 1 })
})

test('an open state without its times is not taken up, so it cannot stay open for ever', () => {
  const policy = breakerPolicy.parse({})
  const { state, restored } = restoreState({ v: 1, kind: 'open', gen: 2, round: 0, openedAt: null, retryAt: null }, policy, 0)
  expect({ kind: state.kind, restored }).toEqual({ kind: 'closed', restored: false })
})

test('a failure that arrives while the circuit is open does not start the period anew', () => {
  const { clock, breaker } = opened({ threshold: 1, openMs: 1000 })
  breaker.reset()
  const late = breaker.admit().permit ?? { gen: -1 }
  breaker.settle(breaker.admit().permit ?? { gen: -1 }, 'failure')
  clock.advance(900)
  expect(breaker.settle(late, 'failure')).toBe('stale')
  expect(breaker.status().retryAt).toBe(clock.now() + 100)
})

test('an error of the caller, classified neutral, does not count', async () => {
  const breaker = createBreaker({ threshold: 1 }, { classify: (ended) => (ended.ok ? undefined : 'neutral') })
  await expect(breaker.run(() => Promise.reject(new TypeError('no such field')))).rejects.toThrow('no such field')
  expect(breaker.state).toBe('closed')
})

test('asking whether a circuit is open moves nothing; only a call that takes a permit does', () => {
  const policy = breakerPolicy.parse({ threshold: 1, openMs: 1000, probes: 1 })
  const closed = initialState(policy, 0)
  const { state } = settle(closed, { gen: 1 }, 'failure', policy, 0)
  const asked = admit(state, policy, 1000)
  expect(state.kind).toBe('open')
  expect(asked.state.kind).toBe('half-open')
})
