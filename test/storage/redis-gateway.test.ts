import { afterAll, describe, expect, test } from 'vitest'
import type { ContactFacts } from '../../src/core/contact.js'
import type { Entry, Op } from '../../src/core/storage-ops.js'
import type { Storage } from '../../src/storage/storage.js'
import { gatewayOn } from '../gateway/second-gateway.js'
import { codesOf, MORNING, mail, type World, world } from '../gateway/world.js'
import { redisServer, type Server } from './redis-server.js'

const found = await redisServer()
afterAll(() => found?.close())
if (found !== undefined) testGateways(found)

function testGateways(server: Server): void {
  /** Two gateways of two processes on one store, both on the first one's clock. */
  async function pair(perDay = 150, lookUp: 'host' | 'ghl' = 'host') {
    const namespace = server.newNamespace()
    let first: World | undefined
    const clock = { now: () => first?.clock.now() ?? Date.parse(MORNING) }
    const commands: string[] = []
    const client = server.connect()
    const { sendCommand } = client
    client.sendCommand = function (this: typeof client, command, ...rest) {
      commands.push(command.name)
      return sendCommand.call(this, command, ...rest)
    }
    const resolveContact = async (): Promise<ContactFacts> => ({
      id: first?.ann.id ?? '',
      emails: ['ann@acme.example'],
      phones: [],
      dndAll: false,
      dnd: [],
      timeZone: 'America/New_York',
    })
    const config = { guardrails: { email: { perDay } }, ...(lookUp === 'host' && { resolveContact }) }
    first = await world({ storage: inTime(await server.open({ namespace }, client), clock), ...config })
    const second = gatewayOn(first, inTime(await server.open({ namespace }, server.connect()), clock), config)
    return { first, second, commands }
  }

  describe('two gateways on one Redis store', () => {
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

    test('a full action costs a warm gateway two commands: begin and end', async () => {
      const { first, second, commands } = await pair()
      await first.outreach.execute(mail(first.ann.id))
      await first.gateway.audit.seal()
      commands.length = 0
      expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      expect(commands).toEqual(['evalsha', 'evalsha'])
      await second.gateway.close()
    })

    test('to look the contact up at GHL, and to use an idempotency key, costs one read more each', async () => {
      const { first, second, commands } = await pair(150, 'ghl')
      const send = (idempotencyKey: string) => first.outreach.with({ idempotencyKey }).execute(mail(first.ann.id))
      await send('first')
      await first.gateway.audit.seal()
      commands.length = 0
      expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
      expect(commands).toHaveLength(3)
      await first.gateway.audit.seal()
      commands.length = 0
      expect(await send('second')).toMatchObject({ status: 'executed' })
      expect(commands).toHaveLength(4)
      await second.gateway.close()
    })
  })
}

/** The same storage as if its server's clock were the test's: a fixed distance between the two. */
function inTime(storage: Storage, clock: { now(): number }): Storage {
  const ahead = Date.now() - clock.now()
  const outward = (op: Op): Op => ('expiresAt' in op ? { ...op, expiresAt: op.expiresAt + ahead } : op)
  const inward = <T extends Entry | null>(entry: T): T =>
    entry?.expiresAt === undefined ? entry : { ...entry, expiresAt: entry.expiresAt - ahead }
  return {
    ...storage,
    now: async () => clock.now(),
    commit: async (batches) => {
      const results = await storage.commit(batches.map((batch) => batch.map(outward)))
      return results.map((result) => (result.ok ? result : { ...result, found: inward(result.found) }))
    },
    read: async (keys) => (await storage.read(keys)).map(inward),
    scan: async (prefix, range) => (await storage.scan(prefix, range)).map(inward),
  }
}
