import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../../src/storage/file/index.js'
import { memoryStorage } from '../../../src/storage/memory.js'
import { createBench, executed } from '../fixture.js'
import { crowd, measure } from '../measure.js'
import type { Row } from '../report.js'

const CALLERS = 64

/** Sixty-four callers at once. On file each is told `executed` only after its begin and its end were synced. */
export async function throughput(): Promise<readonly Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sendwarden-bench-'))
  const memory = createBench(memoryStorage(), 0)
  const file = createBench(fileStorage(dir), 0)
  // One engine after the other, as a process has one storage.
  const took = {
    ...(await measure({ file: crowd(10_000, CALLERS, executed(file)) })),
    ...(await measure({ memory: crowd(10_000, CALLERS, executed(memory)) })),
  }
  await memory.gateway.close()
  await file.gateway.close()
  await rm(dir, { recursive: true })
  return [
    { what: `execute on memory, ${CALLERS} callers`, rounds: took.memory },
    { what: `execute on file, ${CALLERS} callers`, rounds: took.file, target: { perSecondAtLeast: 5000 } },
  ]
}
