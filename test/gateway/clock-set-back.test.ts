import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { AuditRecord } from '../../src/audit/index.js'
import type { Clock } from '../../src/core/clock.js'
import type { Outcome } from '../../src/core/outcome.js'
import type { Gateway } from '../../src/gateway/index.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { driversOrSkip } from '../storage/sqlite-or-skip.js'
import { gatewayOn, tally } from './second-gateway.js'
import { codesOf, evidence, MORNING, mail, type World, world } from './world.js'

const HOUR = 3_600_000
const LIMITS = { guardrails: { hours: { email: 'always' }, email: { perHour: 5, perDay: 7, perDomainHour: 1000 } } } as const

const root = mkdtempSync(join(tmpdir(), 'sendwarden-clock-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let files = 0
const freshPath = () => join(root, String(++files))

const [sqlite] = await driversOrSkip()
const engines: [string, (clock: Clock) => Storage][] = [
  ['memory', () => memoryStorage()],
  ['file', () => fileStorage(freshPath())],
]
if (sqlite !== undefined) engines.push(['sqlite', (clock) => sqliteStorage(sqlite.open(freshPath()), { clock })])

async function sendMany({ gateway, ann, clock }: Pick<World, 'gateway' | 'ann' | 'clock'>, count: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let n = 0; n < count; n++)
    outcomes.push(
      await gateway
        .agent('outreach')
        .with({ grounding: evidence(ann.id, clock) })
        .execute(mail(ann.id)),
    )
  return outcomes
}

async function operatorRecords({ audit }: Gateway): Promise<AuditRecord[]> {
  const records: AuditRecord[] = []
  for await (const record of audit.records({ kind: 'operator' })) records.push(record)
  return records
}

/** As long as an engine needs to forget what has its end by then. */
async function readMany({ outreach }: Pick<World, 'outreach'>): Promise<void> {
  for (let n = 0; n < 40; n++) await outreach.execute({ type: 'search_contacts', query: 'x' })
}

async function worldOn(newStorage: (clock: Clock) => Storage): Promise<World> {
  let made: World | undefined
  const clock = { now: () => made?.clock.now() ?? Date.parse(MORNING) }
  made = await world({ storage: newStorage(clock), ...LIMITS })
  return made
}

describe.each(engines)('on %s', (_, newStorage) => {
  test.each([2, 72])('a clock that was %i hours ahead for a while opens no limit a second time', async (hours) => {
    const made = await worldOn(newStorage)
    expect(tally(await sendMany(made, 9))).toEqual({ executed: 5, blocked: 4 })
    made.clock.advance(hours * HOUR)
    await readMany(made)
    made.clock.advance(-hours * HOUR)
    const [outcome] = await sendMany(made, 9)
    expect(outcome).toMatchObject({ status: 'blocked', stage: 'system', reasons: [{ code: 'storage.unavailable' }] })
    expect(JSON.stringify(outcome)).toMatch(/has seen 2026-01-1\d.*nothing is sent before.*acceptClock/)
    expect(made.fake.sent).toHaveLength(5)
    expect(await made.outreach.check(mail(made.ann.id))).toMatchObject({ reasons: [{ code: 'storage.unavailable' }] })
  })
})

test('an hour that passes twice does not let its limit pass twice, and all goes on once it is over', async () => {
  const made = await world(LIMITS)
  await sendMany(made, 9)
  made.clock.advance(-2 * HOUR)
  expect(tally(await sendMany(made, 9))).toEqual({ blocked: 9 })
  made.clock.advance(2 * HOUR)
  expect(codesOf((await sendMany(made, 1))[0] as Outcome)).toEqual(['email.hourly_limit'])
  made.clock.advance(1.2 * HOUR)
  expect(tally(await sendMany(made, 9))).toEqual({ executed: 2, blocked: 7 })
})

test('small corrections of the clock stop nothing, and what was sent before them counts', async () => {
  const made = await world(LIMITS)
  expect(tally(await sendMany(made, 3))).toEqual({ executed: 3 })
  made.clock.advance(-60_000)
  expect(tally(await sendMany(made, 9))).toEqual({ executed: 2, blocked: 7 })
})

test('after a restart it is still known what the clock has been', async () => {
  const dir = freshPath()
  const first = await world({ storage: fileStorage(dir), ...LIMITS })
  await sendMany(first, 5)
  await first.gateway.close()
  first.clock.advance(-2 * HOUR)
  const second = { ...first, ...gatewayOn(first, fileStorage(dir), LIMITS) }
  expect(tally(await sendMany(second, 5))).toEqual({ blocked: 5 })
  expect(first.fake.sent).toHaveLength(5)
  await second.gateway.close()
})

test('a process that slept while another went ahead does not go back alone; what one accepts holds for both', async () => {
  const storage = memoryStorage()
  const first = await world({ storage, ...LIMITS })
  const second = { ...first, ...gatewayOn(first, storage, LIMITS) }
  await sendMany(first, 3)
  await sendMany(second, 2)
  first.clock.advance(72 * HOUR)
  await readMany(first)
  first.clock.advance(-71 * HOUR)
  for (const made of [first, second]) expect(tally(await sendMany(made, 2))).toEqual({ blocked: 2 })

  await second.gateway.system.acceptClock({ reason: 'the host had booted without its clock', by: 'maria' })
  for (const made of [first, second]) expect(tally(await sendMany(made, 1))).toEqual({ executed: 1 })
  const [accepted] = await operatorRecords(second.gateway)
  expect(accepted).toMatchObject({ by: 'maria', action: 'system.accept_clock', note: 'the host had booted without its clock' })
  await second.gateway.close()
})

test('a stop can be given while the clock is behind', async () => {
  const made = await world(LIMITS)
  await sendMany(made, 1)
  made.clock.advance(-2 * HOUR)
  await made.gateway.system.emergencyStop({ reason: 'clock' })
  expect((await made.gateway.system.snapshot()).status).toBe('emergency')
})
