import { parentPort, workerData } from 'node:worker_threads'
import { parseGatewayConfig } from '../../src/gateway/config.js'
import { operatorRecord, recordOp } from '../../src/gateway/records.js'
import { memoryStorage } from '../../src/storage/memory.js'
import { createBench } from './fixture.js'
import { once, type Round } from './measure.js'
import { executes } from './sections/execute.js'

/** What one worker tells after each round. */
export interface GrowthRound {
  readonly execute: Round
  readonly seal: Round
}

/** A gateway with so many audit records in it, in a heap of its own. Answers each message with one round. */
const records = workerData as number
const PAGE = 1000
const SEALED = 1280
/** Makes the record as long as that of an action. */
const FILLER = 'x'.repeat(200)

const storage = memoryStorage()
const bench = createBench(storage)
const { policy } = parseGatewayConfig({ agents: { nobody: 'HUNTER' }, storage })
await bench.gateway.open()
for (let written = 0; written < records; written += PAGE) {
  await write(Math.min(PAGE, records - written))
  await bench.gateway.audit.seal()
}

const mails = executes(bench, 1500)
parentPort?.on('message', async () => {
  const execute = await once(mails)
  await bench.gateway.audit.seal()
  await write(SEALED)
  const seal = await once({ n: SEALED, run: () => bench.gateway.audit.seal() })
  parentPort?.postMessage({ execute, seal } satisfies GrowthRound)
})
parentPort?.postMessage('ready')

async function write(count: number): Promise<void> {
  const at = await storage.now()
  const ops = Array.from({ length: count }, (_, index) =>
    recordOp(operatorRecord(at, 'operator', 'note', policy, { index, filler: FILLER })),
  )
  await storage.commit([ops])
}
