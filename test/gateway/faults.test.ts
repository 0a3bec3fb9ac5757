import { describe, expect, test } from 'vitest'
import { ghlHttp } from '../../src/http/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'
import { fakeClock } from '../../src/testing/index.js'
import { type Breakage, brokenStorage, type StorageCall } from './broken-storage.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, mail, world } from './world.js'

const posts = ({ fake }: Awaited<ReturnType<typeof world>>) => fake.received('POST /conversations/messages').length

/** The month's counter as it stands in storage. */
async function charged(storage: Storage): Promise<number> {
  const entries = await storage.scan('q/', { limit: 1000 })
  return entries.filter(({ key }) => key.includes('/email/month')).reduce((sum, { count }) => sum + (count ?? 0), 0)
}

describe('storage that cannot be used: nothing is sent, and it is said', () => {
  test.each<[StorageCall, Breakage]>([
    ['open', 'fails'],
    ['now', 'fails'],
    ['read', 'fails'],
    ['commit', 'fails'],
  ])('when every %s %s', async (call, how) => {
    const storage = brokenStorage()
    const made = await world({ storage })
    const faults: unknown[] = []
    made.gateway.on('fault', (error) => faults.push(error))
    storage.break(call, 1, how, 'from')
    const outcome = await made.outreach.execute(mail(made.ann.id))
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'system' })
    expect(codesOf(outcome)).toEqual(['storage.unavailable'])
    expect(posts(made)).toBe(0)
    expect(faults.length).toBeGreaterThan(0)
    storage.heal()
    expect(await made.outreach.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
  })

  test('a dry run says so too', async () => {
    const storage = brokenStorage()
    const { outreach, ann } = await world({ storage })
    storage.break('read', 1, 'fails', 'from')
    expect(await outreach.check(mail(ann.id))).toMatchObject({ verdict: 'deny', reasons: [{ code: 'storage.unavailable' }] })
  })

  test('and an operator is told that a stop could not be stored', async () => {
    const storage = brokenStorage()
    const { gateway } = await world({ storage })
    await gateway.open()
    storage.break('commit', 1, 'fails', 'from')
    await expect(gateway.system.emergencyStop({ reason: 'leak' })).rejects.toThrow(/broken/)
  })
})

/** How many calls of each kind one mail makes on an opened gateway. */
const CALLS: readonly [StorageCall, number][] = [
  ['commit', 4],
  ['read', 6],
]

describe.each(CALLS.flatMap(([call, most]) => Array.from({ length: most }, (_, k) => [call, k + 1] as const)))(
  'the %s number %i of a mail',
  (call, k) => {
    test('that fails leaves a refusal or the known outcome, never a second mail, never a mail that is not counted', async () => {
      const inner = memoryStorage()
      const storage = brokenStorage(inner)
      const made = await world({ storage })
      await made.gateway.open()
      storage.break(call, k, 'fails')
      const once = made.outreach.with({ idempotencyKey: 'k' })
      const outcome = await once.execute(mail(made.ann.id))
      storage.heal()
      expect(['executed', 'blocked']).toContain(outcome.status)
      if (outcome.status === 'blocked') expect(codesOf(outcome)).toEqual(['storage.unavailable'])
      expect(posts(made)).toBe(outcome.status === 'executed' ? 1 : 0)
      const again = await once.execute(mail(made.ann.id))
      expect(posts(made)).toBeLessThanOrEqual(1)
      expect(await charged(inner)).toBeGreaterThanOrEqual(posts(made))
      expect(['executed', 'unknown', 'blocked']).toContain(again.status)
    })

    test('that lands although it throws changes nothing: sent once, counted once', async () => {
      const inner = memoryStorage()
      const storage = brokenStorage(inner)
      const made = await world({ storage })
      await made.gateway.open()
      storage.break(call, k, 'lands')
      const outcome = await made.outreach.execute(mail(made.ann.id))
      storage.heal()
      if (call === 'commit') {
        expect(outcome).toMatchObject({ status: 'executed' })
        expect(await charged(inner)).toBe(1)
        expect(await inner.scan('intent/', { limit: 10 })).toEqual([])
      }
      expect(posts(made)).toBe(outcome.status === 'executed' ? 1 : 0)
    })
  },
)

test('a breaker written by a begin commit whose reply was lost is settled all the same', async () => {
  const storage = brokenStorage()
  const made = await world({ storage, breakers: { email_sending: { threshold: 1, openMs: 1000, probes: 1 } } })
  made.fake.fail({ match: { method: 'POST' }, status: 500 })
  await made.outreach.execute(mail(made.ann.id))
  made.clock.advance(1000)
  storage.break('commit', 1, 'lands')
  expect(await made.outreach.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
  expect(await made.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'closed' } })
})

test('a request for approval whose reply was lost is stored once, or not at all and said so', async () => {
  const storage = brokenStorage()
  const { gateway, outreach, ann } = await world({ storage })
  await gateway.open()
  const bulk = () => outreach.execute({ type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['a'], mode: 'add' })
  storage.break('commit', 1, 'lands')
  await bulk()
  expect(await bulk()).toMatchObject({ status: 'pending_approval' })
  expect(await gateway.approvals.list()).toHaveLength(1)
})

