import { describe, expect, test, vi } from 'vitest'
import { ghlHttp } from '../../src/http/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { createFakeGhl } from '../../src/testing/index.js'
import { type BrokenStorage, brokenStorage } from './broken-storage.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, mail, type World, world } from './world.js'

/** Long after the lease of an intent ran out, on the same working day. */
const LEASE_OVER = 130_000
const ONE = { guardrails: { email: { perHour: 1, minDelayMs: 0 } } }

/**
 * A process that dies: its storage hangs or its transport never answers from some point on, so nothing of it is
 * ever heard again. What it leaves is looked at through a second gateway on the same contents.
 */
async function twoLives() {
  const inner = memoryStorage()
  const storage = brokenStorage(inner)
  const second = await world({ ...ONE, storage: inner })
  const first = { ...second, ...gatewayOn(second, storage, ONE) }
  await first.gateway.open()
  return { first, second, inner, storage }
}

const posts = ({ fake }: World) => fake.received('POST /conversations/messages').length
const facts = ({ ann, fake }: World) => ({
  ...{ id: ann.id, emails: ['ann@acme.example'], phones: [], dndAll: false, dnd: [], tags: [] },
  ...{ timeZone: 'America/New_York', locationId: fake.locationId },
})
/** Waits until the dying process has come to its n-th commit since it opened (the opening is the first). */
const untilCommit = (storage: BrokenStorage, n: number) =>
  vi.waitFor(() => expect(storage.counts.commit).toBe(1 + n), { interval: 5 })

test('1 before the begin commit: nothing stored, nothing charged, the caller may try again', async () => {
  const { first, second, inner, storage } = await twoLives()
  storage.break('commit', 1, 'fails', 'from')
  expect(codesOf(await first.outreach.execute(mail(first.ann.id)))).toEqual(['storage.unavailable'])
  expect(await inner.scan('intent/', { limit: 10 })).toEqual([])
  expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  expect(posts(first)).toBe(1)
})

test('2 the begin commit landed and its reply was lost: the intent is our own, so it goes on', async () => {
  const { first, storage } = await twoLives()
  storage.break('commit', 1, 'lands')
  expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  expect(posts(first)).toBe(1)
})

describe('3 dead after the begin commit, before the call', () => {
  const die = async () => {
    const lives = await twoLives()
    const { first, storage } = lives
    storage.break('commit', 1, 'lands and hangs', 'from')
    first.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
    await untilCommit(storage, 1)
    return lives
  }

  test('leaves an intent that counts as being sent until its lease ends, then as unknown', async () => {
    const { first, second } = await die()
    expect(await second.gateway.unknowns.list()).toEqual([])
    first.clock.advance(LEASE_OVER)
    expect(await second.gateway.unknowns.list()).toMatchObject([{ agent: 'outreach', action: 'send_email' }])
    expect(posts(first)).toBe(0)
  })

  test('keeps its units and its key: nothing is sent in its place', async () => {
    const { first, second } = await die()
    const once = second.outreach.with({ idempotencyKey: 'k' })
    expect(codesOf(await once.execute(mail(first.ann.id)))).toEqual(['idempotency.in_flight'])
    expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['email.hourly_limit'])
    first.clock.advance(LEASE_OVER)
    expect(await once.execute(mail(first.ann.id))).toMatchObject({
      status: 'unknown',
      error: { message: expect.stringContaining('unknowns.reconcile()') },
    })
    expect(await second.gateway.unknowns.reconcile()).toMatchObject({ sent: [], held: [expect.any(String)] })
    expect(await once.execute(mail(first.ann.id))).toMatchObject({ status: 'unknown' })
    expect(posts(first)).toBe(0)
  })

  test('a human who looked lets it be tried again', async () => {
    const { first, second } = await die()
    first.clock.advance(3_900_000)
    const [left] = await second.gateway.unknowns.list()
    await second.gateway.unknowns.resolve(left?.actionId ?? '', 'not_sent', 'maria')
    const evidence = { source: 'ghl', dataId: first.ann.id, verifiedAt: first.clock.now() }
    const once = second.outreach.with({ idempotencyKey: 'k', grounding: evidence })
    expect(await once.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })
})

describe('4 what certainly did not happen comes back whole:', () => {
  test('a refused connection', async () => {
    const { first, second, inner } = await twoLives()
    const gone = await createFakeGhl()
    await gone.close()
    const http = ghlHttp({ token: 't', locationId: first.fake.locationId, baseUrl: gone.url })
    const dead = gatewayOn(first, inner, { ...ONE, http, resolveContact: async () => facts(first) })
    expect(await dead.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'failed' })
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })

  test.each([400, 401, 403, 404, 422, 429])('an answer %i', async (status) => {
    const { first, inner } = await twoLives()
    first.fake.fail({ match: { method: 'POST' }, status })
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'failed', error: { status } })
    expect(await inner.scan('intent/', { limit: 10 })).toEqual([])
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  })
})

test.each([408, 409, 425, 500, 502, 503, 504])(
  '5 after an answer %i it may have happened: charged, listed, never sent again',
  async (status) => {
    const { first } = await twoLives()
    first.fake.fail({ match: { method: 'POST' }, status })
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'unknown', error: { status } })
    expect(codesOf(await first.outreach.execute(mail(first.ann.id)))).toEqual(['email.hourly_limit'])
    expect(await first.gateway.unknowns.list()).toHaveLength(1)
    expect(posts(first)).toBe(1)
  },
)

