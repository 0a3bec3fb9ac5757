import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { fileStorage } from '../../src/storage/file/index.js'
import { gatewayOn } from './second-gateway.js'
import { codesOf, mail, type World, world } from './world.js'

const root = mkdtempSync(join(tmpdir(), 'sendwarden-restart-'))
let dirs = 0
const freshDir = () => join(root, String(++dirs))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The same world after its gateway was closed and another one was opened on the same directory. */
async function restarted(made: World, dir: string, config: Parameters<typeof gatewayOn>[2] = {}): Promise<World> {
  await made.gateway.close()
  return { ...made, ...gatewayOn(made, fileStorage(dir), config) }
}

describe('closed and opened again, it still knows', () => {
  test('what was sent: limits and the minimum delay', async () => {
    const dir = freshDir()
    const limits = { guardrails: { email: { perHour: 2, minDelayMs: 30_000 } } }
    const first = await world({ storage: fileStorage(dir), ...limits })
    await first.outreach.execute(mail(first.ann.id))
    const second = await restarted(first, dir, limits)
    expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['email.min_delay'])
    first.clock.advance(30_000)
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    first.clock.advance(30_000)
    expect(codesOf(await second.outreach.execute(mail(first.ann.id)))).toEqual(['email.hourly_limit'])
    await second.gateway.close()
  })

  test('that a breaker is open, and until when', async () => {
    const dir = freshDir()
    const breakers = { email_sending: { threshold: 1, openMs: 60_000, probes: 1 } }
    const first = await world({ storage: fileStorage(dir), breakers })
    first.fake.fail({ match: { method: 'POST' }, status: 500 })
    await first.outreach.execute(mail(first.ann.id))
    const second = await restarted(first, dir, { breakers })
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({
      stage: 'breaker',
      retryAt: first.clock.now() + 60_000,
    })
    await second.gateway.close()
  })

  test('that it was stopped, and in which mode it is', async () => {
    const dir = freshDir()
    const first = await world({ storage: fileStorage(dir) })
    await first.gateway.system.setMode('shadow')
    const second = await restarted(first, dir)
    expect(await second.outreach.execute(mail(first.ann.id))).toMatchObject({ status: 'shadowed' })
    await second.gateway.system.emergencyStop({ reason: 'leak' })
    const third = await restarted(second, dir)
    expect(codesOf(await third.outreach.execute(mail(first.ann.id)))).toEqual(['system.emergency_stop'])
    await third.gateway.close()
  })

  test('what an idempotency key did, and what is unknown', async () => {
    const dir = freshDir()
    const first = await world({ storage: fileStorage(dir) })
    await first.outreach.with({ idempotencyKey: 'a' }).execute(mail(first.ann.id))
    first.fake.fail({ match: { method: 'POST' }, drop: 'after' })
    await first.outreach.with({ idempotencyKey: 'b' }).execute(mail(first.ann.id))
    const second = await restarted(first, dir)
    expect(await second.outreach.with({ idempotencyKey: 'a' }).execute(mail(first.ann.id))).toMatchObject({ status: 'executed' })
    expect(await second.outreach.with({ idempotencyKey: 'b' }).execute(mail(first.ann.id))).toMatchObject({ status: 'unknown' })
    expect(await second.gateway.unknowns.list()).toHaveLength(1)
    expect(first.fake.sent).toHaveLength(2)
    await second.gateway.close()
  })

  test('everything that happened: the audit goes on where it ended', async () => {
    const dir = freshDir()
    const first = await world({ storage: fileStorage(dir) })
    await first.outreach.execute(mail(first.ann.id))
    const checkpoint = await first.gateway.audit.checkpoint()
    const second = await restarted(first, dir)
    await second.outreach.execute(mail(first.ann.id))
    expect(await second.gateway.audit.verify({ checkpoint })).toMatchObject({ ok: true, records: 4 })
    await second.gateway.close()
  })
})

