import type { Batch } from '../../src/core/storage-ops.js'
import { type LossyProxy, lossyProxy } from '../storage/lossy-proxy.js'
import type { Connection, Network } from './engine.js'
import { engineNamed, proveEach, SHARED_ENGINES } from './engines.js'
import { insistent } from './insistent.js'

export interface LostReplySize {
  readonly clients: number
  /** Batches of each client, one after the other; the answer to about every second one is lost. */
  readonly batches: number
}

const FULL: LostReplySize = { clients: 4, batches: 100 }

export interface LostReplies {
  readonly batches: number
  readonly lost: number
  /** Batches that threw and were handed in again. */
  readonly again: number
  /** What two counters of every batch say at the end, and after every batch was handed in once more. */
  readonly counters: readonly number[]
  readonly replayed: readonly number[]
  /** What the driver alone counts of as many attempts: the control. */
  readonly bare: number
}

/** `lost-reply [engine ...]`: a server whose answers get lost with their connection counts every batch once. */
export async function prove(engines: readonly string[]): Promise<readonly string[]> {
  const { clients, batches } = FULL
  console.log(`lost-reply: ${clients} clients x ${batches} batches through a proxy that swallows answers and cuts the connection`)
  const networked = Object.keys(SHARED_ENGINES).filter((name) => engineNamed(name).network !== undefined)
  const proof = async (engine: string) => {
    const replies = await lostReplies(engine)
    const { batches, lost, again, counters, replayed, bare } = replies
    console.log(
      `${engine.padEnd(9)} sendwarden  batches ${batches}  answers lost ${lost}  handed in again ${again}  counters ${counters.join(', ')}  after all once more ${replayed.join(', ')}`,
    )
    console.log(`${engine.padEnd(9)} control: the driver alone, tried again  attempts ${batches}  counter ${bare}`)
    return faultsOf(replies)
  }
  return proveEach(engines, proof, networked)
}

export async function lostReplies(engine: string, size: LostReplySize = FULL): Promise<LostReplies> {
  const shared = engineNamed(engine)
  const network = shared.network
  if (network === undefined) throw new TypeError(`${engine} has no server whose answers could be lost.`)
  const namespace = `prove_${process.pid}_${Date.now().toString(36)}_lost`
  await shared.prepare(namespace)
  const direct = await shared.connect(namespace)
  try {
    const sent = await Promise.all(
      Array.from({ length: size.clients }, (_, who) => client(engine, network, namespace, who, size)),
    )
    const all = sent.flatMap(({ batches }) => batches)
    const counters = await countersOf(direct)
    for (const batch of all) await direct.storage.commit([batch])
    return {
      batches: all.length,
      lost: sum(sent.map(({ lost }) => lost)),
      again: sum(sent.map(({ again }) => again)),
      counters,
      replayed: await countersOf(direct),
      bare: await bareCount(network, namespace, all.length),
    }
  } finally {
    await direct.close()
    await shared.drop(namespace)
  }
}

/** One client on a line of its own. */
async function client(engine: string, network: Network, namespace: string, who: number, size: LostReplySize) {
  const proxy = await proxyTo(network)
  const connection = await engineNamed(engine).connect(namespace, through(network, proxy))
  let again = 0
  const storage = insistent(connection.storage, () => again++)
  const batches: Batch[] = []
  for (let n = 0; n < size.batches; n++) {
    const batch: Batch = [
      { op: 'put', key: `idem/${who}-${n}`, value: n, version: null },
      { op: 'add', key: 'q/month', by: 1 },
      { op: 'add', key: 'q/day', by: 1 },
    ]
    batches.push(batch)
    if (n % 2 === 0) proxy.loseNextAnswer()
    await storage.commit([batch])
  }
  const lost = proxy.lost()
  await connection.close()
  await proxy.close()
  return { batches, again, lost }
}

async function bareCount(network: Network, namespace: string, attempts: number): Promise<number> {
  const proxy = await proxyTo(network)
  const counter = await network.bareCounter(namespace, through(network, proxy))
  for (let n = 0; n < attempts; n++) {
    if (n % 2 === 0) proxy.loseNextAnswer()
    await counter.add()
  }
  const value = await counter.value()
  await counter.close()
  await proxy.close()
  return value
}

function proxyTo({ url }: Network): Promise<LossyProxy> {
  const { hostname, port, protocol } = new URL(url)
  return lossyProxy({ host: hostname, port: Number(port || (protocol.startsWith('redis') ? 6379 : 5432)) })
}

function through({ url }: Network, { port }: LossyProxy): string {
  const way = new URL(url)
  way.hostname = '127.0.0.1'
  way.port = String(port)
  return way.href
}

async function countersOf({ storage }: Connection): Promise<number[]> {
  return (await storage.read(['q/month', 'q/day'])).map((entry) => entry?.count ?? 0)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

/** What does not hold; empty = proven. */
export function faultsOf({ batches, lost, counters, replayed, bare }: LostReplies): string[] {
  const faults: string[] = []
  if (lost < batches / 4) faults.push(`only ${lost} answers were lost`)
  if (counters.some((count) => count !== batches)) faults.push(`counters ${counters.join(', ')} after ${batches} batches`)
  if (replayed.some((count) => count !== batches)) faults.push(`counters ${replayed.join(', ')} after each batch came twice`)
  if (bare <= batches) faults.push(`the control counted ${bare} of ${batches}: the proof cannot fail`)
  return faults
}
