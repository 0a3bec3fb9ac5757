import { because, deny, type Findings, warn } from '../findings.js'
import type { DomainHealth } from './domain-health.js'

/**
 * Whether the sending domain may send now. A sender nobody knows is warned about, and judged by what all of them
 * together did.
 */
export function checkSender(domain: string | undefined, health: DomainHealth | undefined, now: number, found: Findings): void {
  if (domain === undefined) {
    const message =
      'Nobody said which domain this leaves from: all of these count as one. Set the sender or account.senderDomain.'
    warn(found, because('domain.unknown', message))
  }
  if (health === undefined) return
  const name = domain ?? 'The unnamed sender'
  const { coolingUntil, score, reasons, warnings } = health
  const rule = reasons[0]?.rule ?? 'health.score'
  const cause = reasons[0]?.message ?? `it scores ${score} of 100.`
  if (coolingUntil !== undefined && coolingUntil > now) {
    const until = new Date(coolingUntil).toISOString()
    const data = { domain: name, score, until }
    deny(found, because('domain.cooling', `${name} rests until ${until}: ${cause}`, data, { rule, retryAt: coolingUntil }))
  } else if (!health.healthy) {
    deny(found, because('domain.unhealthy', `${name} may not send: ${cause}`, { domain: name, score }, { rule }))
  } else for (const why of warnings) warn(found, why)
}
