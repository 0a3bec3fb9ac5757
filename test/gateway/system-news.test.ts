import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Gateway } from '../../src/gateway/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, mail, world } from './world.js'

afterEach(() => {
  vi.useRealTimers()
})

/** The memory engine as an engine behind a network is: it does not call when something changes. */
function silent(storage = memoryStorage()): Storage {
  const { watch: _, ...rest } = storage
  return rest
}

type Told = Readonly<{ type: string; by: string; reason?: string; elsewhere?: true }>

/** What an idle gateway is told; `next` resolves with the next thing. */
function listening(gateway: Gateway) {
  const told: Told[] = []
  let heard: (() => void) | undefined
  const end = gateway.on('system', (event) => {
    told.push(event)
    heard?.()
  })
  return {
    told,
    end,
    async next(): Promise<Told | undefined> {
      const before = told.length
      await new Promise<void>((resolve) => {
        heard = resolve
        if (told.length > before) resolve()
      })
      return told[before]
    },
  }
}

describe.each([
  ['calls', () => memoryStorage()],
  ['is asked', silent],
])('an idle gateway on an engine that %s', (_, newStorage) => {
  async function pair() {
    const storage = newStorage()
    const first = await world({ storage })
    const idle = gatewayOn(first, storage)
    await first.gateway.open()
    await idle.gateway.open()
    return { first, idle, ...listening(idle.gateway) }
  }

  test('is told of a stop, a pause, a switch and a mode by another process, and of their ends', async () => {
    const { first, told, next, end } = await pair()
    const { system } = first.gateway
    const steps: [() => Promise<void>, object][] = [
      [
        () => system.emergencyStop({ reason: 'list leaked', by: 'maria' }),
        { type: 'emergency_stop', by: 'maria', reason: 'list leaked' },
      ],
      [() => system.liftEmergencyStop({ by: 'maria' }), { type: 'lift_emergency_stop', by: 'somebody' }],
      [() => system.enterMaintenance({ reason: 'upgrade', by: 'otto' }), { type: 'enter_maintenance', by: 'otto' }],
      [() => system.leaveMaintenance(), { type: 'leave_maintenance' }],
      [() => system.switchOff('channel', 'sms', { reason: 'carrier' }), { type: 'switch_off', reason: 'carrier' }],
      [() => system.switchOn('channel', 'sms'), { type: 'switch_on' }],
      [() => system.setMode('shadow', { by: 'ann' }), { type: 'set_mode', by: 'ann' }],
    ]
    for (const [act, expected] of steps) {
      const [news] = await Promise.all([next(), act()])
      expect(news).toMatchObject({ ...expected, elsewhere: true })
    }
    expect(told).toHaveLength(steps.length)
    end()
  })

  test('is told of its own events once, as they were given', async () => {
    const { first, idle, told, next, end } = await pair()
    await idle.gateway.system.emergencyStop({ reason: 'leak', by: 'maria' })
    await Promise.all([next(), first.gateway.system.liftEmergencyStop()])
    expect(told).toEqual([
      { type: 'emergency_stop', by: 'maria', reason: 'leak' },
      { type: 'lift_emergency_stop', by: 'somebody', elsewhere: true },
    ])
    end()
  })
})

test('an engine that has to be asked is asked for one key twice a second while somebody listens, and never otherwise', async () => {
  vi.useFakeTimers()
  const storage = silent()
  const { gateway } = await world({ storage })
  const read = vi.spyOn(storage, 'read')
  const end = gateway.on('system', () => undefined)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read, 'before it was opened').toHaveBeenCalledTimes(0)
  await gateway.open()
  read.mockClear()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read.mock.calls).toEqual(Array.from({ length: 20 }, () => [['system']]))
  end()
  gateway.on('outcome', () => undefined)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read).toHaveBeenCalledTimes(20)
})

