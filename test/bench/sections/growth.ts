import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { GrowthRound } from '../growth-worker.js'
import { ROUNDS, WARM_UP } from '../measure.js'
import type { Row } from '../report.js'

const SIZES = [0, 100_000, 1_000_000] as const
/** Noise alone makes two equal subjects differ by more than a tenth here. */
const FLAT = 1.25

/** What an action costs when a day, a month and a year of records lie behind it: each size in a heap of its own, taking turns. */
export async function growth(): Promise<readonly Row[]> {
  const workers = await Promise.all(SIZES.map(start))
  const rounds = SIZES.map((): GrowthRound[] => [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (let turn = 0; turn < workers.length; turn++) {
      const index = (turn + round + WARM_UP) % workers.length
      const worker = workers[index]
      if (worker === undefined) continue
      worker.postMessage('round')
      const [took] = (await once(worker, 'message')) as [GrowthRound]
      if (round >= 0) rounds[index]?.push(took)
    }
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
  return [...rowsOf('execute on memory', 'execute'), ...rowsOf('sealing one record', 'seal')]

  function rowsOf(what: string, which: keyof GrowthRound): Row[] {
    const all = rounds.map((some) => some.map((round) => round[which]))
    const [empty = []] = all
    return SIZES.map((size, index): Row => {
      const own = { what: `${what}, after ${size.toLocaleString('en-US')} records`, rounds: all[index] ?? [] }
      return size === 0 ? own : { ...own, peer: { name: 'an empty one', rounds: empty }, target: { withinOfPeer: FLAT } }
    })
  }
}

async function start(records: number): Promise<Worker> {
  const worker = new Worker(new URL('./growth-worker.js', import.meta.url), {
    workerData: records,
    resourceLimits: { maxOldGenerationSizeMb: 4096 },
  })
  await once(worker, 'message')
  return worker
}
