import { expect, test } from 'vitest'
import { ghlHttp, type Http } from '../../src/http/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { gatewayOn, tally } from './second-gateway.js'
import { codesOf, evidence, mail, type World, world } from './world.js'

/** GHL's own limits out of the way, so that the e-mail limit is what binds. */
const WIDE = { perMonth: 1e6, perDay: 1e6, perDomainHour: 1e6, minDelayMs: 0 }
const GHL = { per10s: 1e6, perDay: 1e9 }
const ROLE = { permissions: ['send_email', 'read_contacts'], platforms: ['GoHighLevel'] }
const crowd = (perHour: number, more: object = {}) =>
  ({ agents: { outreach: ROLE }, guardrails: { email: { ...WIDE, perHour }, ghl: GHL }, ...more }) as Parameters<typeof world>[0]

async function roomy(config: Parameters<typeof world>[0]): Promise<World> {
  const made = await world(config)
  Object.assign(made.fake.limits, { burst: 1e6, daily: 1e9 })
  return made
}

function sendTo({ gateway, clock }: Pick<World, 'gateway' | 'clock'>, contactId: string) {
  return gateway
    .agent('outreach')
    .with({ grounding: evidence(contactId, clock) })
    .execute(mail(contactId))
}

const people = ({ fake }: World, count: number) =>
  Array.from({ length: count }, (_, n) => fake.addContact({ email: `p${n}@d${n}.example`, timezone: 'America/New_York' }).id)

test('1,000 sends at once to 1,000 people at a limit of 20 an hour: exactly 20 are received', async () => {
  const made = await roomy(crowd(20))
  const outcomes = await Promise.all(people(made, 1000).map((id) => sendTo(made, id)))
  expect(tally(outcomes)).toEqual({ executed: 20, blocked: 980 })
  expect(made.fake.received('POST /conversations/messages')).toHaveLength(20)
  expect(new Set(outcomes.flatMap(codesOf))).toEqual(new Set(['email.hourly_limit']))
})

test('1,000 sends at once to one person at a limit of 20: exactly 20 are received, and the lookups are shared', async () => {
  const made = await roomy(crowd(20))
  const outcomes = await Promise.all(Array.from({ length: 1000 }, () => sendTo(made, made.ann.id)))
  expect(tally(outcomes)).toEqual({ executed: 20, blocked: 980 })
  expect(made.fake.received('POST /conversations/messages')).toHaveLength(20)
  expect(made.fake.received({ method: 'GET' }).length).toBeLessThan(100)
})

test('two gateways on one storage share every limit: of 400 sends through both, 20 are received', async () => {
  const storage = memoryStorage()
  const first = await roomy(crowd(20, { storage }))
  const second = gatewayOn(first, storage, crowd(20))
  const ids = people(first, 400)
  const outcomes = await Promise.all(ids.map((id, n) => sendTo(n % 2 ? first : { ...first, ...second }, id)))
  expect(tally(outcomes)).toEqual({ executed: 20, blocked: 380 })
  expect(first.fake.received('POST /conversations/messages')).toHaveLength(20)
})

test("an agent's hour is kept under a burst, by two gateways too", async () => {
  const storage = memoryStorage()
  const agents = { outreach: { ...ROLE, limitsPerHour: { email_send: 7 } } }
  const first = await roomy({ ...crowd(1e6, { storage }), agents } as never)
  const second = gatewayOn(first, storage, { ...crowd(1e6), agents } as never)
  const outcomes = await Promise.all(people(first, 60).map((id, n) => sendTo(n % 2 ? first : { ...first, ...second }, id)))
  expect(tally(outcomes)).toEqual({ executed: 7, blocked: 53 })
})

test('the minimum delay lets one of many through', async () => {
  const made = await roomy({ ...crowd(1e6), guardrails: { email: { ...WIDE, perHour: 1e6, minDelayMs: 30_000 }, ghl: GHL } })
  const outcomes = await Promise.all(people(made, 50).map((id) => sendTo(made, id)))
  expect(tally(outcomes)).toEqual({ executed: 1, blocked: 49 })
})

