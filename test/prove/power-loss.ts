import type { FileSystem } from '../../src/storage/file/index.js'
import { createFakeFs, type FakeFs } from '../storage/fake-fs.js'
import { createBook, sumOf } from './ledger.js'
import { createRandom } from './random.js'
import { auditLeft, live } from './scripted.js'

const SEEDS = 5000
const LIVES = 4
/** A life of the workload makes about this many calls; the power goes at one of them, or after the last. */
const CALLS = 130

export interface Outcome {
  readonly cuts: number
  readonly acknowledged: number
  readonly lost: number
  readonly faults: readonly string[]
}

/** `power-loss [seeds]`: lives that end with a power cut, of which every unsynced sector and name may stay or go. */
export async function prove([seeds = String(SEEDS)]: readonly string[]): Promise<readonly string[]> {
  console.log(
    `power-loss: ${seeds} seeds, ${LIVES} lives each; every unsynced sector, creation, link, rename and removal may stay or go by itself`,
  )
  const sum = await powerLossOf(Number(seeds))
  console.log(`cuts ${sum.cuts}  acknowledged ${sum.acknowledged}  lost ${sum.lost}  faults ${sum.faults.length}`)
  const faults = [...sum.faults]
  for (const [name, breaks] of Object.entries(CONTROLS)) {
    const control = await powerLossOf(Math.min(Number(seeds), 200), breaks)
    console.log(`control: ${name}  lost ${control.lost}, faults ${control.faults.length}`)
    if (control.faults.length === 0) faults.push(`the control, ${name}, was not found`)
  }
  return faults
}

/** What an engine must not leave out. */
export const CONTROLS: Readonly<Record<string, (fs: FakeFs) => FileSystem>> = {
  'no sync before the answer': (fs) => ({
    ...fs,
    async open(path, flags) {
      const file = await fs.open(path, flags)
      return { ...file, datasync: async () => {} }
    },
  }),
  'no sync of the directory': (fs) => ({ ...fs, syncDirectory: async () => {} }),
}

export async function powerLossOf(seeds: number, breaks?: (fs: FakeFs) => FileSystem): Promise<Outcome> {
  let [cuts, acknowledged, lost] = [0, 0, 0]
  const faults: string[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const one = await powerLoss(seed, breaks)
    cuts += one.cuts
    acknowledged += one.acknowledged
    lost += one.lost
    faults.push(...one.faults.map((fault) => `seed ${seed}: ${fault}`))
  }
  return { cuts, acknowledged, lost, faults }
}

/** Lives of one store, each ended by a power cut; every one has to find what those before it were told. */
export async function powerLoss(seed: number, breaks: (fs: FakeFs) => FileSystem = (fs) => fs): Promise<Outcome> {
  const random = createRandom(seed)
  const fs = createFakeFs()
  const book = createBook()
  let lost = 0
  const faults: string[] = []
  for (let life = 0; life < LIVES && faults.length === 0; life++) {
    fs.failAt(1 + random.below(CALLS), 'dead')
    await live({ fs: breaks(fs), book, sends: 1 + random.below(8), close: random.flip() })
    // Nothing, all, and everything between: a cut that keeps each by chance alone would hardly ever keep all of many.
    const share = random.below(5)
    fs.crash(() => random.below(4) < share)
    const left = await auditLeft(breaks(fs), book)
    fs.crash()
    lost += left.lost
    faults.push(...left.faults.map((fault) => `life ${life + 1}: ${fault}`))
  }
  return { cuts: LIVES, acknowledged: sumOf(book.acknowledged), lost, faults }
}
