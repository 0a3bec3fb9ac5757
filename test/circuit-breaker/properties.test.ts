import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  admit,
  type BreakerPolicyInput,
  type BreakerState,
  breakerPolicy,
  disable,
  enable,
  exportState,
  initialState,
  isolate,
  type OutcomeKind,
  type Permit,
  parseState,
  release,
  reset,
  restore,
  settle,
  shutdown,
  trip,
} from '../../src/circuit-breaker/index.js'

type Step =
  | { do: 'admit' }
  | { do: 'settle'; which: number; outcome: OutcomeKind; retryAfterMs: number }
  | { do: 'wait'; ms: number }
  | { do: 'hand'; what: number }

const outcome = fc.constantFrom<OutcomeKind>('success', 'failure', 'failure', 'neutral', 'local')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('admit' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(30), outcome, retryAfterMs: fc.nat(3000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: -2000, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hand' as const), what: fc.nat(6) }) },
)
const steps = fc.array(step, { maxLength: 60 })

const policies: fc.Arbitrary<BreakerPolicyInput> = fc.constantFrom<BreakerPolicyInput>(
  { threshold: 2, openMs: 1000, probes: 3, growth: 2, jitter: 0.3 },
  { trip: { kind: 'count', size: 5, rate: 0.5, minCalls: 2 }, openMs: 1000, warmUpMs: 500 },
  { trip: { kind: 'count', size: 40, rate: 0.2, minCalls: 3 }, openMs: 500, slow: { overMs: 10 } },
  { trip: { kind: 'time', windowMs: 4000, rate: 0.5, minCalls: 2 }, openMs: 1000, halfOpen: { maxConcurrent: 2, leaseMs: 700 } },
  { threshold: 1, openMs: 200, halfOpen: undefined, probes: 1 },
  {
    trip: { kind: 'consecutive', failures: 1 },
    openMs: 300,
    halfOpen: { maxConcurrent: 4, sample: { calls: 3, maxFailureRate: 0.4 } },
  },
)

const HANDS: ((state: BreakerState, policy: ReturnType<typeof breakerPolicy.parse>, now: number) => BreakerState)[] = [
  (state) => reset(state),
  trip,
  (state) => disable(state),
  (state) => enable(state),
  (state, _, now) => isolate(state, 'ops', now, { expiresAt: now + 800 }),
  (state, _, now) => release(state, 'ops', now),
  (state) => shutdown(state),
]

/** Plays the steps and shows every state on the way. `keep` is what happens to a state between two steps. */
function play(input: BreakerPolicyInput, given: readonly Step[], keep: (state: BreakerState) => BreakerState) {
  const policy = breakerPolicy.parse(input)
  let now = 1_000_000
  let state = initialState(policy, now)
  const permits: Permit[] = []
  const seen: {
    state: BreakerState
    before: BreakerState
    counted?: string
    denied?: unknown
    permit?: Permit | undefined
    settledOf?: Permit
    now: number
  }[] = []
  for (const one of given) {
    const before = state
    if (one.do === 'wait') now += one.ms
    else if (one.do === 'hand') state = HANDS[one.what]?.(state, policy, now) ?? state
    else if (one.do === 'admit') {
      const asked = admit(state, policy, now)
      state = asked.state
      if (asked.denied === undefined) permits.push(asked.permit)
      seen.push({ state, before, denied: asked.denied, permit: asked.permit, now })
    } else {
      const permit = permits[one.which % Math.max(1, permits.length)]
      if (permit === undefined) continue
      const settled = settle(
        state,
        permit,
        { kind: one.outcome, retryAfterMs: one.retryAfterMs, durationMs: one.retryAfterMs },
        policy,
        now,
      )
      state = settled.state
      seen.push({ state, before, counted: settled.counted, settledOf: permit, now })
    }
    state = keep(state)
  }
  return { seen, state, policy, now }
}

const same = (state: BreakerState) => state

test('a state that goes through JSON and back at every step decides the same', () => {
  fc.assert(
    fc.property(policies, steps, (policy, given) => {
      const kept = play(policy, given, (state) => {
        const back = parseState(JSON.parse(JSON.stringify(state)))
        if (back === null) throw new Error(`refused ${JSON.stringify(state)}`)
        return back
      })
      const told = (played: typeof kept) => played.seen.map(({ state, counted, denied }) => ({ state, counted, denied }))
      expect(told(kept)).toEqual(told(play(policy, given, same)))
    }),
  )
})

test('there are never more probes in flight than the policy allows, whatever the order of events', () => {
  const forward = steps.map((given) => given.filter((one) => one.do !== 'wait' || one.ms >= 0))
  fc.assert(
    fc.property(policies, forward, (input, given) => {
      const { seen, policy } = play(input, given, same)
      const { maxConcurrent, leaseMs } = policy.halfOpen
      const flying = new Map<string, number>()
      for (const { permit, settledOf, counted, state, now } of seen) {
        if (permit?.probe !== undefined) flying.set(JSON.stringify(permit), now)
        if (counted === 'counted' && settledOf !== undefined) flying.delete(JSON.stringify(settledOf))
        const inFlight = [...flying].filter(([id, at]) => JSON.parse(id).gen === state.gen && now < at + leaseMs)
        expect(inFlight.length).toBeLessThanOrEqual(maxConcurrent)
      }
    }),
  )
})

test('stale and expired results change nothing at all', () => {
  fc.assert(
    fc.property(policies, steps, (input, given) => {
      for (const { counted, state, before } of play(input, given, same).seen) {
        if (counted === 'stale' || counted === 'expired') expect(state).toBe(before)
      }
    }),
  )
})

test('an open circuit lets a probe in after its cap at the latest, wherever the clock was set', () => {
  fc.assert(
    fc.property(policies, steps, fc.integer({ min: -1e12, max: 1e12 }), (input, given, jump) => {
      const { state, policy, now } = play(input, given, same)
      if (state.kind !== 'open') return
      const { state: seen } = admit(state, policy, now + jump)
      const { denied } = admit(seen, policy, now + jump + policy.maxOpenMs)
      expect(denied?.code).not.toBe('breaker.open')
    }),
  )
})

test('the generation never goes back, and grows with every change of kind', () => {
  fc.assert(
    fc.property(policies, steps, (input, given) => {
      for (const { state, before } of play(input, given, same).seen) {
        expect(state.gen).toBeGreaterThanOrEqual(before.gen)
        if (state.kind !== before.kind) expect(state.gen).toBeGreaterThan(before.gen)
      }
    }),
  )
})

test('what was exported is taken up again, on any clock, and is not changed by it', () => {
  fc.assert(
    fc.property(policies, steps, fc.integer({ min: -1e10, max: 1e10 }), (input, given, skew) => {
      const { state, policy, now } = play(input, given, same)
      const snapshot = JSON.parse(JSON.stringify(exportState(state, now)))
      const text = JSON.stringify(snapshot)
      const { state: back, restored } = restore(snapshot, policy, now + skew)
      expect({ restored, kind: back.kind, text: JSON.stringify(snapshot) }).toEqual({ restored: true, kind: state.kind, text })
    }),
  )
})

test('anything at all can be offered as a saved state: what is not one starts closed', () => {
  const policy = breakerPolicy.parse({})
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), (junk) => {
      expect(restore(junk, policy, 0)).toEqual({ state: initialState(policy, 0), restored: false })
    }),
  )
})

test('500 callers at a half-open circuit: the permitted probes, no more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), (probes) => {
      const policy = breakerPolicy.parse({ threshold: 1, openMs: 1000, probes })
      let state = trip(initialState(policy, 0), policy, 0)
      let admitted = 0
      for (let i = 0; i < 500; i++) {
        const asked = admit(state, policy, 1000)
        state = asked.state
        if (asked.permit !== undefined) admitted++
      }
      expect(admitted).toBe(probes)
    }),
    { numRuns: 20 },
  )
})
