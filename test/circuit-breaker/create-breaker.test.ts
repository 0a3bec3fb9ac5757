import { expect, test } from 'vitest'
import {
  createBreaker,
  denialReason,
  isBreakerOpen,
  parseRetryAfter,
  withCircuitBreaker,
} from '../../src/circuit-breaker/index.js'
import { isConfigError } from '../../src/core/errors.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const fail = () => Promise.reject(new Error('503'))

test('a value and an error pass through untouched, from an ordinary function too', async () => {
  const breaker = createBreaker()
  const error = new Error('mine')
  expect(await breaker.run(() => undefined)).toBe(undefined)
  await expect(
    breaker.run(() => {
      throw error
    }),
  ).rejects.toBe(error)
  expect(breaker.status().failures).toBe(1)
})

test('a caller that gives up does not count against the other side', async () => {
  const breaker = createBreaker({ threshold: 1 })
  const caller = new AbortController()
  const waiting = breaker.run((signal) => new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason))), {
    signal: caller.signal,
  })
  caller.abort()
  await expect(waiting).rejects.toThrow('aborted')
  expect(breaker.state).toBe('closed')
})

test('a timeout while the call runs is a failure of the other side', async () => {
  const breaker = createBreaker({ threshold: 1 })
  const timeout = new AbortController()
  const call = breaker.run(
    async (signal) => {
      timeout.abort(new DOMException('too slow', 'TimeoutError'))
      signal?.throwIfAborted()
    },
    { signal: timeout.signal },
  )
  await expect(call).rejects.toThrow('too slow')
  expect(breaker.state).toBe('open')
})

test('a signal aborted before the call: nothing is called and no probe is used up', async () => {
  const clock = fakeClock()
  const breaker = createBreaker({ openMs: 1000, probes: 1 }, { clock })
  breaker.trip()
  clock.advance(1000)
  let called = false
  await expect(
    breaker.run(
      () => {
        called = true
      },
      { signal: AbortSignal.abort() },
    ),
  ).rejects.toThrow('aborted')
  expect({ called, permit: breaker.admit().permit !== undefined }).toEqual({ called: false, permit: true })
})

test('a classifier that throws is no concern of the caller: the default judges', async () => {
  const breaker = createBreaker(
    { threshold: 1 },
    {
      classify: () => {
        throw new Error('a fault in the classifier')
      },
    },
  )
  expect(await breaker.run(() => 'ok')).toBe('ok')
  await expect(breaker.run(fail)).rejects.toThrow('503')
  expect(breaker.state).toBe('open')
})

test('a classifier tells failures from values, and passes the Retry-After of a response on', async () => {
  const clock = fakeClock()
  const breaker = createBreaker(
    { threshold: 1, openMs: 1000 },
    {
      clock,
      classify: (ended) =>
        ended.ok && ended.value === 429 ? { kind: 'failure', retryAfterMs: parseRetryAfter('90', 0) ?? 0 } : undefined,
    },
  )
  expect(await breaker.run(() => 429)).toBe(429)
  expect(breaker.status().retryAt).toBe(clock.now() + 90_000)
})

test('the refusal of a breaker inside does not open the one outside', async () => {
  const inner = createBreaker()
  inner.trip()
  const outer = createBreaker({ threshold: 1 })
  await expect(outer.run(() => inner.run(() => 1))).rejects.toSatisfy(isBreakerOpen)
  expect(outer.state).toBe('closed')
})

test('a hung probe parks nobody: the callers are refused at once, and its place is free after the lease', async () => {
  const clock = fakeClock()
  const breaker = createBreaker(
    { trip: { kind: 'consecutive', failures: 1 }, openMs: 1000, halfOpen: { leaseMs: 5000 } },
    { clock },
  )
  breaker.trip()
  clock.advance(1000)
  void breaker.run(() => new Promise(() => undefined))
  await expect(breaker.run(() => 1)).rejects.toMatchObject({ code: 'breaker.half_open_full', retryAfterMs: 5000 })
  clock.advance(5000)
  expect(await breaker.run(() => 1)).toBe(1)
})

test('setting the wall clock neither ends nor lengthens an open period', () => {
  const time = { wall: 1e12, mono: 50 }
  const breaker = createBreaker({ openMs: 1000 }, { clock: { now: () => time.wall, monotonic: () => time.mono } })
  breaker.trip()
  time.wall += 3_600_000
  const { denied } = breaker.admit()
  expect(denied).toEqual({ code: 'breaker.open', retryAt: time.wall + 1000, at: time.wall })
  time.wall -= 9_000_000
  time.mono += 1000
  expect(breaker.admit().permit).toBeDefined()
})

test('transitions are told, and what a listener throws changes nothing', async () => {
  const told: string[] = []
  const breaker = createBreaker(
    { threshold: 1 },
    {
      onTransition: (from, to) => {
        told.push(`${from}->${to}`)
        throw new Error('a fault in the listener')
      },
    },
  )
  await expect(breaker.run(fail)).rejects.toThrow('503')
  breaker.reset()
  expect(told).toEqual(['closed->open', 'open->closed'])
})

test('a decorated function keeps its arguments and its `this`; a fallback answers only for a refusal', async () => {
  const breaker = createBreaker({ threshold: 1 }, { name: 'clay_api' })
  const client = {
    base: 'clay:',
    find: withCircuitBreaker(breaker)(
      async function (this: { base: string }, id: string) {
        if (id === 'bad') throw new Error('503')
        return this.base + id
      },
      (refusal, id) => `${refusal.breaker} ${id}?`,
    ),
  }
  expect(await client.find('a')).toBe('clay:a')
  await expect(client.find('bad')).rejects.toThrow('503')
  expect(await client.find('b')).toBe('clay_api b?')
})

test('an impossible policy is refused with the path of every fault', () => {
  const bad = { threshold: 5, trip: { kind: 'count', size: 3, rate: 2, minCalls: 5 }, openMS: 1 } as never
  let error: unknown
  try {
    createBreaker(bad)
  } catch (thrown) {
    error = thrown
  }
  expect(isConfigError(error) && error.issues.map((issue) => issue.path)).toEqual([
    'breaker.trip.rate',
    'breaker',
    'breaker.threshold',
    'breaker.trip.minCalls',
  ])
  expect(String(error)).toContain('openMS')
})

test('Retry-After is read as seconds or as a date, and nonsense is nothing', () => {
  const now = Date.parse('2026-03-02T15:00:00Z')
  const read = ['120', '0', 'Mon, 02 Mar 2026 15:00:30 GMT', 'Mon, 02 Mar 2020 15:00:30 GMT', 'soon', '-5', '', null]
  expect(read.map((header) => parseRetryAfter(header, now))).toEqual([120_000, 0, 30_000, 0, ...Array(4).fill(undefined)])
})

test('a refusal as a reason names the breaker and the time', () => {
  expect(denialReason('ghl_api', { code: 'breaker.open', retryAt: 2500 }, 1000)).toEqual({
    code: 'breaker.open',
    stage: 'breaker',
    rule: 'breaker.open',
    message: "Circuit breaker 'ghl_api' is open, retry in 1.5 s.",
    data: { breaker: 'ghl_api' },
    retryAt: 2500,
  })
})
