import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.js'
import type { ContactFacts } from '../../src/core/contact.js'
import type { WebhookResult } from '../../src/gateway/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from '../gateway/second-gateway.js'
import { codesOf, MORNING, mail, type World, world } from '../gateway/world.js'

/** One store that several processes share. */
export interface SharedStore {
  /** One more process's way into it, on the tests' clock. */
  open(clock: Clock): Promise<Storage>
  /** How often the server was called so far (SQLite: commits), by whomever. */
  calls(): number
}

/** Calls of the server per action of a warm gateway. */
export interface Costs {
  readonly action: number
  readonly withLookUp: number
  readonly withLookUpAndKey: number
}

const WIDE = { perHour: 1000, perDomainHour: 1000 }
const text = (contactId: string) =>
  ({ type: 'send_sms', contactId, message: 'Hello, Sam from Example Agency here. Reply STOP to opt out' }) as const

/** What two gateways on one store owe each other, whatever keeps the store. */
export function testSharedGateways(name: string, newStore: () => SharedStore, costs: Costs): void {
  /** Two gateways of two processes, both on the first one's clock. */
  async function pair({ perDay = 150, lookUp = 'host' as 'host' | 'ghl' } = {}) {
    const store = newStore()
    let first: World | undefined
    const clock = { now: () => first?.clock.now() ?? Date.parse(MORNING) }
    const resolveContact = async (): Promise<ContactFacts> => ({
      id: first?.ann.id ?? '',
      emails: ['ann@acme.example'],
      phones: ['+12125550123'],
      dndAll: false,
      dnd: [],
      timeZone: 'America/New_York',
    })
    const config = { guardrails: { email: { ...WIDE, perDay } }, ...(lookUp === 'host' && { resolveContact }) }
    first = await world({ storage: await store.open(clock), ...config }, ({ webhooks: { publicKey } }) => ({
      webhooks: { publicKey },
    }))
    const webhooks = { publicKey: first.fake.webhooks.publicKey }
    const second = gatewayOn(first, await store.open(clock), { ...config, webhooks })
    return { first, second, store, end: () => second.gateway.close() }
  }

  /** The same, and both are told what GHL tells. */
  async function hearing() {
    const { first, second, end } = await pair()
    const told: WebhookResult[] = []
    for (const { webhooks } of [first.gateway, second.gateway]) {
      first.fake.webhooks.subscribe(async ({ rawBody, headers }) => {
        const result = await webhooks.handle(rawBody, headers)
        told.push(result)
        return result.httpStatus
      })
    }
    return { first, second, told, end }
  }

  describe(`two gateways on one ${name}`, () => {
    test('share their limits', async () => {
      const { first, second, end } = await pair({ perDay: 3 })
      for (const agent of [first.outreach, second.outreach, first.outreach])
        expect(await agent.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      for (const agent of [first.outreach, second.outreach])
        expect(codesOf(await agent.execute(mail(first.ann.id)))).toEqual(['email.daily_limit'])
      expect(first.fake.sent).toHaveLength(3)
      await end()
    })

    test('a stop given in one is seen by the very next action of the other', async () => {
      const { first, second, end } = await pair()
      expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      await first.gateway.system.emergencyStop({ reason: 'list leaked' })
      expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
      expect(first.fake.sent).toHaveLength(1)
      await end()
    })

    test(`a full action costs a warm gateway ${costs.action} calls: begin and end`, async () => {
      const { first, store, end } = await pair()
      await first.outreach.execute(mail(first.ann.id))
      await first.gateway.audit.seal()
      const before = store.calls()
      expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      expect(store.calls() - before).toBe(costs.action)
      await end()
    })

    test('to look the contact up at GHL, and to use an idempotency key, costs what is documented', async () => {
      const { first, store, end } = await pair({ lookUp: 'ghl' })
      const send = (idempotencyKey: string) => first.outreach.with({ idempotencyKey }).execute(mail(first.ann.id))
      await send('first')
      await first.gateway.audit.seal()
      let before = store.calls()
      expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      expect(store.calls() - before).toBe(costs.withLookUp)
      await first.gateway.audit.seal()
      before = store.calls()
      expect(await send('second')).toMatchObject({ status: 'executed' })
      expect(store.calls() - before).toBe(costs.withLookUpAndKey)
      await end()
    })

    test('an event that both are told of counts once, and a STOP holds for the next send of either', async () => {
      const { first, second, told, end } = await hearing()
      const { ann, fake } = first
      fake.reply(ann.id, 'STOP')
      await fake.tick()
      // What was written, and the do-not-disturb GHL makes of it.
      expect(told.map(({ status }) => status).sort()).toEqual(['duplicate', 'duplicate', 'handled', 'handled'])
      for (const agent of [first.outreach, second.outreach])
        expect(codesOf(await agent.execute(text(ann.id)))).toContain('recipient.suppressed')
      expect(fake.sent).toEqual([])
      await end()
    })

    test('what one scheduled is taken back, whichever of the two hears the STOP first', async () => {
      const { first, second, end } = await hearing()
      const { ann, fake, clock } = first
      const taken = new Promise((resolve) => {
        for (const { gateway } of [first, second]) gateway.on('scheduled', resolve)
      })
      const sendAt = clock.now() + 86_400_000
      const { message } = text(ann.id)
      const body = { type: 'SMS', contactId: ann.id, message, scheduledTimestamp: sendAt / 1000 }
      const path = '/conversations/messages'
      expect(await first.outreach.execute({ type: 'ghl_request', method: 'POST', path, body })).toMatchObject({
        status: 'executed',
      })
      fake.reply(ann.id, 'STOP')
      await fake.tick()
      expect(await taken).toMatchObject({ contactIds: [ann.id], cancelled: true })
      expect(await second.gateway.scheduled.cancelSuppressed()).toEqual([])
      const left = []
      for await (const each of second.gateway.scheduled.list()) left.push(each)
      expect(left).toEqual([])
      clock.advance(86_400_000)
      await fake.tick()
      expect(fake.sent).toEqual([])
      await end()
    })

    test('bounces told to both, twice, count once for the domain', async () => {
      const { first, second, end } = await hearing()
      const { ann, fake } = first
      fake.webhooks.mode = 'duplicate'
      fake.deliver(() => ({ status: 'failed', error: '550 5.7.1 blocked for poor reputation' }))
      for (const agent of [first.outreach, second.outreach]) {
        await agent.execute(mail(ann.id))
        await fake.tick()
      }
      const { counters } = await second.gateway.health.of('agency.example.com')
      expect(counters).toMatchObject({ totalSent: 2, bounces: 2 })
      // The first one may have seen less of it when it last looked: its commit finds out.
      for (const agent of [first.outreach, second.outreach])
        expect(codesOf(await agent.execute(mail(ann.id)))).toContain('domain.cooling')
      await end()
    })

    test('a START that is older than the STOP and comes later lifts nothing', async () => {
      const { first, second, end } = await hearing()
      const { ann, fake, clock } = first
      const said = (body: string, at: number) => ({
        type: 'InboundMessage',
        contactId: ann.id,
        messageType: 'SMS',
        direction: 'inbound',
        body,
        messageId: `${body}-${at}`,
        dateAdded: new Date(at).toISOString(),
      })
      await fake.emit(said('STOP', clock.now()))
      await fake.emit(said('START', clock.now() - 60_000), 'late')
      await fake.tick()
      expect(await second.gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(true)
      await end()
    })

    test('what nobody signed, or somebody else, is heard by neither', async () => {
      const { first, second, told, end } = await hearing()
      const { ann, fake } = first
      for (const mode of ['unsigned', 'wrong_key'] as const) {
        fake.webhooks.mode = mode
        fake.reply(ann.id, 'STOP')
        await fake.tick()
      }
      expect(told).not.toEqual([])
      expect(told.every(({ httpStatus }) => httpStatus === 401)).toBe(true)
      for (const { gateway } of [first, second])
        expect(await gateway.suppressions.has({ contactId: ann.id, channel: 'sms' })).toBe(false)
      await end()
    })

    test('both reading what was lost find it once', async () => {
      const { first, second, told, end } = await hearing()
      const { ann, fake } = first
      fake.webhooks.mode = 'unsigned'
      fake.reply(ann.id, 'STOP')
      await fake.tick()
      expect(told.every(({ status }) => status === 'rejected')).toBe(true)
      const found = await Promise.all([first, second].map(({ gateway }) => gateway.webhooks.catchUp()))
      expect(found.reduce((sum, { handled }) => sum + handled, 0)).toBe(1)
      expect(codesOf(await second.outreach.execute(text(ann.id)))).toContain('recipient.suppressed')
      await end()
    })
  })
}
