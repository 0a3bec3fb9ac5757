import { expect, test } from 'vitest'
import { createLimiter, createLocalLimiter, type LimitWindow } from '../../src/limits/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const windows: LimitWindow[] = [
  {
    name: 'tokens.perHour',
    code: 'agent.hourly_limit',
    kind: 'rolling',
    key: 'q/tokens/hour',
    limit: 100,
    by: 1,
    lengthMs: 3_600_000,
  },
  {
    name: 'tokens.perDay',
    code: 'agent.hourly_limit',
    kind: 'calendar',
    key: 'q/tokens/day',
    limit: 150,
    by: 1,
    period: 'day',
    zone: 'UTC',
  },
]

async function limiterOn(clock = fakeClock()) {
  const storage = memoryStorage({ clock })
  await storage.open()
  return { clock, limiter: createLimiter(windows, { storage, clock }) }
}

test('a limiter takes from all windows or from none', async () => {
  const { limiter } = await limiterOn()
  expect((await limiter.take(100)).ok).toBe(true)
  expect(await limiter.take()).toMatchObject({ ok: false, reasons: [{ rule: 'tokens.perHour', data: { used: 100, by: 1 } }] })
  expect((await limiter.remaining()).map(({ used }) => used)).toEqual([100, 100])
})
test('1000 takers at once get exactly what there is', async () => {
  const { limiter } = await limiterOn()
  const taken = await Promise.all(Array.from({ length: 1000 }, () => limiter.take()))
  expect(taken.filter(({ ok }) => ok)).toHaveLength(100)
})
test('what is refunded can be taken again', async () => {
  const { limiter } = await limiterOn()
  const taken = await limiter.take(100)
  if (taken.ok) await taken.refund()
  expect((await limiter.take(100)).ok).toBe(true)
})
test('retryAt of a refusal keeps its word', async () => {
  const { clock, limiter } = await limiterOn()
  await limiter.take(100)
  const refused = await limiter.take(50)
  clock.set(refused.ok ? 0 : (refused.reasons[0].retryAt ?? 0))
  expect((await limiter.take(50)).ok).toBe(true)
})
test('an outage of the storage is neither a yes nor a no: it is thrown', async () => {
  const storage = { commit: () => Promise.reject(new Error('down')), read: () => Promise.reject(new Error('down')) }
  await expect(createLimiter(windows, { storage }).take()).rejects.toThrow('down')
})
test('the local limiter says the same without storage', () => {
  const clock = fakeClock()
  const local = createLocalLimiter(windows, { clock })
  expect(local.take(100).verdict).toBe('allow')
  expect(local.take()).toMatchObject({ verdict: 'deny', reasons: [{ rule: 'tokens.perHour' }] })
  clock.advance(3_780_000)
  expect(local.take(51)).toMatchObject({ verdict: 'deny', reasons: [{ rule: 'tokens.perDay' }] })
  expect(local.take(50).verdict).toBe('allow')
  expect(local.remaining().map(({ remaining }) => remaining)).toEqual([50, 0])
})
