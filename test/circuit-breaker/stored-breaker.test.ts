import { expect, test } from 'vitest'
import { createBreaker } from '../../src/circuit-breaker/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { fakeClock } from '../../src/testing/fake-clock.js'

const POLICY = { threshold: 3, openMs: 1000, probes: 3 }
const fail = () => Promise.reject(new Error('503'))

async function setUp() {
  const clock = fakeClock()
  const inner = memoryStorage({ clock })
  await inner.open()
  const count = { commits: 0 }
  const storage: Storage = {
    ...inner,
    commit(batches) {
      count.commits++
      return inner.commit(batches)
    },
  }
  const open = (more = {}) => createBreaker(POLICY, { name: 'ghl_api', clock, storage, ...more })
  return { clock, storage, open, count }
}

test('on the healthy path nothing is written', async () => {
  const { open, count } = await setUp()
  const breaker = open()
  await Promise.all(Array.from({ length: 100 }, () => breaker.run(() => 'ok')))
  expect(count.commits).toBe(0)
})

test('failures seen by two processes add up, and both find the circuit open', async () => {
  const { open } = await setUp()
  const [one, two] = [open(), open()]
  for (const breaker of [one, two, one]) await expect(breaker.run(fail)).rejects.toThrow('503')
  await expect(one.run(() => 1)).rejects.toMatchObject({ code: 'breaker.open' })
  await expect(two.run(() => 1)).rejects.toMatchObject({ code: 'breaker.open' })
})

test('500 callers in five processes at a half-open circuit: three probes in all', async () => {
  const { open, clock } = await setUp()
  const breakers = Array.from({ length: 5 }, () => open())
  await breakers[0]?.trip()
  clock.advance(1000)
  let finish: () => void = () => undefined
  const probed = new Promise<void>((resolve) => {
    finish = resolve
  })
  let reached = 0
  let refused = 0
  const calls = Array.from({ length: 500 }, (_, index) =>
    breakers[index % 5]
      ?.run(() => {
        reached++
        return probed
      })
      .catch(() => refused++),
  )
  for (let tick = 0; tick < 10_000 && reached + refused < 500; tick++) await new Promise(setImmediate)
  expect({ reached, refused }).toEqual({ reached: 3, refused: 497 })
  finish()
  await Promise.all(calls)
  expect(await open().run(() => 'closed again')).toBe('closed again')
})

test('an isolation is seen by the other process and outlives the one that asked for it', async () => {
  const { open } = await setUp()
  await open().isolate('ops', { reason: 'GHL maintenance' })
  const other = open()
  await expect(other.run(() => 1)).rejects.toMatchObject({ code: 'breaker.isolated' })
  await other.release('ops')
  expect(await open().run(() => 1)).toBe(1)
})

test('a stored value that is no breaker is reported, starts closed, and is replaced by the next transition', async () => {
  const { open, storage } = await setUp()
  await storage.commit([[{ op: 'put', key: 'brk/ghl_api', value: { v: 99, st: 'banana' } }]])
  const reported: unknown[] = []
  const breaker = open({ onStorageError: (error: unknown) => reported.push(error) })
  expect(await breaker.run(() => 1)).toBe(1)
  expect(reported).toMatchObject([{ code: 'corrupt' }])
  await breaker.trip()
  await expect(open().run(() => 1)).rejects.toMatchObject({ code: 'breaker.open' })
})

test('a state that cannot be read lets nothing through', async () => {
  const { open, storage } = await setUp()
  const breaker = open({ storage: { ...storage, read: () => Promise.reject(new Error('connection lost')) } })
  let called = false
  const call = breaker.run(() => {
    called = true
  })
  await expect(call).rejects.toThrow('connection lost')
  expect(called).toBe(false)
})

test('a result that cannot be written is reported; the caller gets the result of the call', async () => {
  const { open, storage } = await setUp()
  const reported: unknown[] = []
  const broken = { ...storage, commit: () => Promise.reject(new Error('disk full')) }
  const breaker = open({ storage: broken, onStorageError: (error: unknown) => reported.push(error) })
  await expect(breaker.run(fail)).rejects.toThrow('503')
  expect(reported).toMatchObject([{ message: 'disk full' }])
})
