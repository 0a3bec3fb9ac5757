import { expect, test } from 'vitest'
import { createBreaker, isBreakerOpen } from '../../src/circuit-breaker/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const POLICY = { threshold: 3, openMs: 60_000, probes: 2 }

function setUp() {
  const clock = fakeClock()
  const breaker = createBreaker(POLICY, { name: 'ghl_api', clock })
  return { clock, breaker }
}

const ok = async () => 'ok'
const fail = async () => {
  throw new Error('503')
}

async function failTimes(breaker: { run: (fn: typeof fail) => Promise<unknown> }, times: number) {
  for (let i = 0; i < times; i++) await breaker.run(fail).catch(() => undefined)
}

test('a closed circuit opens after the threshold of failures, not before', async () => {
  const { breaker } = setUp()
  await failTimes(breaker, 2)
  expect(breaker.state).toBe('closed')
  await failTimes(breaker, 1)
  expect(breaker.state).toBe('open')
})

test('an open circuit calls nothing', async () => {
  const { breaker } = setUp()
  await failTimes(breaker, 3)
  let called = 0
  await expect(breaker.run(() => called++)).rejects.toSatisfy(isBreakerOpen)
  expect(called).toBe(0)
})

test('an open circuit is half-open after its period, to the millisecond', async () => {
  const { breaker, clock } = setUp()
  await failTimes(breaker, 3)
  clock.advance(59_999)
  expect(breaker.admit().denied?.code).toBe('breaker.open')
  clock.advance(1)
  expect(breaker.admit().permit).toBeDefined()
  expect(breaker.state).toBe('half-open')
})

test('a half-open circuit closes after as many successes as the policy asks', async () => {
  const { breaker, clock } = setUp()
  await failTimes(breaker, 3)
  clock.advance(60_000)
  await breaker.run(ok)
  expect(breaker.state).toBe('half-open')
  await breaker.run(ok)
  expect(breaker.state).toBe('closed')
})

test('a half-open circuit opens again at a failure, for a whole period', async () => {
  const { breaker, clock } = setUp()
  await failTimes(breaker, 3)
  clock.advance(60_000)
  await failTimes(breaker, 1)
  expect(breaker.state).toBe('open')
  expect(breaker.status().retryAt).toBe(clock.now() + 60_000)
})

test('the refusal says when to try again', async () => {
  const { breaker, clock } = setUp()
  await failTimes(breaker, 3)
  clock.advance(47_700)
  const error = await breaker.run(ok).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    message: "circuit breaker 'ghl_api' is open, retry in 12.3 s",
    code: 'breaker.open',
    retryAt: clock.now() + 12_300,
    retryAfterMs: 12_300,
  })
})

test('reset closes an open circuit at once and forgets its failures', async () => {
  const { breaker } = setUp()
  await failTimes(breaker, 3)
  breaker.reset()
  expect(await breaker.run(ok)).toBe('ok')
  await failTimes(breaker, 2)
  expect(breaker.state).toBe('closed')
})

test('the state survives a restart in a storage', async () => {
  const clock = fakeClock()
  const storage = memoryStorage({ clock })
  await storage.open()
  await failTimes(createBreaker(POLICY, { name: 'ghl_api', clock, storage }), 3)

  const later = createBreaker(POLICY, { name: 'ghl_api', clock, storage })
  await expect(later.run(ok)).rejects.toMatchObject({ code: 'breaker.open', retryAfterMs: 60_000 })
  clock.advance(60_000)
  expect(await later.run(ok)).toBe('ok')
})