const SEND = 'POST /conversations/messages'

/** One life of the sending process: killed `afterMs` after it opened, after its first outcome, or after GHL got a mail of it. What it said comes back. */
function live(
  { fake, clock }: World,
  dir: string,
  contacts: readonly string[],
  afterMs: number,
  from: 'open' | 'outcome' | 'arrival',
): Promise<string[]> {
  const script = fileURLToPath(new URL('./fixtures/sender.ts', import.meta.url))
  const args = [dir, fake.url, fake.accessToken, fake.locationId, String(clock.now()), contacts.join(',')]
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let heard = ''
  let dying = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    if (from === 'open' || (from === 'outcome' && heard.includes('executed'))) die()
  })
  const die = () => {
    if (!dying) setTimeout(() => child.kill('SIGKILL'), afterMs)
    dying = true
  }
  const before = fake.received(SEND).length
  const watch = setInterval(() => {
    if (from === 'arrival' && fake.received(SEND).length > before) die()
  }, 1)
  return new Promise((resolve) =>
    child.on('close', () => {
      clearInterval(watch)
      resolve(heard.split('\n').slice(1, -1))
    }),
  )
}

test('killed ten times in the middle of sending: every message is counted, none is sent twice, none is lost', async () => {
  const dir = freshDir()
  const wide = { perMonth: 1e6, perDay: 1e6, perHour: 1e6, perDomainHour: 1e6, minDelayMs: 0 }
  const made = await world({ guardrails: { email: wide } })
  Object.assign(made.fake.limits, { burst: 1e6, daily: 1e9 })
  made.fake.fail({ match: SEND, times: Number.POSITIVE_INFINITY, delayMs: 20 })
  const contacts = Array.from(
    { length: 400 },
    (_, n) => made.fake.addContact({ email: `p${n}@d${n}.example`, timezone: 'America/New_York' }).id,
  )
  const said: string[] = []
  for (let life = 0; life < 4; life++) {
    said.push(...(await live(made, dir, contacts, 60 + life * 40, 'open')))
    said.push(...(await live(made, dir, contacts, life * 8, 'outcome')))
  }
  // Within the 20 ms in which GHL has the mail and has not answered, however busy the machine is.
  for (const afterMs of [0, 5]) said.push(...(await live(made, dir, contacts, afterMs, 'arrival')))
  // The answers to the dead are written too: their timers run out before this one.
  await new Promise((resolve) => setTimeout(resolve, 100))

  made.clock.advance(130_000)
  const survivor = gatewayOn(made, fileStorage(dir), { guardrails: { email: wide, ghl: { per10s: 1e6, perDay: 1e9 } } }).gateway
  const received = made.fake.received(SEND).map(({ body }) => (body as { contactId: string }).contactId)
  const arrived = new Set(made.fake.sent.map(({ contactId }) => contactId))
  expect(received.length).toBeGreaterThan(5)
  expect(new Set(received).size).toBe(received.length)
  for (const line of said.filter((text) => text.startsWith('executed'))) expect(arrived).toContain(line.split(' ')[1])

  const left = await survivor.unknowns.list()
  const { sent, held } = await survivor.unknowns.reconcile()
  expect(sent.length + held.length).toBe(left.length)
  expect(left.length).toBeGreaterThan(0)
  const contactOf = new Map(left.map(({ actionId, contactIds }) => [actionId, contactIds[0] ?? '']))
  expect(sent.every((id) => arrived.has(contactOf.get(id) ?? ''))).toBe(true)
  expect(held.some((id) => arrived.has(contactOf.get(id) ?? ''))).toBe(false)

  const { rateLimits } = await survivor.system.snapshot()
  expect(rateLimits.find(({ name }) => name === 'email.perMonth')?.used).toBe(arrived.size + held.length)
  expect(await survivor.audit.verify()).toMatchObject({ ok: true })
  await survivor.close()
}, 120_000)