test('one idempotency key used by 100 at once sends once', async () => {
  const made = await roomy(crowd(1e6))
  const once = made.outreach.with({ idempotencyKey: 'welcome' })
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => once.execute(mail(made.ann.id))))
  expect(made.fake.sent).toHaveLength(1)
  expect(new Set(outcomes.flatMap(codesOf))).toEqual(new Set(['idempotency.in_flight']))
  expect(await once.execute(mail(made.ann.id))).toMatchObject({ status: 'executed' })
  expect(made.fake.sent).toHaveLength(1)
})

test('500 callers at a half-open breaker, from two gateways: only the permitted probes go out', async () => {
  const storage = memoryStorage()
  const breakers = { email_sending: { threshold: 1, openMs: 1000, probes: 3 } }
  const first = await roomy(crowd(1e6, { storage, breakers }))
  const second = gatewayOn(first, storage, crowd(1e6, { breakers }))
  first.fake.fail({ match: { method: 'POST' }, status: 500 })
  await sendTo(first, first.ann.id)
  first.clock.advance(1000)
  const before = first.fake.received({ method: 'POST' }).length
  const hung = first.fake.fail({ match: { method: 'POST' }, times: Number.POSITIVE_INFINITY, delayMs: 300, status: 500 })
  const outcomes = await Promise.all(
    Array.from({ length: 500 }, (_, n) => sendTo(n % 2 ? first : { ...first, ...second }, first.ann.id)),
  )
  expect(hung.hits).toBe(3)
  expect(first.fake.received({ method: 'POST' })).toHaveLength(before + 3)
  expect(tally(outcomes)).toEqual({ unknown: 3, blocked: 497 })
})

test('a stop in the middle of 200 sends: after its acknowledgement nothing is handed to the transport, in two gateways', async () => {
  const storage = memoryStorage()
  let handed = 0
  const counting = (http: Http): Http => ({
    ...http,
    send(request, options) {
      if (request.method === 'POST') handed++
      return http.send(request, options)
    },
  })
  const made = await roomy(crowd(1e6, { storage }))
  const http = counting(ghlHttp({ token: made.fake.accessToken, locationId: made.fake.locationId, baseUrl: made.fake.url }))
  const first = gatewayOn(made, storage, { ...crowd(1e6), http })
  const second = gatewayOn(made, storage, { ...crowd(1e6), http })
  let atStop = -1
  let done = 0
  let stopping: Promise<void> | undefined
  const stop = async () => {
    await first.gateway.system.emergencyStop({ reason: 'leak' })
    atStop = handed
  }
  const outcomes = await Promise.all(
    people(made, 200).map(async (id, n) => {
      const outcome = await sendTo({ ...made, ...(n % 2 ? first : second) }, id)
      if (++done === 40) stopping = stop()
      return outcome
    }),
  )
  await stopping
  expect(atStop).toBeGreaterThan(0)
  expect(handed).toBe(atStop)
  expect(tally(outcomes)).toMatchObject({ executed: handed, blocked: 200 - handed })
  expect(made.fake.received('POST /conversations/messages')).toHaveLength(handed)
  expect(await made.gateway.unknowns.list()).toEqual([])
})

test('what a stop caught between its two steps is closed and its units come back', async () => {
  const storage = memoryStorage()
  const made = await roomy(crowd(1, { storage }))
  const sent = sendTo(made, made.ann.id)
  const stopAtBegin = storage.commit
  storage.commit = async (batches) => {
    const results = await stopAtBegin(batches)
    if (batches.some((batch) => batch.some(({ key }) => key.startsWith('intent/')))) {
      storage.commit = stopAtBegin
      await made.gateway.system.emergencyStop({ reason: 'leak' })
    }
    return results
  }
  expect(codesOf(await sent)).toEqual(['system.emergency_stop'])
  expect(made.fake.received({ method: 'POST' })).toHaveLength(0)
  await made.gateway.system.liftEmergencyStop()
  expect(await sendTo(made, made.ann.id)).toMatchObject({ status: 'executed' })
})
