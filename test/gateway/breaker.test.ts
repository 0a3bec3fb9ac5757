import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, evidence, mail, type World, world } from './world.js'

const OPENS = {
  breakers: {
    ghl_api: { threshold: 5, openMs: 60_000, probes: 3 },
    email_sending: { threshold: 3, openMs: 600_000, probes: 3 },
  },
  guardrails: { email: { perHour: 100, perDomainHour: 100 } },
}
const read = (made: World) => made.outreach.execute({ type: 'read_contact', contactId: made.ann.id })
/** A mail, with evidence fresh at the time. */
const send = ({ gateway, ann, clock }: World) =>
  gateway
    .agent('outreach')
    .with({ grounding: evidence(ann.id, clock) })
    .execute(mail(ann.id))

/** Mails answered with 503 until email_sending opens. */
async function openMail(made: World): Promise<void> {
  made.fake.fail({ match: { method: 'POST' }, times: 3, status: 503 })
  for (let n = 0; n < 3; n++) expect(await send(made)).toMatchObject({ status: 'unknown' })
}

test('a burst of 5xx opens it: the next call is refused unsent and told when to come back', async () => {
  const made = await world(OPENS)
  await openMail(made)
  const outcome = await send(made)
  expect(outcome).toMatchObject({ status: 'blocked', stage: 'breaker', retryAt: made.clock.now() + 600_000 })
  expect(codesOf(outcome)).toEqual(['breaker.open'])
  expect(made.fake.received({ method: 'POST' })).toHaveLength(3)
})

test('the refusal says in words which breaker and when to retry', async () => {
  const made = await world(OPENS)
  await openMail(made)
  expect(JSON.stringify(await send(made))).toMatch(/'email_sending' is open, retry in 600\.0 s/)
})

test('after the open period three probes that go well close it', async () => {
  const made = await world(OPENS)
  await openMail(made)
  made.clock.advance(599_999)
  expect(codesOf(await send(made))).toEqual(['breaker.open'])
  made.clock.advance(1)
  for (let n = 0; n < 3; n++) {
    expect(await made.gateway.breakers.status()).not.toMatchObject({ email_sending: { state: 'closed' } })
    expect(await send(made)).toMatchObject({ status: 'executed' })
  }
  expect(await made.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'closed' } })
})

test('one probe that fails opens it again', async () => {
  const made = await world(OPENS)
  await openMail(made)
  made.clock.advance(600_000)
  made.fake.fail({ match: { method: 'POST' }, status: 500 })
  expect(await send(made)).toMatchObject({ status: 'unknown' })
  expect(codesOf(await send(made))).toEqual(['breaker.open'])
})

test('refusals of GHL for business reasons are no failures: forty 422 leave it closed', async () => {
  const made = await world(OPENS)
  made.fake.fail({ match: { method: 'POST' }, times: 40, status: 422 })
  for (let n = 0; n < 40; n++) expect(await send(made)).toMatchObject({ status: 'failed', error: { status: 422 } })
  expect(await made.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'closed' } })
})

test('our own refusals are no failures either', async () => {
  const made = await world(OPENS)
  for (let n = 0; n < 10; n++) await made.outreach.execute(mail(made.ann.id, { subject: 'FREE MONEY', html: 'act now, winner!' }))
  expect(await made.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'closed' }, ghl_api: { state: 'closed' } })
})

test('a 429 with Retry-After says when to come back', async () => {
  const made = await world(OPENS)
  made.fake.fail({ match: { method: 'POST' }, status: 429, headers: { 'retry-after': '90' } })
  const outcome = await send(made)
  expect(outcome).toMatchObject({ status: 'failed', error: { status: 429 } })
  expect(outcome).toMatchObject({ retryAt: made.clock.now() + 90_000 })
})

test('a breaker opened by 429s stays open as long as Retry-After asks', async () => {
  const made = await world(OPENS)
  made.fake.fail({ match: { method: 'POST' }, times: 3, status: 429, headers: { 'retry-after': '1200' } })
  for (let n = 0; n < 3; n++) await send(made)
  expect(await send(made)).toMatchObject({ stage: 'breaker', retryAt: made.clock.now() + 1_200_000 })
})

