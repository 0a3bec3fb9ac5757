import { afterAll, describe, expect, test } from 'vitest'
import type { ContactFacts } from '../../src/core/contact.js'
import { gatewayOn } from '../gateway/second-gateway.js'
import { codesOf, MORNING, mail, type World, world } from '../gateway/world.js'
import { connect, type Database, storageOn } from './postgres-server.js'

/** The same database, counting the calls made. */
function counting(database: Database): Database & { calls: number } {
  const counted = {
    ...database,
    calls: 0,
    pool: {
      query(query: Parameters<Database['pool']['query']>[0]) {
        counted.calls++
        return database.pool.query(query)
      },
    },
  }
  return counted
}

const database = await connect()
afterAll(() => database.close())

/** Two gateways of two processes on one store, both on the first one's clock. */
async function pair(perDay = 150, lookUp: 'host' | 'ghl' = 'host') {
  const counted = counting(database)
  const schema = database.newSchema()
  const clock = { now: () => first?.clock.now() ?? Date.parse(MORNING) }
  let first: World | undefined
  const ann = (): ContactFacts => ({
    id: first?.ann.id ?? '',
    emails: ['ann@acme.example'],
    phones: [],
    dndAll: false,
    dnd: [],
    timeZone: 'America/New_York',
  })
  const config = { guardrails: { email: { perDay } }, ...(lookUp === 'host' && { resolveContact: async () => ann() }) }
  first = await world({ storage: await storageOn(counted, clock, { schema }), ...config })
  const second = gatewayOn(first, await storageOn(counted, clock, { schema }), config)
  return { first, second, counted }
}

describe('two gateways on one PostgreSQL store', () => {
  test('share their limits', async () => {
    const { first, second } = await pair(3)
    for (const agent of [first.outreach, second.outreach, first.outreach])
      expect(await agent.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    for (const agent of [first.outreach, second.outreach])
      expect(codesOf(await agent.execute(mail(first.ann.id)))).toEqual(['email.daily_limit'])
    expect(first.fake.sent).toHaveLength(3)
    await second.gateway.close()
  })

  test('a stop given in one is seen by the very next action of the other', async () => {
    const { first, second } = await pair()
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    await first.gateway.system.emergencyStop({ reason: 'list leaked' })
    expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    expect(first.fake.sent).toHaveLength(1)
    await second.gateway.close()
  })

  test('a full action costs a warm gateway two calls of the server: begin and end', async () => {
    const { first, second, counted } = await pair()
    await first.outreach.execute(mail(first.ann.id))
    await first.gateway.audit.seal()
    const before = counted.calls
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(counted.calls - before).toBe(2)
    await second.gateway.close()
  })

  test('to look the contact up at GHL, and to use an idempotency key, costs one read more each', async () => {
    const { first, second, counted } = await pair(150, 'ghl')
    const send = (idempotencyKey: string) => first.outreach.with({ idempotencyKey }).execute(mail(first.ann.id))
    await send('first')
    await first.gateway.audit.seal()
    let before = counted.calls
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(counted.calls - before).toBe(3)
    await first.gateway.audit.seal()
    before = counted.calls
    expect(await send('second')).toMatchObject({ status: 'executed' })
    expect(counted.calls - before).toBe(4)
    await second.gateway.close()
  })
})
