import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { betterSqlite3, NO_DRIVER } from '../storage/sqlite-drivers.js'
import { loopbackGhl } from './loopback-ghl.js'
import { startWorker } from './worker.js'

export const SOAK_ENGINES = ['file', 'sqlite'] as const
export type SoakEngine = (typeof SOAK_ENGINES)[number]
/** The control's storage never forgets: it takes no notice of `expiresAt`. */
type Way = 'sendwarden' | 'control'

export interface SoakSize {
  /** Rounds of `CALLERS` actions at once. Between two rounds the gateway's clock goes on, `days` in all. */
  readonly rounds: number
  readonly days: number
  readonly contacts: number
  /** Shortest time a round takes, ms. */
  readonly paceMs: number
  /** Of the file engine, bytes: after so much the journal gives way to a snapshot. */
  readonly snapshotEvery: number
}

export interface SoakTask extends SoakSize {
  readonly engine: SoakEngine
  readonly way: Way
  readonly dir: string
  readonly ghl: string
  readonly slices: number
  readonly callers: number
}

/** What one thirtieth of the work left behind, after garbage collection; of the folder, the most it held meanwhile. */
export interface Slice {
  readonly actions: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly heapMb: number
  readonly rssMb: number
  readonly diskMb: number
  readonly keys: number
}

export interface SoakFigures {
  readonly engine: SoakEngine
  readonly way: Way
  readonly slices: readonly Slice[]
  /** Outcomes by status, and of refusals by code. */
  readonly outcomes: Readonly<Record<string, number>>
  /** What went wrong. */
  readonly unexpected: readonly string[]
  readonly seconds: number
}

const CALLERS = 16
const PER_SECOND = 300
const SLICES = 30
/** Longest that anything is kept (an event of GHL, an approval) is 31 days: it is level after a third. */
const DAYS = 120
const MINUTES = 30

/** How much more the last third may hold, or take, than the third before it. */
const BOUNDS = { keys: 1.05, heapMb: 1.1, diskMb: 1.25, p99Ms: 1.5 } as const
type Figure = keyof typeof BOUNDS

/** `soak [--minutes 30] [file|sqlite …]`: months of mixed work leave no more behind than weeks. */
export async function prove(args: readonly string[]): Promise<readonly string[]> {
  const minutes = numberAfter('--minutes', args) ?? MINUTES
  const named = SOAK_ENGINES.filter((engine) => args.includes(engine))
  const engines = named.length > 0 ? named : SOAK_ENGINES
  const full = { days: DAYS, contacts: 2000, paceMs: (CALLERS / PER_SECOND) * 1000, snapshotEvery: 16 * 2 ** 20 }
  const rounds = Math.ceil((minutes * 60 * PER_SECOND) / CALLERS)
  console.log(
    `soak: ${minutes} minutes, ${DAYS} days by the gateway's clock, ${rounds * CALLERS} actions on each of ${engines.join(' and ')} at once`,
  )
  const found = await Promise.all(engines.map((engine) => soak(engine, 'sendwarden', { ...full, rounds })))
  found.push(await soak('file', 'control', { ...full, rounds: Math.ceil(rounds / 10) }))
  for (const figures of found) print(figures)
  return found.flatMap((figures) =>
    faultsOf(figures, ['keys', 'heapMb', 'diskMb', 'p99Ms']).map((fault) => `${nameOf(figures)}: ${fault}`),
  )
}

function numberAfter(name: string, args: readonly string[]): number | undefined {
  const at = args.indexOf(name)
  const number = Number(args[at + 1])
  if (at === -1) return undefined
  if (!(number > 0)) throw new TypeError(`${name} takes a number above 0.`)
  return number
}

export async function soak(engine: SoakEngine, way: Way, size: SoakSize): Promise<SoakFigures> {
  if (engine === 'sqlite' && (await betterSqlite3()) === undefined) throw new Error(NO_DRIVER)
  const dir = mkdtempSync(join(tmpdir(), 'prove-soak-'))
  const ghl = await loopbackGhl()
  const slices: Slice[] = []
  const unexpected: string[] = []
  let outcomes = {}
  const from = performance.now()
  try {
    const task: SoakTask = { ...size, engine, way, dir, ghl: ghl.url, slices: SLICES, callers: CALLERS }
    const worker = await startWorker('soak-worker.ts', task, (line) => {
      if (line.startsWith('slice ')) slices.push(JSON.parse(line.slice(6)))
      else if (line.startsWith('outcomes ')) outcomes = JSON.parse(line.slice(9))
      else unexpected.push(line)
    })
    await worker.ended
  } finally {
    await ghl.close()
    rmSync(dir, { recursive: true, force: true })
  }
  return { engine, way, slices, outcomes, unexpected, seconds: (performance.now() - from) / 1000 }
}

/** What does not hold; empty = proven. Compares the medians of the second and the last third, of disk the largest. */
export function faultsOf({ way, slices, outcomes, unexpected }: SoakFigures, wanted: readonly Figure[]): string[] {
  if (slices.length !== SLICES) return [`${slices.length} of ${SLICES} slices were told of`]
  const grown = wanted.filter((figure) => growth(slices, figure) > BOUNDS[figure])
  if (way === 'control') {
    return grown.includes('keys')
      ? []
      : ['the control, which forgets nothing, grew no more than is allowed: the proof cannot fail']
  }
  const faults = grown.map((figure) => `${figure} grew ${growth(slices, figure).toFixed(2)}-fold, allowed is ${BOUNDS[figure]}`)
  faults.push(...[...new Set(unexpected)].slice(0, 3))
  for (const status of STATUSES) if (outcomes[status] === undefined) faults.push(`nothing was ${status}: the work is not mixed`)
  return faults
}

const STATUSES = ['executed', 'blocked', 'pending_approval', 'failed', 'unknown', 'approved', 'rejected', 'heard', 'archived']

function growth(slices: readonly Slice[], figure: Figure): number {
  const of = figure === 'diskMb' ? largest : median
  const third = SLICES / 3
  const values = slices.map((slice) => slice[figure])
  return of(values.slice(2 * third)) / of(values.slice(third, 2 * third))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function largest(values: readonly number[]): number {
  return Math.max(...values)
}

function nameOf({ engine, way }: SoakFigures): string {
  return way === 'control' ? `control (${engine})` : engine
}

function print(figures: SoakFigures): void {
  const { slices, outcomes, seconds } = figures
  console.log(`\n${nameOf(figures)}: ${Math.round(seconds)} s`)
  console.log('slice  actions   p50 ms   p99 ms  heap MB   rss MB  disk MB     keys')
  for (const [index, { actions, p50Ms, p99Ms, heapMb, rssMb, diskMb, keys }] of slices.entries()) {
    const row = [
      actions,
      ...[p50Ms, p99Ms].map((ms) => ms.toFixed(2)),
      ...[heapMb, rssMb, diskMb].map((mb) => mb.toFixed(1)),
      keys,
    ]
    console.log(`${String(index + 1).padStart(5)} ${row.map((cell) => String(cell).padStart(8)).join(' ')}`)
  }
  const grown = (Object.keys(BOUNDS) as Figure[]).map((figure) => `${figure} ${growth(slices, figure).toFixed(2)}`)
  console.log(`last third against the second: ${grown.join(', ')}`)
  console.log(JSON.stringify(outcomes))
}