test('mail and the rest of GHL break apart', async () => {
  const made = await world(OPENS)
  await openMail(made)
  expect(await read(made)).toMatchObject({ status: 'executed' })
  expect(await made.outreach.execute({ type: 'add_tag', contactId: made.ann.id, tags: ['x'] })).toMatchObject({
    status: 'executed',
  })
  expect(codesOf(await send(made))).toEqual(['breaker.open'])
})

test('an open ghl_api refuses reads too, and protective calls pass it', async () => {
  const made = await world(OPENS)
  made.fake.fail({ times: 5, status: 502 })
  for (let n = 0; n < 5; n++) await read(made)
  expect(codesOf(await read(made))).toEqual(['breaker.open'])
  const stop = { type: 'update_contact', contactId: made.ann.id, contact: { dnd: true } } as const
  expect(await made.outreach.execute(stop)).toMatchObject({ status: 'executed' })
  expect(await made.gateway.breakers.status()).toMatchObject({ ghl_api: { state: 'open' } })
})

test('who has no permission moves no breaker', async () => {
  const made = await world(OPENS)
  await openMail(made)
  made.clock.advance(600_000)
  expect(codesOf(await made.gateway.agent('scout').execute(mail(made.ann.id)))).toContain('permission.denied')
  expect(await made.gateway.breakers.status()).toMatchObject({ email_sending: { state: 'open' } })
})

test('a reset by an operator is seen by another gateway at its next action', async () => {
  const storage = memoryStorage()
  const first = await world({ ...OPENS, storage })
  await openMail(first)
  const other = { ...first, ...gatewayOn(first, storage, OPENS) }
  expect(codesOf(await send(other))).toEqual(['breaker.open'])
  await first.gateway.breakers.reset('email_sending', 'maria')
  expect(await send(other)).toMatchObject({ status: 'executed' })
})

test('a breaker opened by one gateway is open for the other', async () => {
  const storage = memoryStorage()
  const first = await world({ ...OPENS, storage })
  const other = { ...first, ...gatewayOn(first, storage, OPENS) }
  expect(await send(other)).toMatchObject({ status: 'executed' })
  await openMail(first)
  expect(codesOf(await send(other))).toEqual(['breaker.open'])
})

test('an isolated breaker holds until everybody who isolated it has let go', async () => {
  const made = await world(OPENS)
  await made.gateway.breakers.isolate('email_sending', { by: 'maria', reason: 'domain move' })
  await made.gateway.breakers.isolate('email_sending', { by: 'otto' })
  await made.gateway.breakers.release('email_sending', 'maria')
  expect(codesOf(await send(made))).toEqual(['breaker.isolated'])
  await made.gateway.breakers.release('email_sending', 'otto')
  expect(await send(made)).toMatchObject({ status: 'executed' })
})

test('a breaker nobody configured is an error, not an open door', async () => {
  const made = await world(OPENS)
  await expect(made.gateway.breakers.reset('email_sendin')).rejects.toThrow(/email_sending/)
})

describe('an isolation', () => {
  test.each([
    ['no hold', undefined],
    ['nobody', {}],
    ['an empty name', { by: '' }],
    ['a number for a name', { by: 7 }],
    ['a number for a reason', { by: 'maria', reason: 7 }],
    ['an end that is no number', { by: 'maria', expiresAt: Number.NaN }],
    ['an end as a Date', { by: 'maria', expiresAt: new Date('2099-01-01') }],
    ['an end in the past', { by: 'maria', expiresAt: 1 }],
  ])('with %s is refused, never taken without effect', async (_, hold) => {
    const made = await world(OPENS)
    await expect(made.gateway.breakers.isolate('email_sending', hold as never)).rejects.toThrow(TypeError)
    expect(await send(made)).toMatchObject({ status: 'executed' })
  })

  test('without an end may say so as Infinity', async () => {
    const storage = memoryStorage()
    const made = await world({ ...OPENS, storage })
    await made.gateway.breakers.isolate('email_sending', { by: 'maria', expiresAt: Number.POSITIVE_INFINITY })
    expect(codesOf(await send(made))).toEqual(['breaker.isolated'])
    expect(codesOf(await send({ ...made, ...gatewayOn(made, storage, OPENS) }))).toEqual(['breaker.isolated'])
  })
})
