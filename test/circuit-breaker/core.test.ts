import { describe, expect, test } from 'vitest'
import {
  admit,
  type BreakerPolicyInput,
  type BreakerState,
  breakerPolicy,
  type CallOutcome,
  disable,
  enable,
  initialState,
  isolate,
  type OutcomeKind,
  release,
  reset,
  settle,
  shutdown,
  trip,
} from '../../src/circuit-breaker/index.js'

/** A breaker of pure functions, driven by hand. */
function drive(input: BreakerPolicyInput) {
  const policy = breakerPolicy.parse(input)
  const at = { state: initialState(policy, 0) as BreakerState, now: 0 }
  const ask = () => {
    const asked = admit(at.state, policy, at.now)
    at.state = asked.state
    return asked
  }
  const end = (permit: ReturnType<typeof ask>['permit'], outcome: CallOutcome | OutcomeKind) => {
    const settled = settle(at.state, permit ?? { gen: -1 }, outcome, policy, at.now)
    at.state = settled.state
    return settled.counted
  }
  const call = (outcome: CallOutcome | OutcomeKind) => end(ask().permit, outcome)
  return { at, policy, ask, end, call }
}

describe('the healthy path', () => {
  test('a success changes nothing: the very same state comes back, so nothing has to be written', () => {
    const { at, call } = drive({ threshold: 5 })
    const before = at.state
    expect([call('success'), call('neutral'), call('local')]).toEqual(['counted', 'counted', 'counted'])
    expect(at.state).toBe(before)
  })

  test('a success between failures starts the count anew', () => {
    const { at, call } = drive({ threshold: 2 })
    for (const outcome of ['failure', 'success', 'failure', 'success', 'failure'] as const) call(outcome)
    expect(at.state.kind).toBe('closed')
  })
})

describe('the open period', () => {
  const reopen = (breaker: ReturnType<typeof drive>) => {
    const open = breaker.at.state
    if (open.kind !== 'open') throw new Error(`expected open, got ${open.kind}`)
    breaker.at.now = open.retryAt
    breaker.call('failure')
    return open.retryAt - open.openedAt
  }

  test('grows with each failed round of probes up to its cap, and is short again after the circuit was closed', () => {
    const breaker = drive({ threshold: 1, openMs: 1000, growth: 2, maxOpenMs: 5000, probes: 1 })
    breaker.call('failure')
    expect([reopen(breaker), reopen(breaker), reopen(breaker), reopen(breaker)]).toEqual([1000, 2000, 4000, 5000])
    breaker.at.now += 5000
    breaker.call('success')
    breaker.call('failure')
    expect(reopen(breaker)).toBe(1000)
  })

  test('is lengthened by Retry-After, never shortened, and never beyond the cap', () => {
    const period = (retryAfterMs: number) => {
      const { at, call } = drive({ threshold: 1, openMs: 1000, maxOpenMs: 60_000 })
      call({ kind: 'failure', retryAfterMs })
      return at.state.kind === 'open' && at.state.retryAt
    }
    expect([period(5000), period(10), period(1e9), period(Number.NaN)]).toEqual([5000, 1000, 60_000, 1000])
  })

  test('with jitter lies between the period and its share above, and differs between breakers', () => {
    const periods = Array.from({ length: 100 }, (_, index) => {
      const breaker = drive({ threshold: 1, openMs: 1000, jitter: 0.2 })
      breaker.at.now = index * 977
      breaker.call('failure')
      const { state } = breaker.at
      return state.kind === 'open' ? state.retryAt - state.openedAt : 0
    })
    expect(Math.min(...periods)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...periods)).toBeLessThanOrEqual(1200)
    expect(new Set(periods).size).toBeGreaterThan(50)
  })

  test('is at most one period more when the clock is set back, however far', () => {
    const { at, call, ask } = drive({ threshold: 1, openMs: 1000 })
    at.now = 3_600_000
    call('failure')
    at.now = 0
    expect(ask().denied).toEqual({ code: 'breaker.open', retryAt: 1000 })
    at.now = 1000
    expect(ask().permit).toBeDefined()
  })
})

