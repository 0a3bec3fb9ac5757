import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../../src/storage/file/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import { type Bench, createBench } from '../fixture.js'
import { measure, type Subject } from '../measure.js'
import type { Row } from '../report.js'

const CALLERS = 64

/** Sixty-four callers at once. On file each is told `executed` only after its begin and its end were synced. */
export async function throughput(): Promise<readonly Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sendwarden-bench-'))
  const memory = createBench(memoryStorage(), 0)
  const file = createBench(fileStorage(dir), 0)
  // One engine after the other, as a process has one storage.
  const took = { ...(await measure({ file: crowd(file, 10_000) })), ...(await measure({ memory: crowd(memory, 10_000) })) }
  await memory.gateway.close()
  await file.gateway.close()
  await rm(dir, { recursive: true })
  return [
    { what: `execute on memory, ${CALLERS} callers`, rounds: took.memory },
    { what: `execute on file, ${CALLERS} callers`, rounds: took.file, target: { perSecondAtLeast: 5000 } },
  ]
}

function crowd({ next }: Bench, n: number): Omit<Subject, 'name'> {
  return {
    n,
    each: true,
    async run(count, times) {
      let started = 0
      const caller = async () => {
        for (let i = started++; i < count; i = started++) {
          const { agent, action } = next()
          const start = performance.now()
          const outcome = await agent.execute(action)
          if (times) times[i] = performance.now() - start
          if (outcome.status !== 'executed') throw new Error(`Not executed: ${JSON.stringify(outcome)}`)
        }
      }
      await Promise.all(Array.from({ length: CALLERS }, caller))
    },
  }
}
