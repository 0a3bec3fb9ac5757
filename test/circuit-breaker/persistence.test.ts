import { expect, test } from 'vitest'
import { type BreakerPolicyInput, createBreaker } from '../../src/circuit-breaker/index.js'

const HOUR = 3_600_000

/** A machine whose wall clock can be set, and processes on it that come and go. */
function machine(policy: BreakerPolicyInput) {
  const time = { wall: 1e12, mono: 77 }
  const clock = { now: () => time.wall, monotonic: () => time.mono }
  let breaker = createBreaker(policy, { clock })
  return {
    breaker: () => breaker,
    wait(ms: number) {
      time.wall += ms
      time.mono += ms
    },
    setWallClock(by: number) {
      time.wall += by
    },
    restart(downMs = 0) {
      const snapshot = JSON.parse(JSON.stringify(breaker.export()))
      time.wall += downMs
      time.mono = 0
      breaker = createBreaker(policy, { clock, snapshot })
      return breaker
    },
    /** Ms until the next call may go; 0 = it went. */
    toWait() {
      const { denied } = breaker.admit()
      return denied === undefined ? 0 : (denied.retryAt ?? Number.POSITIVE_INFINITY) - denied.at
    },
    settle: (outcome: 'success' | 'failure') => breaker.settle(breaker.admit().permit ?? { gen: -1 }, outcome),
  }
}

test('an open circuit is open after a restart for the rest of its period', () => {
  const on = machine({ threshold: 1, openMs: 1000 })
  on.settle('failure')
  on.wait(400)
  expect(on.restart(100).restored).toBe(true)
  expect(on.toWait()).toBe(500)
})

test('a wall clock set back between two processes: the rest of the period, no hour more', () => {
  const on = machine({ threshold: 1, openMs: 1000 })
  on.settle('failure')
  on.wait(400)
  on.restart(-HOUR)
  expect(on.toWait()).toBe(600)
})

test('a wall clock set while a process runs does not change what the next one reads', () => {
  const on = machine({ threshold: 1, openMs: 1000 })
  on.settle('failure')
  on.setWallClock(-HOUR)
  on.wait(400)
  on.restart(100)
  expect(on.toWait()).toBe(500)
})

test('failures counted before a restart count after it', () => {
  const on = machine({ threshold: 2 })
  on.settle('failure')
  on.restart()
  on.settle('failure')
  expect(on.breaker().state).toBe('open')
})

test('holds by hand and a disabling survive, and a shutdown is for good', () => {
  const on = machine({})
  on.breaker().isolate('ops', { reason: 'GHL maintenance' })
  expect(on.restart().status()).toMatchObject({ state: 'isolated', holders: [{ name: 'ops', reason: 'GHL maintenance' }] })
  on.breaker().release('ops')
  on.breaker().disable()
  expect(on.restart().state).toBe('disabled')
  on.breaker().shutdown()
  expect(on.restart().state).toBe('shutdown')
})

test('the end of a hold is told by the wall clock of whoever asks', () => {
  const on = machine({})
  on.setWallClock(HOUR)
  on.breaker().isolate('ops', { expiresAt: 1e12 + HOUR + 5000 })
  expect(on.toWait()).toBe(5000)
  expect(on.breaker().status().retryAt).toBe(1e12 + HOUR + 5000)
  on.wait(5000)
  expect(on.breaker().state).toBe('closed')
})

test('an open period that a snapshot stretches beyond the policy is cut to its cap', () => {
  const policy = { openMs: 1000, maxOpenMs: 5000 }
  const state = { v: 1, kind: 'open', gen: 2, round: 0, openedAt: 1000, retryAt: 1e15 }
  const breaker = createBreaker(policy, { clock: { now: () => 1000 }, snapshot: JSON.stringify({ v: 1, savedAt: 1000, state }) })
  expect(breaker.admit().denied).toMatchObject({ retryAt: 6000 })
})
