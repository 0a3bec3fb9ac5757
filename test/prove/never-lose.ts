import type { OwnServer } from '../storage/own-server.js'
import type { Network } from './engine.js'
import { engineNamed, SHARED_ENGINES } from './engines.js'
import { FULL, storedWindows } from './never-exceed.js'
import type { Size, Task } from './never-exceed-work.js'
import { startWorker } from './worker.js'

/** Whom kill -9 hits: half of the processes, each once; or the server, twice, which is started again at once. */
type Victim = 'clients' | 'server'

/** The control among clients counts after it has acknowledged; the control among servers has not kept what it acknowledged. */
type Way = 'sendwarden' | 'control'

export interface LossTask extends Task {
  readonly url?: string
  readonly late: boolean
}

export interface Losses {
  readonly victim: Victim
  readonly way: Way
  readonly kills: number
  /** Attempts whose caller was told that they count. */
  readonly acknowledged: number
  /** Those of them that the store does not know. */
  readonly lost: number
  /** Attempts the store knows, and what its windows say. */
  readonly marks: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly domains: number
  readonly fullest: number
  /** What processes that were not killed ended with, if not with their last attempt. */
  readonly thrown: readonly string[]
  readonly ms: number
}

const ROUNDS = 5

/** `never-lose [engine ...]`: what was acknowledged is counted, whoever is killed with -9 in the middle of the work. */
export async function prove(engines: readonly string[]): Promise<readonly string[]> {
  const { processes, attempts, callers, perMonth, perDomain, domains } = FULL
  console.log(
    `never-lose: ${processes} processes x ${attempts} attempts, ${callers} at once each, limits ${perMonth} a month and ${perDomain} for each of ${domains} domains; kill -9 at random moments`,
  )
  const faults: string[] = []
  for (const engine of engines.length > 0 ? engines : Object.keys(SHARED_ENGINES)) {
    const { missing, network } = engineNamed(engine)
    for (const victim of network === undefined ? (['clients'] as const) : (['clients', 'server'] as const)) {
      const why = victim === 'clients' ? await missing() : network?.missing()
      if (why !== undefined) {
        faults.push(`${engine}: ${why}`)
        continue
      }
      for (const way of [...Array.from({ length: ROUNDS }, (): Way => 'sendwarden'), 'control'] as const) {
        const losses = await neverLose(engine, victim, way)
        console.log(`${engine.padEnd(9)} ${lineOf(losses)}`)
        faults.push(...faultsOf(losses).map((fault) => `${engine}, ${victim} killed: ${fault}`))
      }
    }
  }
  return faults
}

/** The work of `never-exceed` under kills: of clients on the server the tests use, of a server on one of its own. */
export async function neverLose(engine: string, victim: Victim, way: Way, size: Size = FULL): Promise<Losses> {
  const { network } = engineNamed(engine)
  if (victim === 'clients') return onServer(engine, undefined, way, size)
  const server = await required(network).launch(way === 'sendwarden' ? 'careful' : 'careless')
  try {
    return await onServer(engine, server, way, size)
  } finally {
    await server.remove()
  }
}

async function onServer(engine: string, server: OwnServer | undefined, way: Way, size: Size): Promise<Losses> {
  const shared = engineNamed(engine)
  const namespace = `prove_${process.pid}_${Date.now().toString(36)}`
  await shared.prepare(namespace, server?.url)
  const clock = await shared.connect(namespace, server?.url)
  const at = await clock.storage.now()
  await clock.close()
  try {
    const acknowledged = new Set<string>()
    const thrown: string[] = []
    const killing: Promise<unknown>[] = []
    let kills = 0
    const started = performance.now()
    const workers = await Promise.all(
      Array.from({ length: size.processes }, (_, worker) => {
        const late = way === 'control' && server === undefined
        const task: LossTask = {
          ...size,
          engine,
          namespace,
          way: 'guarded',
          worker,
          at,
          late,
          ...(server && { url: server.url }),
        }
        return startWorker('never-lose-worker.ts', task, (line) => {
          if (!line.startsWith('ack ')) return void thrown.push(line)
          acknowledged.add(line.slice(4))
          while (moments[0] !== undefined && acknowledged.size >= moments[0]) {
            moments.shift()
            killing.push(kill(kills++))
          }
        })
      }),
    )
    const kill = async (turn: number) => {
      if (server === undefined) return workers[turn]?.kill()
      await killing[turn - 1]
      await server.kill()
      await server.start()
    }
    const moments = randomMoments(server === undefined ? size.processes / 2 : 2, size.perMonth)
    for (const { say } of workers) say('go')
    await Promise.all(workers.map(({ ended }) => ended))
    await Promise.all(killing)
    const ms = Math.round(performance.now() - started)

    const connection = await shared.connect(namespace, server?.url)
    const marks = (await connection.storage.scan('idem/', { limit: 10_000 })).map(({ key }) => key.slice('idem/'.length))
    const windows = await storedWindows(connection.storage)
    await connection.close()
    const known = new Set(marks)
    const lost = [...acknowledged].filter((id) => !known.has(id)).length
    const victim = server === undefined ? 'clients' : 'server'
    return { victim, way, kills, acknowledged: acknowledged.size, lost, marks: marks.length, ...windows, thrown, ms }
  } finally {
    if (server === undefined) await shared.drop(namespace)
  }
}

/** After how many acknowledgements to kill: anywhere before the limit is reached and the work is only refusals. */
function randomMoments(count: number, limit: number): number[] {
  return Array.from({ length: count }, () => 1 + Math.floor(Math.random() * 0.8 * limit)).sort((one, other) => one - other)
}

function required(network: Network | undefined): Network {
  if (network === undefined) throw new TypeError('This engine has no server to kill.')
  return network
}

/** What does not hold; empty = proven. */
export function faultsOf(losses: Losses, { perMonth, perDomain }: Size = FULL): string[] {
  const { way, kills, acknowledged, lost, marks, month, day, hour, domains, fullest, thrown } = losses
  if (way === 'control') return lost > 0 ? [] : ['the control lost nothing: the proof cannot fail']
  const faults = thrown.map((line) => `a process ${line}`)
  if (kills < 2) faults.push(`${kills} were killed, not 2`)
  if (lost > 0) faults.push(`${lost} of ${acknowledged} acknowledged are lost`)
  if (month !== perMonth) faults.push(`the month is at ${month}, its limit ${perMonth}: all had been asked for`)
  for (const [name, count] of Object.entries({ marks, day, hour, domains }))
    if (count !== month) faults.push(`${name} says ${count}, the month ${month}`)
  if (fullest > perDomain) faults.push(`a domain got ${fullest}, its limit is ${perDomain}`)
  return faults
}

function lineOf({
  victim,
  way,
  kills,
  acknowledged,
  lost,
  marks,
  month,
  day,
  hour,
  domains,
  fullest,
  thrown,
  ms,
}: Losses): string {
  const windows = `month ${month}  day ${day}  hour ${hour}  domains ${domains}  fullest domain ${fullest}`
  const ended = thrown.length > 0 ? `  ${thrown.length} processes ended: ${thrown[0]?.slice(0, 80)}…` : ''
  return `${victim} killed ${kills}x  ${way.padEnd(10)} acknowledged ${acknowledged}  lost ${lost}  marks ${marks}  ${windows}  ${ms} ms${ended}`
}