describe('probes', () => {
  const halfOpen = (halfOpenPolicy: BreakerPolicyInput['halfOpen']) => {
    const breaker = drive({ trip: { kind: 'consecutive', failures: 1 }, openMs: 1000, halfOpen: halfOpenPolicy ?? {} })
    breaker.call('failure')
    breaker.at.now = 1000
    return breaker
  }

  test('one that never settles loses its place after its lease, and its late end is `expired`', () => {
    const { at, ask, end } = halfOpen({ leaseMs: 500 })
    const hung = ask().permit
    expect(ask().denied).toEqual({ code: 'breaker.half_open_full', retryAt: 1500 })
    at.now = 1500
    const next = ask().permit
    expect(next).toBeDefined()
    expect(end(hung, 'failure')).toBe('expired')
    expect(end(next, 'success')).toBe('counted')
    expect(at.state.kind).toBe('closed')
  })

  test('one that ends after its lease says nothing, also when nobody took its place', () => {
    const { at, ask, end } = halfOpen({ leaseMs: 500 })
    const hung = ask().permit
    at.now = 1500
    expect([end(hung, 'success'), at.state.kind]).toEqual(['expired', 'half-open'])
  })

  test('a lease is not longer when the clock is set back', () => {
    const { at, ask } = halfOpen({ leaseMs: 500 })
    ask()
    at.now = -1_000_000
    expect(ask().denied?.retryAt).toBe(-999_500)
    at.now = -999_500
    expect(ask().permit).toBeDefined()
  })

  test('of several in flight the first failure opens, and the others are stale', () => {
    const { at, ask, end } = halfOpen({ maxConcurrent: 3, successesToClose: 3 })
    const [a, b, c] = [ask().permit, ask().permit, ask().permit]
    expect(ask().denied?.code).toBe('breaker.half_open_full')
    expect([end(a, 'success'), end(b, 'failure'), end(c, 'success')]).toEqual(['counted', 'counted', 'stale'])
    expect(at.state.kind).toBe('open')
  })

  test('one whose caller gave up frees its place, or keeps it to the end of its lease if the policy says so', () => {
    for (const releaseOnCancel of [true, false]) {
      const { ask, end } = halfOpen({ releaseOnCancel })
      end(ask().permit, 'neutral')
      expect(ask().permit !== undefined).toBe(releaseOnCancel)
    }
  })

  test('an ended probe cannot be ended twice', () => {
    const { ask, end, at } = halfOpen({ successesToClose: 2 })
    const { permit } = ask()
    expect([end(permit, 'success'), end(permit, 'success')]).toEqual(['counted', 'expired'])
    expect(at.state.kind).toBe('half-open')
  })

  test('a sample is judged when it is complete: above its failure rate the circuit opens', () => {
    const sample = { calls: 4, maxFailureRate: 0.25 }
    const judged = (failures: number) => {
      const { at, call } = halfOpen({ maxConcurrent: 4, sample })
      for (let i = 0; i < 4; i++) call(i < failures ? 'failure' : 'success')
      return at.state.kind
    }
    expect([judged(1), judged(2)]).toEqual(['closed', 'open'])
  })

  test('no more probes are let in than a sample needs', () => {
    const { ask } = halfOpen({ maxConcurrent: 10, sample: { calls: 3, maxFailureRate: 0 } })
    expect(Array.from({ length: 10 }, ask).filter(({ permit }) => permit !== undefined)).toHaveLength(3)
  })
})

describe('windows', () => {
  test('results older than a time window do not count, also when nothing came in between', () => {
    const { at, call } = drive({ trip: { kind: 'time', windowMs: 10_000, rate: 0.5, minCalls: 5 } })
    for (let i = 0; i < 4; i++) call('failure')
    at.now = 3_600_000
    for (let i = 0; i < 10; i++) call('success')
    call('failure')
    expect(at.state.kind).toBe('closed')
  })

  test('a time window of any traffic stays small', () => {
    const { at, call } = drive({ trip: { kind: 'time', windowMs: 10_000, rate: 0.9, minCalls: 100 } })
    for (; at.now < 60_000; at.now += 7) call('success')
    expect(JSON.stringify(at.state).length).toBeLessThan(700)
  })

  test('slow calls open the circuit by their share; in a row they count as failures', () => {
    const slow = { overMs: 1000, rate: 0.5 }
    const byRate = drive({ trip: { kind: 'count', size: 4, rate: 1 }, slow })
    for (const durationMs of [10, 10, 2000, 1000]) byRate.call({ kind: 'success', durationMs })
    const inARow = drive({ threshold: 2, slow })
    for (const durationMs of [1000, 1000]) inARow.call({ kind: 'success', durationMs })
    expect([byRate.at.state.kind, inARow.at.state.kind]).toEqual(['open', 'open'])
  })

  test('no slow call at all is not too many, also at a rate of 0', () => {
    const { at, call } = drive({ trip: { kind: 'count', size: 4, rate: 1, minCalls: 1 }, slow: { overMs: 1000, rate: 0 } })
    call('success')
    call('failure')
    expect(at.state.kind).toBe('closed')
  })

  test('a window of another policy is not read as one of this', () => {
    const { at, call } = drive({ trip: { kind: 'count', size: 10, rate: 0.5 } })
    call('failure')
    const consecutive = breakerPolicy.parse({ threshold: 2 })
    const { state } = settle(at.state, { gen: 1 }, 'failure', consecutive, 0)
    expect(state).toMatchObject({ kind: 'closed', window: { kind: 'consecutive', failures: 1 } })
  })
})

describe('by hand', () => {
  test('isolating twice in one name is one hold, and releasing a stranger changes nothing', () => {
    const { at } = drive({})
    const held = isolate(isolate(at.state, 'ops', 0), 'ops', 1, { reason: 'GHL maintenance' })
    expect(release(held, 'somebody', 2)).toBe(held)
    expect(release(held, 'ops', 2).kind).toBe('closed')
  })

  test('a hold with an end is over then, and the refusal says when', () => {
    const { at, ask } = drive({})
    at.state = isolate(at.state, 'ops', 0, { expiresAt: 5000 })
    expect(ask().denied).toEqual({ code: 'breaker.isolated', retryAt: 5000 })
    at.now = 5000
    expect(ask().permit).toBeDefined()
  })

  test('a disabled breaker lets all through and counts nothing; enabled again it is clean', () => {
    const { at, call } = drive({ threshold: 1 })
    at.state = disable(at.state)
    call('failure')
    expect(at.state.kind).toBe('disabled')
    at.state = enable(at.state)
    expect(at.state).toMatchObject({ kind: 'closed', window: null })
  })

  test('an isolation outlasts reset, trip and disable, and gives way to what was asked meanwhile', () => {
    const { at, policy } = drive({})
    const held = disable(trip(reset(isolate(at.state, 'ops', 0)), policy, 0))
    expect(held.kind).toBe('isolated')
    expect(release(held, 'ops', 0).kind).toBe('disabled')
  })

  test('nothing brings a shut down breaker back', () => {
    const { at, policy } = drive({})
    const down = shutdown(at.state)
    for (const next of [reset(down), trip(down, policy, 0), enable(disable(down)), isolate(down, 'ops', 0)])
      expect(next).toBe(down)
  })
})
