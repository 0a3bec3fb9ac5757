// One process of the proof: `stop-worker.ts <task as JSON>`. Sends mails through a gateway of its own until it is told that
// all was stopped, then tries a little longer. Input: `go`, `stop` (this process gives the stop), `stopped <ns>`, its end.
import { createInterface } from 'node:readline'
import type { Batch, Entry, Op } from '../../src/core/storage-ops.js'
import { createGateway } from '../../src/gateway/index.js'
import { ghlHttp } from '../../src/http/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { email } from '../../src/testing/index.js'
import { engineNamed } from './engines.js'
import type { StopTask } from './stop.js'

const task = JSON.parse(process.argv[2] ?? '{}') as StopTask
const { html = '' } = email()
const connection = await engineNamed(task.engine).connect(task.namespace)
/** When begin commits that were accepted had been handed to the storage. */
const begun: bigint[] = []
const gateway = createGateway({
  agents: { outreach: { permissions: ['send_email', 'read_contacts'], platforms: ['GoHighLevel'] } },
  storage: noting(task.way === 'control' ? polling(connection.storage, task.pollMs) : connection.storage),
  http: ghlHttp({ token: 'token', locationId: 'loc', baseUrl: task.ghl }),
  mode: 'live',
  account: { senderDomain: 'agency.example.com' },
  guardrails: {
    email: { perMonth: 1e6, perDay: 1e6, perHour: 1e6, perDomainHour: 1e6, minDelayMs: 0 },
    ghl: { per10s: 1e6, perDay: 1e9 },
    hours: { email: 'always' },
  },
})
// All the control knows of a stop is what it looks for.
if (task.way === 'control') gateway.on('system', () => undefined)
await gateway.open()
let stoppedAt: bigint | undefined
let left = task.attemptsAfter

const told: Promise<void> = new Promise((resolve) => {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const [word, at] = line.split(' ')
    if (word === 'go') resolve(run())
    if (word === 'stop') {
      await gateway.system.emergencyStop({ reason: 'the proof says so' })
      console.log(`acknowledged ${process.hrtime.bigint()}`)
    }
    if (word === 'stopped') stoppedAt = BigInt(at ?? 0)
  })
})
console.log('ready')
await told
const after = begun.filter((at) => at > (stoppedAt ?? 0n)).length
console.log(JSON.stringify({ begun: begun.length, after }))
await gateway.close()
await connection.close()
process.exit()

async function run(): Promise<void> {
  await Promise.all(Array.from({ length: task.callers }, (_, caller) => call(`c${task.worker}x${caller}`)))
}

async function call(contactId: string): Promise<void> {
  while (stoppedAt === undefined || left-- > 0) {
    const grounding = { source: 'ghl', dataId: contactId, verifiedAt: Date.now() }
    const agent = gateway.agent('outreach').with({ grounding })
    const outcome = await agent.execute({ type: 'send_email', contactId, subject: 'Your second warehouse', html })
    const blocked = outcome.status === 'blocked' && outcome.reasons.every(({ code }) => code === 'system.emergency_stop')
    if (outcome.status !== 'executed' && !blocked) console.log(`unexpected ${JSON.stringify(outcome)}`)
  }
}

/** The same storage, with somebody who notes each begin commit. */
function noting(storage: Storage): Storage {
  return {
    ...storage,
    async commit(batches) {
      const at = process.hrtime.bigint()
      const results = await storage.commit(batches)
      const begins = (batch: Batch) => batch.some(({ op, key }) => op === 'put' && key.startsWith('intent/'))
      batches.forEach((batch, index) => {
        if (results[index]?.ok === true && begins(batch)) begun.push(at)
      })
      return results
    },
  }
}

/** The control: what the switch says is looked at from time to time, and no commit asks again. */
function polling(storage: Storage, everyMs: number): Storage {
  let cached: Promise<(Entry | null)[]> | undefined
  const look = () => {
    cached = storage.read(['system'])
  }
  setInterval(look, everyMs).unref()
  const unasked = (op: Op): Op => (op.op === 'check' && op.key === 'system' ? { op: 'check', key: 'no-such', version: null } : op)
  return {
    ...storage,
    commit: (batches) => storage.commit(batches.map((batch) => batch.map(unasked))),
    async read(wanted) {
      if (cached === undefined) look()
      const [found, system] = await Promise.all([storage.read(wanted), cached])
      return found.map((entry, index) => (wanted[index] === 'system' ? (system?.[0] ?? null) : entry))
    },
  }
}
