import type { FileSystem } from '../../src/storage/file/index.js'
import { createFakeFs, type FakeFs, type Fault } from '../storage/fake-fs.js'
import { proveFullDisk } from './full-disk.js'
import { createBook, sumOf } from './ledger.js'
import { createRandom } from './random.js'
import { auditLeft, live } from './scripted.js'

/** A failed sync is EIO at a sync; what was to be synced is gone then, as on Linux. */
export const KINDS: readonly Fault[] = ['EIO', 'ENOSPC', 'short', 'full', 'dead']

/** What is left afterwards: the process ended, or the power went and of what was not synced stayed nothing, all, or some. */
const ENDS = ['process', 'nothing', 'all', 'some'] as const
type End = (typeof ENDS)[number]

export interface Figures {
  readonly kind: Fault
  /** Calls at which it was injected, and runs of the workload in all. */
  readonly points: number
  readonly runs: number
  readonly acknowledged: number
  readonly lost: number
  readonly faults: readonly string[]
}

/** `faults`: every kind of failure at every call, then a file system that is really full. */
export async function prove(): Promise<readonly string[]> {
  console.log('faults: a failure at the k-th call for every k of: open, sends, snapshots, close, open again, sends, close')
  const faults: string[] = []
  for (const kind of KINDS) {
    const figures = await failEverywhere(kind)
    console.log(lineOf(figures))
    faults.push(...figures.faults)
  }
  for (const [name, { kind, breaks }] of Object.entries(CONTROLS)) {
    const figures = await failEverywhere(kind, breaks)
    console.log(`control: ${name}  ${figures.faults.length} faults, ${figures.lost} lost`)
    if (figures.faults.length === 0) faults.push(`the control, ${name}, was not found`)
  }
  return [...faults, ...(await proveFullDisk())]
}

function lineOf({ kind, points, runs, acknowledged, lost }: Figures): string {
  return `${kind.padEnd(6)}  fault points ${points}  runs ${runs}  acknowledged ${acknowledged}  lost ${lost}`
}

/** File systems as a careless engine would use them, and the failure that shows it. */
export const CONTROLS: Readonly<Record<string, { readonly kind: Fault; readonly breaks: (fs: FakeFs) => FileSystem }>> = {
  'a failed sync is taken for done': { kind: 'EIO', breaks: withoutSyncErrors },
  'what was written is not read back': { kind: 'short', breaks: withoutReadBack },
}

/** Runs the workload once for each call and each end, with one failure at that call. */
export async function failEverywhere(kind: Fault, breaks: (fs: FakeFs) => FileSystem = (fs) => fs): Promise<Figures> {
  const faults: string[] = []
  let [points, runs, acknowledged, lost] = [0, 0, 0, 0]
  for (let call = 1, reached = true; reached; call++) {
    for (const end of ENDS) {
      const fs = createFakeFs()
      const broken = breaks(fs)
      const book = createBook()
      fs.failAt(call, kind)
      const found: string[] = []
      for (const sends of [6, 4]) found.push(...(await live({ fs: broken, book, sends, close: true })))
      reached = fs.calls() >= call
      fs.crash(keepAfter(end, call))
      const left = await auditLeft(breaks(fs), book)
      found.push(...left.faults)
      runs++
      lost += left.lost
      acknowledged += sumOf(book.acknowledged)
      faults.push(...found.map((fault) => `${kind} at call ${call}, ${end} left: ${fault}`))
    }
    if (reached) points++
  }
  return { kind, points, runs, acknowledged, lost, faults }
}

function keepAfter(end: End, seed: number): (() => boolean) | undefined {
  if (end === 'process') return undefined
  if (end === 'some') return createRandom(seed).flip
  return () => end === 'all'
}

function withoutSyncErrors(fs: FakeFs): FileSystem {
  return {
    ...fs,
    async open(path, flags) {
      const file = await fs.open(path, flags)
      return { ...file, datasync: () => file.datasync().catch(() => undefined), sync: () => file.sync().catch(() => undefined) }
    },
  }
}

/** Gives back what a replacement was to hold, not what it holds, to whoever looks in order to compare. */
function withoutReadBack(fs: FakeFs): FileSystem {
  const meant = new Map<string, Buffer>()
  return {
    ...fs,
    async replace(path, data) {
      await fs.replace(path, data)
      meant.set(path, data)
    },
    readFile: async (path) => meant.get(path) ?? (await fs.readFile(path)),
  }
}
