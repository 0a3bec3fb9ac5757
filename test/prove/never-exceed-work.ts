import type { Op } from '../../src/core/storage-ops.js'
import { emailLimits, type LimitWindow, reserve, keys as windowKeys } from '../../src/limits/index.js'
import type { Connection } from './engine.js'

/** `guarded` = as the gateway does it; `unguarded` = read, compare, write: the control that must fail; `peer` = rate-limiter-flexible. */
export const WAYS = ['guarded', 'unguarded', 'peer'] as const
export type Way = (typeof WAYS)[number]

/** What the proof asks of each process. */
export interface Size {
  readonly processes: number
  readonly attempts: number
  /** Attempts under way at the same time in each process. */
  readonly callers: number
  readonly perMonth: number
  readonly perDomain: number
  readonly domains: number
}

export interface Task extends Size {
  readonly engine: string
  readonly namespace: string
  readonly way: Way
  readonly worker: number
  /** All processes count in the buckets of this instant, so that midnight does not divide a proof. */
  readonly at: number
}

export const LOCATION = 'loc'
export const PEER_WINDOWS = ['month', 'day', 'hour', 'domain'] as const

/** Makes all of one process's attempts; returns how many were accepted. `heard` is called as each is acknowledged. */
export async function work(task: Task, { storage, peer }: Connection, heard?: (id: string) => void): Promise<number> {
  const { perMonth, perDomain, way, worker, at } = task
  const limits = emailLimits({ perMonth, perDay: perMonth, perHour: perMonth, perDomainHour: perDomain, minDelayMs: 0 })
  const peers = PEER_WINDOWS.map((name) => ({ name, window: peer(name, name === 'domain' ? perDomain : perMonth) }))

  async function guarded(windows: readonly LimitWindow[], id: Op): Promise<boolean> {
    const [result] = await storage.commit([[id, ...reserve(windows, at)]])
    return result?.ok === true
  }

  async function unguarded(windows: readonly LimitWindow[], id: Op): Promise<boolean> {
    const entries = await storage.read(windows.flatMap((window) => windowKeys([window], at).slice(0, 1)))
    if (windows.some(({ limit }, index) => (entries[index]?.count ?? 0) >= limit)) return false
    const adds = reserve(windows, at).map((op): Op => ({ op: 'add', key: op.key, by: 1 }))
    await storage.commit([[id, ...adds]])
    return true
  }

  async function byPeer(domain: string): Promise<boolean> {
    const all = await Promise.allSettled(peers.map(({ name, window }) => window.consume(name === 'domain' ? domain : LOCATION)))
    // A full window rejects with its state, a fault with an Error.
    for (const one of all) if (one.status === 'rejected' && one.reason instanceof Error) throw one.reason
    return all.every(({ status }) => status === 'fulfilled')
  }

  const domainOf = skewed(worker, task.domains)
  let next = 0
  let accepted = 0
  async function caller(): Promise<void> {
    while (next < task.attempts) {
      const id = `${worker}-${next++}`
      const domain = domainOf()
      const windows = limits.windows({ location: LOCATION, zone: 'UTC', recipients: { total: 1, byDomain: { [domain]: 1 } } })
      const mark: Op = { op: 'put', key: `idem/${id}`, value: id, version: null }
      const ok = await (way === 'peer' ? byPeer(domain) : way === 'guarded' ? guarded(windows, mark) : unguarded(windows, mark))
      if (!ok) continue
      accepted++
      heard?.(id)
    }
  }
  await Promise.all(Array.from({ length: task.callers }, caller))
  return accepted
}

/** Some domains are much more wanted than others, so that both their limit and the month's are reached. */
function skewed(seed: number, domains: number): () => string {
  let state = seed * 7919 + 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const wanted = (state / 2 ** 32) ** 2
    return `d${Math.floor(wanted * domains)}.example`
  }
}
