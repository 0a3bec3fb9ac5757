import { ConsecutiveBreaker, circuitBreaker, handleAll, isBrokenCircuitError, SamplingBreaker } from 'cockatiel'
import Opossum from 'opossum'
import { admit, breakerPolicy, createBreaker, initialState, settle } from '../../../src/circuit-breaker/index.js'
import { measure } from '../measure.js'
import type { Row } from '../report.js'

const N = 100_000
const call = async (): Promise<number> => 1

/** A healthy call through the breaker, and a call while it is open. The peers have one asynchronous step where we have two plain ones. */
export async function breaker(): Promise<readonly Row[]> {
  const policy = breakerPolicy.parse({})
  const own = createBreaker({})
  const ownTime = createBreaker({ trip: { kind: 'time', windowMs: 10_000, minCalls: 5, rate: 0.5 } })
  const ownOpen = createBreaker({})
  ownOpen.trip()
  const consecutive = circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) })
  const sampling = circuitBreaker(handleAll, {
    halfOpenAfter: 10_000,
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
  })
  const cockatielOpen = circuitBreaker(handleAll, { halfOpenAfter: 1e9, breaker: new ConsecutiveBreaker(1) })
  await cockatielOpen.execute(() => Promise.reject(new Error('down'))).catch(() => undefined)
  const opossum = new Opossum(call, { timeout: false })
  const opossumOpen = new Opossum(call, { timeout: false, resetTimeout: 1e9 })
  opossumOpen.open()
  let state = initialState(policy, Date.now())
  const timePolicy = breakerPolicy.parse({ trip: { kind: 'time', windowMs: 10_000, minCalls: 5, rate: 0.5 } })
  let timeState = initialState(timePolicy, 0)
  let passed = 0

  const took = await measure({
    bare: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await call()
      },
    },
    core: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) {
          const asked = admit(state, policy, i)
          if (asked.permit !== undefined) state = settle(asked.state, asked.permit, 'success', policy, i).state
        }
      },
    },
    coreTime: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) {
          const asked = admit(timeState, timePolicy, i)
          if (asked.permit !== undefined) timeState = settle(asked.state, asked.permit, 'success', timePolicy, i).state
        }
      },
    },
    own: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) {
          const { permit } = own.admit()
          if (permit !== undefined) own.settle(permit, 'success')
        }
      },
    },
    run: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await own.run(call)
      },
    },
    runTime: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await ownTime.run(call)
      },
    },
    cockatiel: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await consecutive.execute(call)
      },
    },
    sampling: {
      n: N,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await sampling.execute(call)
      },
    },
    opossum: {
      n: N / 2,
      run: async (n) => {
        for (let i = 0; i < n; i++) passed += await opossum.fire()
      },
    },
    refuse: {
      n: N,
      run: (n) => {
        for (let i = 0; i < n; i++) if (ownOpen.admit().denied !== undefined) passed++
      },
    },
    cockatielRefuse: {
      n: N / 10,
      run: async (n) => {
        for (let i = 0; i < n; i++)
          await cockatielOpen.execute(call).catch((error: unknown) => {
            if (isBrokenCircuitError(error)) passed++
          })
      },
    },
    opossumRefuse: {
      n: N / 10,
      run: async (n) => {
        for (let i = 0; i < n; i++)
          await opossumOpen.fire().catch(() => {
            passed++
          })
      },
    },
  })
  opossum.shutdown()
  opossumOpen.shutdown()
  const cockatielPeer = { name: 'cockatiel', rounds: took.cockatiel }
  if (passed === 0) throw new Error('Nothing was measured.')
  return [
    { what: 'bare asynchronous call', rounds: took.bare },
    { what: 'admit + settle, pure functions', rounds: took.core, peer: cockatielPeer, target: { fasterThanPeer: 1 } },
    {
      what: 'admit + settle, rate over 10 s, pure',
      rounds: took.coreTime,
      peer: { name: 'cockatiel sampling', rounds: took.sampling },
      target: { fasterThanPeer: 1 },
    },
    { what: 'breaker.admit() + settle()', rounds: took.own, peer: cockatielPeer, target: { fasterThanPeer: 1 } },
    { what: 'breaker.run(fn)', rounds: took.run, peer: cockatielPeer, target: { fasterThanPeer: 1 } },
    { what: 'breaker.run(fn)', rounds: took.run, peer: { name: 'opossum', rounds: took.opossum }, target: { fasterThanPeer: 1 } },
    {
      what: 'breaker.run(fn), rate over 10 s',
      rounds: took.runTime,
      peer: { name: 'cockatiel sampling', rounds: took.sampling },
      target: { fasterThanPeer: 1 },
    },
    {
      what: 'refused while open',
      rounds: took.refuse,
      peer: { name: 'cockatiel', rounds: took.cockatielRefuse },
      target: { fasterThanPeer: 1 },
    },
    { what: 'cockatiel execute, consecutive', rounds: took.cockatiel },
    { what: 'cockatiel execute, sampling', rounds: took.sampling },
    { what: 'cockatiel refused while open', rounds: took.cockatielRefuse },
    { what: 'opossum fire, no timeout', rounds: took.opossum },
    { what: 'opossum refused while open', rounds: took.opossumRefuse },
  ]
}