test('5 a call that never answers ends as unknown at the deadline', async () => {
  const { first, second, inner } = await twoLives()
  const { host, locationId } = first.fake
  const http = { host, locationId, send: () => new Promise<never>(() => undefined) }
  const resolveContact = async () => facts(first)
  const dying = gatewayOn(first, inner, { ...ONE, http, resolveContact, deadlineMs: 100 })
  expect(await dying.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'unknown' })
  expect(await second.gateway.unknowns.list()).toMatchObject([{ error: expect.stringContaining('100 ms') }])
})

test('6 received by GHL, dead before the end commit: reconciling finds it and closes it as executed', async () => {
  const { first, second, storage } = await twoLives()
  storage.break('commit', 2, 'hangs', 'from')
  first.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
  await untilCommit(storage, 2)
  expect(posts(first)).toBe(1)
  first.clock.advance(LEASE_OVER)
  expect(await second.gateway.unknowns.reconcile()).toMatchObject({ sent: [expect.any(String)], held: [] })
  expect(await second.gateway.unknowns.list()).toEqual([])
  expect(await second.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  expect(posts(first)).toBe(1)
})

test('7 the end commit landed and its reply was lost: closed once, told as it is', async () => {
  const { first, inner, storage } = await twoLives()
  storage.break('commit', 2, 'lands')
  expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
  expect(await inner.scan('intent/', { limit: 10 })).toEqual([])
  const outcomes: unknown[] = []
  for await (const { status } of first.gateway.audit.records({ kind: 'outcome' })) outcomes.push(status)
  expect(outcomes).toEqual(['executed'])
})

test('8 dead after the end commit, before the caller heard: the same key gives the stored outcome', async () => {
  const { first, second } = await twoLives()
  const heard = await first.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
  const again = await second.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
  expect(again).toMatchObject({ status: 'executed', actionId: heard.actionId })
  expect(posts(first)).toBe(1)
})

test('9 a slow owner whose lease ended does not undo what was found out meanwhile', async () => {
  const { first, second, storage } = await twoLives()
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const commit = storage.commit
  let commits = 0
  storage.commit = async (batches) => {
    if (++commits === 2) await gate
    return commit(batches)
  }
  const slow = first.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
  await vi.waitFor(() => expect(commits).toBe(2), { interval: 5 })
  first.clock.advance(LEASE_OVER)
  expect(await second.gateway.unknowns.reconcile()).toMatchObject({ sent: [expect.any(String)] })
  release()
  expect(await slow).toMatchObject({ status: 'executed' })
  expect(await second.gateway.unknowns.list()).toEqual([])
  expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['email.hourly_limit'])
})

test.each([
  [undefined, 'executed'],
  [422, 'failed'],
] as const)("9 GHL's answer (%s) comes after others marked it unknown: the owner closes it", async (status, outcome) => {
  const { first, second } = await twoLives()
  const { fake, clock, ann } = first
  fake.fail({ match: { method: 'POST' }, times: 1, delayMs: 300, ...(status !== undefined && { status }) })
  const slow = first.outreach.with({ idempotencyKey: 'k' }).execute(mail(ann.id))
  await vi.waitFor(() => expect(posts(first)).toBe(1), { interval: 5 })
  clock.advance(LEASE_OVER)
  await second.gateway.unknowns.reconcile()
  expect(await second.gateway.unknowns.list()).toHaveLength(1)
  expect(await slow).toMatchObject({ status: outcome })
  expect(await second.gateway.unknowns.list()).toEqual([])
  const again = await second.outreach.with({ idempotencyKey: 'k' }).execute(mail(ann.id))
  expect(again).toMatchObject({ status: 'executed' })
  expect(fake.sent).toHaveLength(1)
})

test('10 a finding that a reconciliation overtakes is written all the same; of two findings the first one counts', async () => {
  const { first, second, inner, storage } = await twoLives()
  storage.break('commit', 1, 'lands and hangs', 'from')
  first.outreach.with({ idempotencyKey: 'k' }).execute(mail(first.ann.id))
  await untilCommit(storage, 1)
  first.clock.advance(LEASE_OVER)
  const read = async (keys: readonly string[]) => {
    const found = await inner.read(keys)
    if (keys[0]?.startsWith('intent/')) await second.gateway.unknowns.reconcile()
    return found
  }
  const third = gatewayOn(second, { ...inner, read }, ONE)
  const [left] = await second.gateway.unknowns.list()
  const actionId = left?.actionId ?? ''
  await third.gateway.unknowns.resolve(actionId, 'not_sent', 'maria')
  expect(await second.gateway.unknowns.list()).toEqual([])
  await expect(second.gateway.unknowns.resolve(actionId, 'sent', 'otto')).rejects.toThrow(/no open action/)
})

test('10 reconciling twice, by two at once, does it once', async () => {
  const { first, second } = await twoLives()
  first.fake.fail({ match: { method: 'POST' }, drop: 'after' })
  await first.outreach.execute(mail(first.ann.id))
  await Promise.all([first.gateway.unknowns.reconcile(), second.gateway.unknowns.reconcile()])
  expect(await first.gateway.unknowns.list()).toEqual([])
  const closed: unknown[] = []
  for await (const { action } of second.gateway.audit.records({ kind: 'operator' })) closed.push(action)
  expect(closed).toEqual(['unknown.executed'])
  expect(posts(first)).toBe(1)
})
