import type { Json } from '../core/json.js'
import { type DomainHealth, domainHealth, type HealthRecord, registrableDomain } from '../guardrails/index.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'

export type EngagementEvent = 'open' | 'reply' | 'bounce' | 'complaint' | 'unsubscribe'

/** How the sending domains stand, and the way to tell what became of mails. */
export interface DomainHealthLog {
  of(domain: string): Promise<DomainHealth & { readonly counters: HealthRecord }>
  /** Counts what a webhook or a report says. A domain never seen before counts too. */
  record(domain: string, event: EngagementEvent, more?: { readonly count?: number; readonly by?: string }): Promise<DomainHealth>
}

const COUNTERS = {
  open: 'opens',
  reply: 'replies',
  bounce: 'bounces',
  complaint: 'complaints',
  unsubscribe: 'unsubscribes',
} as const
const NOTHING: HealthRecord = { totalSent: 0, bounces: 0, complaints: 0, unsubscribes: 0 }

export function createDomainHealth({ known, storage, clock, policy, sealer }: Core): DomainHealthLog {
  async function read(domain: string) {
    await known.open()
    const name = registrableDomain(domain.trim().toLowerCase())
    const [entry, sent] = await storage.read([keys.health(name), keys.sent(name)])
    const counters: HealthRecord = {
      ...((entry?.value as unknown as HealthRecord | undefined) ?? NOTHING),
      totalSent: sent?.count ?? 0,
    }
    return { key: keys.health(name), entry: entry ?? null, counters, name }
  }

  return {
    async of(domain) {
      const { counters } = await read(domain)
      return { ...domainHealth(counters, policy.guardrails, clock.now()), counters }
    },
    async record(domain, event, { count = 1, by = 'operator' } = {}) {
      if (!Number.isInteger(count) || count < 1) throw new TypeError('count has to be a whole number from 1.')
      for (;;) {
        const { key, entry, counters, name } = await read(domain)
        const now = clock.now()
        const counter = COUNTERS[event]
        const next: HealthRecord = {
          ...counters,
          [counter]: (counters[counter] ?? 0) + count,
          ...(event === 'bounce' && { lastBounceAt: now }),
          ...(event === 'complaint' && { lastComplaintAt: now }),
        }
        const value = next as unknown as Json
        const [result] = await storage.commit([
          [
            { op: 'put', key, value, version: entry?.version ?? null },
            recordOp(operatorRecord(now, by, `health.${event}`, policy, { domain: name, count })),
          ],
        ])
        sealer.wrote()
        if (!result?.ok) continue
        known.learn(key, { value, version: result.versions[0] ?? '' })
        return domainHealth(next, policy.guardrails, now)
      }
    },
  }
}
