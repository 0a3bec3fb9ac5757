import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ContactFacts } from '../../src/core/contact.js'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import { gatewayOn } from '../gateway/second-gateway.js'
import { codesOf, MORNING, mail, type World, world } from '../gateway/world.js'
import type { Handle, SqliteDriver } from './sqlite-drivers.js'
import { driversOrSkip } from './sqlite-or-skip.js'

const root = mkdtempSync(join(tmpdir(), 'sqlite-gateway-'))
const handles: Handle[] = []
afterAll(() => {
  for (const db of handles) db.close()
  rmSync(root, { recursive: true, force: true })
})

const [driver] = await driversOrSkip()
if (driver !== undefined) describe('two gateways on one SQLite file', () => testGateways(driver))

function testGateways(driver: SqliteDriver): void {
  /** Two gateways of two processes on one file, both on the first one's clock. */
  async function pair(perDay = 150) {
    const file = join(root, `${handles.length}.db`)
    let first: World | undefined
    const clock = { now: () => first?.clock.now() ?? Date.parse(MORNING) }
    let commits = 0
    function storage() {
      const db = driver.open(file)
      handles.push(db)
      const counted: Pick<Handle, 'exec' | 'prepare'> = {
        exec: (sql) => db.exec(sql),
        prepare(sql) {
          const statement = db.prepare(sql)
          if (sql !== 'commit') return statement
          return {
            get: (...values) => statement.get(...values),
            all: (...values) => statement.all(...values),
            run: (...values) => {
              commits++
              return statement.run(...values)
            },
          }
        },
      }
      return sqliteStorage(counted, { clock })
    }
    const resolveContact = async (): Promise<ContactFacts> => ({
      id: first?.ann.id ?? '',
      emails: ['ann@acme.example'],
      phones: [],
      dndAll: false,
      dnd: [],
      timeZone: 'America/New_York',
    })
    const config = { guardrails: { email: { perDay } }, resolveContact }
    first = await world({ storage: storage(), ...config })
    const second = gatewayOn(first, storage(), config)
    return { first, second, file, commits: () => commits, storage, config }
  }

  test('share their limits, and a third that starts later finds them as they are', async () => {
    const { first, second, storage, config } = await pair(3)
    for (const agent of [first.outreach, second.outreach, first.outreach])
      expect(await agent.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    for (const agent of [first.outreach, second.outreach])
      expect(codesOf(await agent.execute(mail(first.ann.id)))).toEqual(['email.daily_limit'])
    const third = gatewayOn(first, storage(), config)
    expect(codesOf(await third.outreach.execute(mail(first.ann.id)))).toEqual(['email.daily_limit'])
    expect(first.fake.sent).toHaveLength(3)
    for (const { gateway } of [second, third]) await gateway.close()
  })

  test('a stop given in one is seen by the very next action of the other', async () => {
    const { first, second } = await pair()
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    await first.gateway.system.emergencyStop({ reason: 'list leaked' })
    expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    expect(first.fake.sent).toHaveLength(1)
    await second.gateway.close()
  })

  test('a full action costs two transactions: begin and end', async () => {
    const { first, second, commits } = await pair()
    await first.outreach.execute(mail(first.ann.id))
    await first.gateway.audit.seal()
    const before = commits()
    expect(await first.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(commits() - before).toBe(2)
    await second.gateway.close()
  })
}
