import type { Storage } from '../../src/storage/storage.js'
import type { Connection } from './engine.js'
import { engineNamed, proveEach } from './engines.js'
import { LOCATION, PEER_WINDOWS, type Size, type Task, WAYS, type Way } from './never-exceed-work.js'
import { startWorker } from './worker.js'

export const FULL: Size = { processes: 4, attempts: 2000, callers: 16, perMonth: 500, perDomain: 12, domains: 50 }

export interface Figures {
  readonly engine: string
  readonly way: Way
  /** What the callers were told. */
  readonly accepted: number
  /** What the windows say afterwards. */
  readonly month: number
  readonly day: number
  readonly hour: number
  /** All domains together, and the fullest. */
  readonly domains: number
  readonly fullest: number
  readonly ms: number
}

/** `never-exceed [engine ...]`: processes that share limits reach them exactly, on every shared engine or the named ones. */
export async function prove(engines: readonly string[]): Promise<readonly string[]> {
  const { processes, attempts, callers, perMonth, perDomain, domains } = FULL
  console.log(
    `never-exceed: ${processes} processes x ${attempts} attempts, ${callers} at once each, limits ${perMonth} a month and ${perDomain} for each of ${domains} domains`,
  )
  return proveEach(engines, async (engine) => {
    const faults: string[] = []
    for (const way of WAYS) {
      const figures = await neverExceed(engine, way)
      console.log(lineOf(figures, processes * attempts))
      faults.push(...faultsOf(figures))
    }
    return faults
  })
}

/** Several processes reserve against the same limits at the same time, in a namespace that is dropped afterwards. */
export async function neverExceed(engine: string, way: Way, size: Size = FULL): Promise<Figures> {
  const shared = engineNamed(engine)
  const namespace = `prove_${process.pid}_${Date.now().toString(36)}_${way}`
  await shared.prepare(namespace)
  const connection = await shared.connect(namespace)
  try {
    const at = await connection.storage.now()
    const tasks = Array.from({ length: size.processes }, (_, worker): Task => ({ ...size, engine, namespace, way, worker, at }))
    const processes = await Promise.all(tasks.map(start))
    const started = performance.now()
    const counts = await Promise.all(processes.map(({ go }) => go()))
    const ms = Math.round(performance.now() - started)
    const windows = way === 'peer' ? await peerWindows(connection, size) : await storedWindows(connection.storage)
    return { engine, way, accepted: sum(counts), ...windows, ms }
  } finally {
    await connection.close()
    await shared.drop(namespace)
  }
}

/** What does not hold; empty = proven. */
export function faultsOf(figures: Figures, { perMonth, perDomain }: Size = FULL): string[] {
  const { way, accepted, month, day, hour, domains, fullest } = figures
  if (way === 'peer') return []
  if (way === 'unguarded') return accepted > perMonth ? [] : [`the control accepted ${accepted}: it did not exceed ${perMonth}`]
  const faults: string[] = []
  if (accepted !== perMonth) faults.push(`accepted ${accepted}, expected ${perMonth}`)
  for (const [name, count] of Object.entries({ month, day, hour, domains }))
    if (count !== accepted) faults.push(`${name} says ${count}, accepted were ${accepted}`)
  if (fullest > perDomain) faults.push(`a domain got ${fullest}, its limit is ${perDomain}`)
  return faults
}

function lineOf({ engine, way, accepted, month, day, hour, domains, fullest, ms }: Figures, attempts: number): string {
  const windows = `month ${month}  day ${day}  hour ${hour}  domains ${domains}  fullest domain ${fullest}`
  return `${engine.padEnd(9)} ${NAMES[way].padEnd(38)} accepted ${String(accepted).padStart(5)} of ${attempts}  ${windows}  ${ms} ms`
}

const NAMES: Readonly<Record<Way, string>> = {
  guarded: 'sendwarden',
  unguarded: 'control: read, compare, write',
  peer: 'rate-limiter-flexible, four windows',
}

/** Starts a process and resolves when it is ready; `go` lets it begin and resolves with what it accepted. */
async function start(task: Task): Promise<{ go(): Promise<number> }> {
  let accepted: number | undefined
  const worker = await startWorker('never-exceed-worker.ts', task, (line) => {
    accepted = Number(/^accepted (\d+)$/.exec(line)?.[1])
  })
  return {
    async go() {
      worker.say('go')
      await worker.ended
      if (accepted === undefined) throw new Error(`Process ${task.worker} ended without a count.`)
      return accepted
    },
  }
}

/** What the windows of the location hold. */
export async function storedWindows(storage: Storage) {
  const counts = async (window: string) =>
    (await storage.scan(`q/${LOCATION}/email/${window}/`, { limit: 10_000 })).map(({ count = 0 }) => count)
  const domains = await counts('domain')
  return {
    month: sum(await counts('month')),
    day: sum(await counts('day')),
    hour: sum(await counts('hour')),
    domains: sum(domains),
    fullest: Math.max(0, ...domains),
  }
}

async function peerWindows({ peer }: Connection, size: Size) {
  const [month = 0, day = 0, hour = 0] = await Promise.all(
    PEER_WINDOWS.slice(0, 3).map((name) => peer(name, size.perMonth).used(LOCATION)),
  )
  const window = peer('domain', size.perDomain)
  const domains = await Promise.all(Array.from({ length: size.domains }, (_, n) => window.used(`d${n}.example`)))
  return { month, day, hour, domains: sum(domains), fullest: Math.max(0, ...domains) }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
