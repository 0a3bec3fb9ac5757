import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createGateway } from '../../src/gateway/index.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { createFakeGhl, fakeClock, type WebhookDelivery } from '../../src/testing/index.js'
import { type Breakage, brokenStorage } from './broken-storage.js'
import { hearing } from './webhook-route.js'
import { MORNING } from './world.js'

const dir = mkdtempSync(join(tmpdir(), 'sendwarden-webhooks-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

const bounce = (n: number) => ({
  type: 'LCEmailStats',
  webhookPayload: {
    event: 'failed',
    severity: 'permanent',
    recipient: `p${n}@gone.example`,
    message: { headers: { from: 'sam@agency.example.com' } },
    'lc-operations': { email_message_id: `mail${n}` },
  },
})

const CASES = (['commit', 'read'] as const).flatMap((call) =>
  (['fails', 'lands'] as const).flatMap((how) => [1, 2, 3, 4, 5].map((at): [string, number, Breakage] => [call, at, how])),
)

test.each(CASES)('broken at %s %i (%s): told again, the event and all it changes are there once', async (call, at, how) => {
  const storage = brokenStorage()
  const { fake, gateway, results, clock } = await hearing({ storage })
  await gateway.open()
  storage.break(call as 'commit' | 'read', at, how)
  await fake.emit(bounce(1))
  storage.heal()
  clock.advance(11 * 60_000)
  await fake.tick() // GHL comes again after a 429
  await fake.emit(bounce(1))
  expect(results.at(-1)?.status).toBe('duplicate')
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ totalSent: 1, bounces: 1 })
  expect(await gateway.suppressions.has({ channel: 'email', address: 'p1@gone.example' })).toBe(true)
})

/** A receiver on the directory; resolves once it listens. */
async function receiver(publicKey: string, now: number): Promise<{ child: ChildProcess; url: string }> {
  const script = fileURLToPath(new URL('./fixtures/receiver.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, dir, publicKey, String(now)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())),
  )
  return { child, url: `http://127.0.0.1:${port}` }
}

test('killed with -9 between events: what was answered is kept, what was not comes again, and nothing counts twice', {
  timeout: 60_000,
}, async () => {
  const clock = fakeClock(MORNING)
  const fake = await createFakeGhl({ clock })
  const deliveries: WebhookDelivery[] = []
  fake.webhooks.subscribe((delivery) => deliveries.push(delivery))
  const EVENTS = 60
  for (let n = 0; n < EVENTS; n++) await fake.emit(bounce(n))

  const send = async (url: string, { rawBody, headers }: WebhookDelivery): Promise<string> =>
    fetch(url, { method: 'POST', body: rawBody, headers: { ...headers } })
      .then((response) => response.text())
      .catch(() => 'lost')
  const answered = new Set<WebhookDelivery>()
  for (let life = 0; life < 3; life++) {
    const { child, url } = await receiver(fake.webhooks.publicKey, clock.now())
    const gone = new Promise((resolve) => child.once('exit', resolve))
    let heard = 0
    const left = [...deliveries]
    const work = async () => {
      for (let delivery = left.shift(); delivery !== undefined; delivery = left.shift()) {
        const answer = await send(url, delivery)
        if (answer === 'lost') continue
        // What an earlier life answered is known to this one.
        if (answered.has(delivery)) expect(answer).toBe('duplicate')
        answered.add(delivery)
        if (++heard === 7 * (life + 1)) child.kill('SIGKILL')
      }
    }
    await Promise.all([work(), work(), work(), work()])
    await gone
  }
  expect(answered.size).toBeLessThan(EVENTS)

  const { child, url } = await receiver(fake.webhooks.publicKey, clock.now())
  for (const delivery of deliveries) await send(url, delivery)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))

  const gateway = createGateway({ agents: { outreach: 'GHL_MASTER' }, storage: fileStorage(dir), clock })
  expect((await gateway.health.of('agency.example.com')).counters).toMatchObject({ totalSent: EVENTS, bounces: EVENTS })
  let suppressed = 0
  for await (const _each of gateway.suppressions.list({ cause: 'hard_bounce' })) suppressed++
  expect(suppressed).toBe(EVENTS)
  const records = []
  for await (const record of gateway.audit.records()) if (record.action === 'feedback.bounced') records.push(record)
  expect(records).toHaveLength(EVENTS)
  expect(await gateway.audit.verify()).toMatchObject({ ok: true })
  await gateway.close()
  await fake.close()
})
