import { afterAll } from 'vitest'
import type { Entry, Op } from '../../src/core/storage-ops.js'
import type { Storage } from '../../src/storage/storage.js'
import { redisServer } from './redis-server.js'
import { testSharedGateways } from './shared-gateways.js'

const server = await redisServer()
afterAll(() => server?.close())
if (server !== undefined)
  testSharedGateways(
    'Redis store',
    () => {
      const namespace = server.newNamespace()
      let calls = 0
      return {
        async open(clock) {
          const client = server.connect()
          const { sendCommand } = client
          client.sendCommand = function (this: typeof client, ...command) {
            calls++
            return sendCommand.apply(this, command)
          }
          return inTime(await server.open({ namespace }, client), clock)
        },
        calls: () => calls,
      }
    },
    { action: 2, withLookUp: 3, withLookUpAndKey: 4 },
  )

/** The same storage as if its server's clock were the test's: a fixed distance between the two. */
function inTime(storage: Storage, clock: { now(): number }): Storage {
  const ahead = Date.now() - clock.now()
  const outward = (op: Op): Op => ('expiresAt' in op ? { ...op, expiresAt: op.expiresAt + ahead } : op)
  const inward = <T extends Entry | null>(entry: T): T =>
    entry?.expiresAt === undefined ? entry : { ...entry, expiresAt: entry.expiresAt - ahead }
  return {
    ...storage,
    open: () => storage.open(),
    now: async () => clock.now(),
    commit: async (batches) => {
      const results = await storage.commit(batches.map((batch) => batch.map(outward)))
      return results.map((result) => (result.ok ? result : { ...result, found: inward(result.found) }))
    },
    read: async (keys) => (await storage.read(keys)).map(inward),
    scan: async (prefix, range) => (await storage.scan(prefix, range)).map(inward),
  }
}
