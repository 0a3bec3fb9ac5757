import { kindOf } from '../core/config-issues.js'
import { hostName } from '../core/host-name.js'
import {
  countersAt,
  type DomainCounters,
  type DomainHealth,
  domainHealth,
  type HealthEvent,
  withSent,
} from '../guardrails/health/index.js'
import { senderDomain, UNKNOWN_SENDER } from '../guardrails/recipients/index.js'
import type { Core } from './core.js'
import { healthOp, readHealth } from './health-store.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'

export type EngagementEvent = HealthEvent

/** How the sending domains stand, and the way to tell what became of mails. */
export interface DomainHealthLog {
  /** Trailing 30 days; `unknown` = mails of which nobody said where they leave from. */
  of(domain: string): Promise<DomainHealth & { readonly counters: DomainCounters }>
  /** Counts what a report says; what GHL's webhooks tell is counted by itself. A domain never seen before counts too. */
  record(domain: string, event: EngagementEvent, more?: { readonly count?: number; readonly by?: string }): Promise<DomainHealth>
}

export function createDomainHealth(core: Core): DomainHealthLog {
  const { known, storage, clock, policy, sealer } = core
  return {
    async of(domain) {
      const sender = readSender(domain)
      await known.open()
      const now = clock.now()
      const { record, sent } = await readHealth(core, sender, now)
      const counters = countersAt(withSent(record, sent, now), now)
      return { ...domainHealth(counters, policy.guardrails, now), counters }
    },
    async record(domain, event, { count = 1, by = 'operator' } = {}) {
      const sender = readSender(domain)
      if (!Number.isInteger(count) || count < 1) throw new TypeError('count has to be a whole number from 1.')
      await known.open()
      for (;;) {
        const now = clock.now()
        const stored = await readHealth(core, sender, now)
        const { op, next, stop } = healthOp(core, stored, event, { count, at: now, now })
        const [result] = await storage.commit([
          [op, recordOp(operatorRecord(now, by, `health.${event}`, policy, { domain: stored.domain, count }))],
        ])
        sealer.wrote()
        if (!result?.ok) continue
        known.learn(keys.health(stored.domain), { value: op.op === 'put' ? op.value : null, version: result.versions[0] ?? '' })
        if (stop !== undefined) core.tell('domain', stop)
        return domainHealth(countersAt(next, now), policy.guardrails, now)
      }
    },
  }
}

/** What is no domain would be counted as another one's, or as mails of which nobody said where they leave from. */
function readSender(domain: unknown): string {
  const text = typeof domain === 'string' ? domain : ''
  const host = hostName(text.slice(text.lastIndexOf('@') + 1).replace('>', ''))
  if (text === UNKNOWN_SENDER || host !== undefined) return senderDomain(host)
  const found = typeof domain === 'string' ? `"${text.slice(0, 60)}"` : kindOf(domain)
  throw new TypeError(`\`domain\` is ${found}, expected a domain such as "agency.example", or "${UNKNOWN_SENDER}".`)
}
