import { describe, expect, test, vi } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { commitOne, describeStorage, testClock } from './contract.js'

describeStorage('memoryStorage', async (clock) => {
  const storage = memoryStorage({ clock })
  await storage.open()
  return { storage, clock, dispose: () => storage.close() }
})

describe('memoryStorage', () => {
  test('takes the clock of the gateway that opens it, unless it was given one', async () => {
    const host = testClock(5)
    const storage = memoryStorage()
    await storage.open({ clock: host })
    expect(await storage.now()).toBe(5)
    const own = memoryStorage({ clock: testClock(7) })
    await own.open({ clock: host })
    expect(await own.now()).toBe(7)
  })

  test('tells watchers of a prefix about accepted changes only', async () => {
    const storage = memoryStorage()
    await storage.open()
    const changed = vi.fn()
    const stop = storage.watch?.('kill', changed)
    await commitOne(storage, [{ op: 'put', key: 'other', value: 1 }])
    await commitOne(storage, [{ op: 'put', key: 'kill', value: 1, version: 'wrong' }])
    expect(changed).not.toHaveBeenCalled()
    await commitOne(storage, [{ op: 'put', key: 'kill', value: 1 }])
    expect(changed).toHaveBeenCalledTimes(1)
    stop?.()
    await commitOne(storage, [{ op: 'put', key: 'kill', value: 2 }])
    expect(changed).toHaveBeenCalledTimes(1)
  })
})
