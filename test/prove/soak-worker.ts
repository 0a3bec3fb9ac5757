// The process of the soak: `soak-worker.ts <task as JSON>`. Mixed work through one gateway while its clock goes through
// months, and after each slice of it what is left behind.
import { generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Op } from '../../src/core/storage-ops.js'
import { createGateway } from '../../src/gateway/index.js'
import { ghlHttp } from '../../src/http/index.js'
import { fileStorage } from '../../src/storage/file/index.js'
import { sqliteStorage } from '../../src/storage/sqlite/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { email, fakeClock } from '../../src/testing/index.js'
import { betterSqlite3 } from '../storage/sqlite-drivers.js'
import { createRandom } from './random.js'
import type { Slice, SoakTask } from './soak.js'

const DAY = 86_400_000
const ARCHIVED_AFTER = 7 * DAY
/** Rounds between two looks at the folder, whose size goes up and down. */
const DISK_EVERY = 10
const START = Date.parse('2026-03-02T15:00:00Z')

const task = JSON.parse(process.argv[2] ?? '{}') as SoakTask
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const { html = '' } = email()
const random = createRandom(1)
const clock = fakeClock(START)
const storage = await openStorage()
const wide = { perMonth: 1e7, perDay: 1e6, perHour: 1e5, perDomainHour: 1e5, minDelayMs: 0 }
const gateway = createGateway({
  agents: {
    outreach: {
      permissions: ['read_contacts', 'send_email', 'send_sms', 'write_contacts'],
      platforms: ['GoHighLevel'],
    },
  },
  storage: task.way === 'control' ? forgetsNothing(storage) : storage,
  http: ghlHttp({ token: 'token', locationId: 'loc', baseUrl: task.ghl }),
  mode: 'live',
  clock,
  webhooks: { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
  account: { senderDomain: 'agency.example.com', locationId: 'loc' },
  guardrails: { email: wide, sms: { perHour: 1e5, perDay: 1e6 }, ghl: { per10s: 1e5, perDay: 1e9 } },
})
await gateway.open()

const outcomes: Record<string, number> = {}
let latencies: number[] = []
let disk = 0
let number = 0
console.log('ready')

const sliceOf = (round: number) => Math.floor((round * task.slices) / task.rounds)
const from = performance.now()
for (let round = 1; round <= task.rounds; round++) {
  clock.set(START + Math.round((round / task.rounds) * task.days * DAY))
  await Promise.all(Array.from({ length: task.callers }, work))
  if (round % DISK_EVERY === 0) disk = Math.max(disk, bytesIn(task.dir))
  if (sliceOf(round) > sliceOf(round - 1)) await endSlice()
  const early = from + round * task.paceMs - performance.now()
  if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
}
console.log(`outcomes ${JSON.stringify(outcomes)}`)
await gateway.close()
process.exit()

/** One piece of mixed work. */
async function work(): Promise<void> {
  const dice = random.below(1000)
  const contactId = `c${random.below(task.contacts)}`
  if (dice < 400) await act({ type: 'read_contact', contactId })
  else if (dice < 700) await act({ type: 'send_email', contactId, subject: 'Your second warehouse', html }, `mail-${next()}`)
  else if (dice < 850)
    await act({ type: 'send_sms', contactId, message: 'Hello, Sam from Example Agency here. Reply STOP to opt out' })
  else if (dice < 880) await decide(contactId)
  else if (dice < 980) await hear(contactId)
  else if (dice < 985) await act({ type: 'send_email', contactId: `lost${contactId}`, subject: 'Your second warehouse', html })
  else if (dice < 990) for (let tries = 0; tries < 6; tries++) await act({ type: 'read_contact', contactId: 'sick' })
  else await suppress(contactId)
}

type Act = Parameters<ReturnType<typeof gateway.agent>['execute']>[0]

async function act(
  action: Act,
  idempotencyKey?: string,
): Promise<Awaited<ReturnType<ReturnType<typeof gateway.agent>['execute']>>> {
  const dataId = String('contactId' in action ? action.contactId : 'contactIds' in action ? action.contactIds?.[0] : '')
  const grounding = { source: 'ghl', dataId, verifiedAt: clock.now() }
  const agent = gateway.agent('outreach').with({ grounding, ...(idempotencyKey !== undefined && { idempotencyKey }) })
  const started = performance.now()
  const outcome = await agent.execute(action)
  latencies.push(performance.now() - started)
  note(outcome.status)
  if (outcome.status === 'blocked') for (const { code } of outcome.reasons) note(code)
  if (outcome.status === 'unknown') await gateway.unknowns.resolve(outcome.actionId, 'not_sent')
  return outcome
}

/** A request that waits: one in three is approved, one rejected, one left to its time. */
async function decide(contactId: string): Promise<void> {
  const held = await act({ type: 'bulk_update_contacts', contactIds: [contactId], tags: [`t${next()}`], mode: 'add' })
  if (held.status !== 'pending_approval') return
  const choice = random.below(3)
  if (choice === 0)
    note((await gateway.approvals.approve(held.approvalId)).approval?.status === 'consumed' ? 'approved' : 'not_run')
  if (choice === 1) note((await gateway.approvals.reject(held.approvalId)).approval?.status ?? 'not_rejected')
}

/** What GHL tells: how a mail fared, what somebody wrote. */
async function hear(contactId: string): Promise<void> {
  const at = new Date(clock.now()).toISOString()
  const mail = (event: string, more = {}) => ({
    type: 'LCEmailStats',
    webhookPayload: {
      event,
      recipient: `${contactId}@acme.example`,
      timestamp: clock.now() / 1000,
      message: { headers: { from: 'Sam <sam@agency.example.com>', 'message-id': `m${next()}` } },
      ...more,
    },
  })
  const said = (body: string, messageType = 'SMS') => ({
    type: 'InboundMessage',
    contactId,
    messageType,
    direction: 'inbound',
    body,
    dateAdded: at,
    messageId: `in${next()}`,
  })
  const events = [mail('delivered'), mail('opened'), said('thanks'), said('hello', 'WhatsApp'), said('STOP'), said('START')]
  const event = {
    ...events[random.below(events.length)],
    timestamp: at,
    webhookId: `w${next()}`,
    locationId: 'loc',
  }
  const body = Buffer.from(JSON.stringify(event))
  const { status, reason } = await gateway.webhooks.handle(body, {
    'x-ghl-signature': sign(null, body, privateKey).toString('base64'),
  })
  note(status === 'handled' ? 'heard' : `webhook ${reason}`)
}

async function suppress(contactId: string): Promise<void> {
  const target = { contactId }
  if (await gateway.suppressions.has(target)) await gateway.suppressions.remove(target, { by: 'the proof', note: 'asked to' })
  else await gateway.suppressions.add(target, { cause: 'do_not_contact' })
}

/** Numbers nothing else has. */
function next(): number {
  return ++number
}

function note(what: string): void {
  outcomes[what] = (outcomes[what] ?? 0) + 1
}

async function endSlice(): Promise<void> {
  const { records } = await gateway.audit.archive({ before: clock.now() - ARCHIVED_AFTER, write: () => undefined })
  if (records > 0) note('archived')
  await gateway.system.snapshot()
  const keys = await countKeys()
  disk = Math.max(disk, bytesIn(task.dir))
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  const sorted = latencies.sort((a, b) => a - b)
  const slice: Slice = {
    actions: sorted.length,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    heapMb: (heapUsed + external) / 1e6,
    rssMb: rss / 1e6,
    diskMb: disk / 1e6,
    keys,
  }
  latencies = []
  disk = 0
  console.log(`slice ${JSON.stringify(slice)}`)
}

async function countKeys(): Promise<number> {
  let count = 0
  for (let after: string | undefined; ; ) {
    const page = await storage.scan('', { limit: 1000, ...(after !== undefined && { after }) })
    count += page.length
    after = page.at(-1)?.key
    if (page.length < 1000) return count
  }
}

function bytesIn(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

async function openStorage(): Promise<Storage> {
  if (task.engine === 'file') return fileStorage(task.dir, { snapshotEvery: task.snapshotEvery })
  const driver = await betterSqlite3()
  if (driver === undefined) throw new Error('no driver')
  return sqliteStorage(driver.open(join(task.dir, 'state.db')), { clock })
}

/** The control: what is written stays. */
function forgetsNothing(inner: Storage): Storage {
  const forever = (op: Op): Op => (op.op === 'put' || op.op === 'add' ? ({ ...op, expiresAt: undefined } as unknown as Op) : op)
  return { ...inner, commit: (batches) => inner.commit(batches.map((batch) => batch.map(forever))) }
}
