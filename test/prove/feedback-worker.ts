// One process of the proof: `feedback-worker.ts <task as JSON>`. Takes the deliveries on its input, as many at once as it is
// told, and comes again with those it is asked for again, as GHL does.
import { createInterface } from 'node:readline'
import type { Op } from '../../src/core/storage-ops.js'
import { createGateway } from '../../src/gateway/index.js'
import type { Storage } from '../../src/storage/storage.js'
import { engineNamed } from './engines.js'
import type { Delivery, FeedbackTask, Taken } from './feedback.js'

const task = JSON.parse(process.argv[2] ?? '{}') as FeedbackTask
const connection = await engineNamed(task.engine).connect(task.namespace)
const gateway = createGateway({
  agents: { outreach: 'GHL_MASTER' },
  storage: task.way === 'control' ? unguarded(connection.storage) : connection.storage,
  account: { senderDomain: 'agency.example.com' },
  webhooks: { publicKey: task.publicKey },
})
await gateway.open()

const left: Delivery[] = []
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break
  left.push(JSON.parse(line) as Delivery)
}
process.stdin.destroy()

const taken = { handled: 0, duplicate: 0, again: 0, other: 0 } satisfies Taken
await Promise.all(Array.from({ length: task.callers }, take))
console.log(JSON.stringify(taken))
await gateway.close()
await connection.close()
process.exit()

async function take(): Promise<void> {
  for (let each = left.shift(); each !== undefined; each = left.shift()) {
    const { httpStatus, status } = await gateway.webhooks.handle(Buffer.from(each.rawBody), each.headers)
    if (httpStatus === 429) {
      taken.again++
      left.push(each)
    } else if (status === 'handled' || status === 'duplicate') taken[status]++
    else taken.other++
  }
}

/** The control: commits without what guards them, and finds no mark that an event was told. */
function unguarded(storage: Storage): Storage {
  const bare = (op: Op): Op[] => {
    if (op.op === 'check') return []
    if (op.op !== 'put') return [op]
    const { version: _, ...put } = op
    return [put]
  }
  return {
    ...storage,
    commit: (batches) => storage.commit(batches.map((batch) => batch.flatMap(bare))),
    async read(wanted) {
      const found = await storage.read(wanted)
      return found.map((entry, index) => (wanted[index]?.startsWith('told/') ? null : entry))
    },
  }
}