describe('a storage that lost its state', () => {
  const wipe = async (storage: Storage) => {
    for (const { key } of await storage.scan('', { limit: 10_000 })) await storage.commit([[{ op: 'del', key }]])
  }

  test('is noticed by the next action: every limit would be forgotten, so nothing is sent', async () => {
    const storage = memoryStorage()
    const made = await world({ storage })
    expect(await made.outreach.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
    await wipe(storage)
    for (let n = 0; n < 3; n++) expect(codesOf(await made.outreach.execute(mail(made.ann.id)))).toEqual(['storage.wiped'])
    expect(posts(made)).toBe(1)
  })

  test('asks no human either, and takes no stop for stored', async () => {
    const storage = memoryStorage()
    const { gateway, outreach, ann } = await world({ storage })
    await gateway.open()
    await wipe(storage)
    const bulk = { type: 'bulk_update_contacts', contactIds: [ann.id], tags: ['a'], mode: 'add' as const } as const
    expect(codesOf(await outreach.execute({ ...bulk, contactIds: [ann.id], tags: ['a'] }))).toEqual(['storage.wiped'])
    await expect(gateway.system.emergencyStop({ reason: 'leak' })).rejects.toThrow(/lost its state/)
  })

  test('is not used by a gateway that still runs after another one began afresh on it', async () => {
    const storage = memoryStorage()
    const first = await world({ storage })
    await first.outreach.execute(mail(first.ann.id))
    await wipe(storage)
    const second = gatewayOn(first, storage)
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(codesOf(await first.outreach.execute(mail(first.ann.id)))).toEqual(['storage.wiped'])
  })
})

test('a storage clock that differs from ours by more than two seconds is refused, and the refusal says by how much', async () => {
  const clock = fakeClock('2026-01-14T15:00:00Z')
  const storage = memoryStorage({ clock: fakeClock('2026-01-14T15:00:03Z') })
  const made = await world({ storage, clock })
  const outcome = await made.outreach.execute(mail(made.ann.id))
  expect(codesOf(outcome)).toEqual(['storage.unavailable'])
  expect(JSON.stringify(outcome)).toMatch(/3000 ms/)
  expect(posts(made)).toBe(0)
})

test('a stored system state that cannot be read may hold a stop: nothing is sent', async () => {
  const storage = memoryStorage()
  const made = await world({ storage })
  await storage.open()
  await storage.commit([[{ op: 'put', key: 'system', value: { emergency: 'yes' } }]])
  expect(codesOf(await made.outreach.execute(mail(made.ann.id)))).toEqual(['storage.unavailable'])
  expect(made.fake.calls).toHaveLength(0)
})

describe('stored state that is there and cannot be read forbids: nothing is sent', () => {
  const isolated = { v: 1, kind: 'isolated', gen: 2, holders: [{ name: 'maria', since: 1 }], after: 'closed' }
  test.each([
    ['a breaker that is garbage', 'breaker/email_sending', 'garbage'],
    ['a breaker that is null', 'breaker/email_sending', null],
    ['a breaker of a newer version', 'breaker/email_sending', { ...isolated, v: 2 }],
    ['a breaker whose holder is damaged', 'breaker/email_sending', { ...isolated, holders: [{ name: 'maria', since: 'x' }] }],
    ["a domain's health that is garbage", 'health/example.com', 'x'],
    ["a domain's health that is null", 'health/example.com', null],
    ["a domain's health of a newer version", 'health/example.com', { v: 2, daily: {} }],
    ["a domain's health whose rest is damaged", 'health/example.com', { days: {}, restUntil: 'x' }],
  ])('%s', async (_, key, value) => {
    const storage = memoryStorage()
    const made = await world({ storage })
    await storage.open()
    await storage.commit([[{ op: 'put', key, value }]])
    const outcome = await made.outreach.execute(mail(made.ann.id))
    expect(codesOf(outcome)).toEqual(['storage.unavailable'])
    expect(JSON.stringify(outcome)).toContain(key)
    expect(await made.outreach.check(mail(made.ann.id))).toMatchObject({ verdict: 'deny' })
    expect(posts(made)).toBe(0)
  })

  test('a breaker that became unreadable while GHL was asked: the action is closed all the same', async () => {
    const storage = memoryStorage()
    const made = await world({ storage }, (fake) => {
      const http = ghlHttp({ token: fake.accessToken, locationId: fake.locationId, baseUrl: fake.url })
      const damage = () => storage.commit([[{ op: 'put', key: 'breaker/email_sending', value: null }]])
      const send: typeof http.send = async (request, options) => {
        if (request.method === 'POST') await damage()
        return http.send(request, options)
      }
      return { http: { ...http, send } }
    })
    made.fake.fail({ match: { method: 'POST' }, times: 1, status: 422 })
    expect(await made.outreach.with({ idempotencyKey: 'k' }).execute(mail(made.ann.id))).toMatchObject({ status: 'failed' })
    expect(await storage.scan('intent/', { limit: 10 })).toEqual([])
    expect(codesOf(await made.outreach.execute(mail(made.ann.id)))).toEqual(['storage.unavailable'])
  })
})
