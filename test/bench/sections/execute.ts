import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../../src/storage/file/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import { type Bench, createBench } from '../fixture.js'
import { measure, type Subject } from '../measure.js'
import type { Row } from '../report.js'

/** The whole way of one action, one after the other: two commits, two audit records, sealing included. */
export async function execute(): Promise<readonly Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sendwarden-bench-'))
  const memory = createBench(memoryStorage())
  const file = createBench(fileStorage(dir))
  // One engine after the other: a process has one storage, and the compiler knows it.
  const took = { ...(await measure({ memory: executes(memory, 10_000) })), ...(await measure({ file: executes(file, 300) })) }
  await memory.gateway.close()
  await file.gateway.close()
  await rm(dir, { recursive: true })
  return [
    { what: 'execute on memory', rounds: took.memory, target: { p50AtMost: 100 } },
    { what: 'execute on file, two synced commits', rounds: took.file },
  ]
}

export function executes({ next }: Bench, n: number): Omit<Subject, 'name'> {
  return {
    n,
    each: true,
    async run(count, times) {
      for (let i = 0; i < count; i++) {
        const { agent, action } = next()
        const start = performance.now()
        const outcome = await agent.execute(action)
        if (times) times[i] = performance.now() - start
        if (outcome.status !== 'executed') throw new Error(`Not executed: ${JSON.stringify(outcome)}`)
      }
    },
  }
}