test('a process that only listens ends by itself', () => {
  const script = `
    const { createGateway, memoryStorage } = await import('./src/index.ts')
    const { watch, ...storage } = memoryStorage()
    const gateway = createGateway({ agents: { a: 'QUEEN' }, storage })
    gateway.on('system', () => undefined)
    await gateway.open()`
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { timeout: 25_000 })
  expect(status).toBe(0)
})

test('a storage that does not answer is a fault told once, until it answers again', async () => {
  vi.useFakeTimers()
  const storage = silent()
  const { gateway } = await world({ storage })
  await gateway.open()
  const faults: unknown[] = []
  gateway.on('fault', (fault) => faults.push(fault))
  const end = gateway.on('system', () => undefined)
  for (const round of [1, 2]) {
    const read = vi.spyOn(storage, 'read').mockRejectedValue(new Error('gone'))
    await vi.advanceTimersByTimeAsync(3000)
    expect(faults).toHaveLength(round)
    read.mockRestore()
    await vi.advanceTimersByTimeAsync(3000)
  }
  end()
})

test("another process's stop raises no second alert", async () => {
  const storage = memoryStorage()
  const alerts: string[] = []
  const send = async ({ code }: { readonly code: string }) => void alerts.push(code)
  const first = await world({ storage, alerts: { send } })
  const idle = gatewayOn(first, storage, { alerts: { send } })
  await idle.gateway.open()
  const { next } = listening(idle.gateway)
  await Promise.all([next(), first.gateway.system.emergencyStop({ reason: 'leak' })])
  expect(alerts).toEqual(['system.emergency_stop'])
})

describe('between its begin commit and its call', () => {
  /** Holds the first action up for `ms` once its begin commit is stored; `meanwhile` happens then. */
  function held(storage: Storage, meanwhile: () => Promise<unknown>): Storage {
    let done = false
    return {
      ...storage,
      async commit(batches) {
        const results = await storage.commit(batches)
        if (!done && batches.some((batch) => batch.some(({ key }) => key.startsWith('intent/')))) {
          done = true
          await meanwhile()
        }
        return results
      },
    }
  }

  test('a process that was held up hears of a stop given elsewhere: nothing is sent, and its units come back', async () => {
    const inner = memoryStorage()
    const storage = held(inner, async () => {
      await other.gateway.system.emergencyStop({ reason: 'leak' })
      made.clock.advance(501)
    })
    const made = await world({ storage, guardrails: { email: { perDay: 1 } } })
    const other = gatewayOn(made, inner)
    expect(codesOf(await made.outreach.execute(mail(made.ann.id)))).toEqual(['system.emergency_stop'])
    expect(made.fake.sent).toHaveLength(0)
    await other.gateway.system.liftEmergencyStop()
    expect(await made.outreach.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('and that cannot ask any more has certainly not sent', async () => {
    const storage = held(memoryStorage(), async () => {
      made.clock.advance(501)
      vi.spyOn(storage, 'read').mockRejectedValueOnce(new Error('gone'))
    })
    const made = await world({ storage })
    const outcome = await made.outreach.execute(mail(made.ann.id))
    expect(outcome).toMatchObject({ status: 'failed' })
    expect(JSON.stringify(outcome)).toMatch(/Nothing was sent: try again/)
    expect(made.fake.sent).toHaveLength(0)
  })
})

test('a stop is not forgotten over an older answer that was still under way', async () => {
  const storage = memoryStorage()
  const { gateway } = await world({ storage })
  await gateway.open()
  const { read } = storage
  const late = new Promise<() => void>((asked) => {
    vi.spyOn(storage, 'read').mockImplementationOnce(async (wanted) => {
      const found = await read(wanted)
      await new Promise<void>((answer) => asked(answer))
      return found
    })
  })
  const page = gateway.system.snapshot()
  const answer = await late
  await gateway.system.emergencyStop({ reason: 'leak' })
  answer()
  expect((await page).status).toBe('emergency')
})
