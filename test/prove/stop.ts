import { engineNamed, proveEach } from './engines.js'
import { loopbackGhl } from './loopback-ghl.js'
import { startWorker } from './worker.js'

/** The control looks at the switch from time to time instead of in every begin commit. */
type Way = 'sendwarden' | 'control'

export interface StopSize {
  readonly processes: number
  /** Actions under way at the same time in each process. */
  readonly callers: number
  /** The stop is given when this many messages have arrived. */
  readonly messages: number
  /** Actions each process still tries after it was told that the stop was acknowledged. */
  readonly attemptsAfter: number
  /** How often the control looks at the switch. */
  readonly pollMs: number
}

export interface StopTask extends StopSize {
  readonly engine: string
  readonly namespace: string
  readonly way: Way
  readonly worker: number
  readonly ghl: string
}

export interface StopFigures {
  readonly way: Way
  /** Begin commits that were accepted, and those of them handed in after the stop was acknowledged. */
  readonly begun: number
  readonly begunAfter: number
  readonly arrived: number
  readonly arrivedAfter: number
  /** From the call of the stop to its acknowledgement. */
  readonly stopMs: number
  /** From the acknowledgement to the last message on the wire; negative = it had arrived before. */
  readonly lastMs: number
  /** Outcomes that are neither executed nor refused for the stop. */
  readonly unexpected: readonly string[]
}

const FULL: StopSize = { processes: 4, callers: 16, messages: 500, attemptsAfter: 500, pollMs: 500 }
const ROUNDS = 5
/** The last message may have been on its way when the stop was acknowledged. */
const LAST_MS = 1000

/** `stop [engine ...]`: after an emergency stop was acknowledged to one process, no process begins anything. */
export async function prove(engines: readonly string[]): Promise<readonly string[]> {
  const { processes, callers, messages, attemptsAfter } = FULL
  console.log(
    `stop: ${processes} processes, ${callers} mails at once each, stopped by one of them after ${messages} messages, ${attemptsAfter} more attempts each`,
  )
  return proveEach(engines, async (engine) => {
    const faults: string[] = []
    for (const way of [...Array.from({ length: ROUNDS }, (): Way => 'sendwarden'), 'control'] as const) {
      const figures = await stop(engine, way)
      console.log(`${engine.padEnd(9)} ${lineOf(figures)}`)
      faults.push(...faultsOf(figures))
      if (way === 'sendwarden' && figures.lastMs >= LAST_MS)
        faults.push(`the last message arrived ${Math.round(figures.lastMs)} ms after the stop`)
    }
    return faults
  })
}

/** Several processes send through gateways of their own, over real HTTP, until one of them stops all. */
export async function stop(engine: string, way: Way, size: StopSize = FULL): Promise<StopFigures> {
  const shared = engineNamed(engine)
  const namespace = `prove_${process.pid}_${Date.now().toString(36)}_stop`
  await shared.prepare(namespace)
  const ghl = await loopbackGhl()
  const unexpected: string[] = []
  let begun = 0
  let begunAfter = 0
  let acknowledge: (at: bigint) => void = () => undefined
  const acknowledged = new Promise<bigint>((resolve) => {
    acknowledge = resolve
  })
  function heard(line: string): void {
    if (line.startsWith('acknowledged ')) acknowledge(BigInt(line.slice('acknowledged '.length)))
    else if (line.startsWith('{')) {
      const counts = JSON.parse(line) as { readonly begun: number; readonly after: number }
      begun += counts.begun
      begunAfter += counts.after
    } else unexpected.push(line)
  }
  try {
    const tasks = Array.from({ length: size.processes }, (_, worker): StopTask => {
      return { ...size, engine, namespace, way, worker, ghl: ghl.url }
    })
    const workers = await Promise.all(tasks.map((task) => startWorker('stop-worker.ts', task, heard)))
    const all = (line: string) => {
      for (const worker of workers) worker.say(line)
    }
    all('go')
    await ghl.arrived(size.messages)
    const asked = process.hrtime.bigint()
    workers[0]?.say('stop')
    const at = await acknowledged
    all(`stopped ${at}`)
    await Promise.all(workers.map(({ ended }) => ended))
    const { messages } = ghl
    return {
      way,
      begun,
      begunAfter,
      arrived: messages.length,
      arrivedAfter: messages.filter((arrival) => arrival > at).length,
      stopMs: ms(at - asked),
      lastMs: ms((messages.at(-1) ?? at) - at),
      unexpected,
    }
  } finally {
    await ghl.close()
    await shared.drop(namespace)
  }
}

function ms(ns: bigint): number {
  return Number(ns) / 1e6
}

/** What does not hold; empty = proven. How soon the last message arrives is a matter of the machine, and not looked at here. */
export function faultsOf({ way, begunAfter, begun, arrived, unexpected }: StopFigures): string[] {
  if (way === 'control') return begunAfter > 0 ? [] : ['the control began nothing after the stop: the proof cannot fail']
  const faults = [...new Set(unexpected)].slice(0, 3)
  if (begunAfter > 0) faults.push(`${begunAfter} actions began after the stop was acknowledged`)
  if (arrived > begun) faults.push(`${arrived} messages arrived, ${begun} actions had begun`)
  return faults
}

function lineOf({ way, begun, begunAfter, arrived, arrivedAfter, stopMs, lastMs }: StopFigures): string {
  return `${way.padEnd(10)} stop acknowledged in ${stopMs.toFixed(1)} ms  begun ${begun}, after the acknowledgement ${begunAfter}  messages ${arrived}, after the acknowledgement ${arrivedAfter}, the last ${lastMs.toFixed(1)} ms from it`
}
