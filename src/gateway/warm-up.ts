import type { Op } from '../core/storage-ops.js'
import { advanceWarmUp, dayOf, type HealthRecord, lifted, NO_HEALTH, rampsUp, warmUpLimit } from '../guardrails/health/index.js'
import { senderDomain } from '../guardrails/recipients/index.js'
import { type CalendarWindow, unitsOf } from '../limits/index.js'
import type { Attempt } from './attempt.js'
import type { GatewayPolicy } from './config.js'
import { keys } from './keys.js'
import type { KnownState } from './known-state.js'
import { mailCount } from './people.js'

/** The record of a sending domain once this mail has gone: the same one, where nothing changes. */
export function sendingRecord(domain: string, known: KnownState, policy: GatewayPolicy, now: number): HealthRecord {
  const record = known.health(domain)?.state ?? NO_HEALTH
  const own = policy.account.senderDomain
  if (!rampsUp(domain, own === undefined ? undefined : senderDomain(own), policy.guardrails)) return record
  const warmUp = advanceWarmUp(record.warmUp, dayOf(now), policy.guardrails)
  return warmUp === record.warmUp ? record : { ...lifted(record, policy.guardrails, now), warmUp }
}

/** What a new domain may send today, as one more limit. */
export function warmUpWindow(
  attempt: Attempt,
  known: KnownState,
  policy: GatewayPolicy,
  prefix: string,
  now: number,
): CalendarWindow | undefined {
  const domain = attempt.senderDomain
  if (domain === undefined) return undefined
  const { warmUp } = sendingRecord(domain, known, policy, now)
  const limit = warmUp === undefined ? undefined : warmUpLimit(warmUp, policy.guardrails)
  if (limit === undefined) return undefined
  const { message, recipients } = attempt.classified
  const at = message?.sendAt
  return {
    name: 'health.warmUp',
    code: 'email.warm_up',
    kind: 'calendar',
    key: `${prefix}q/warm-up/${encodeURIComponent(domain)}`,
    limit,
    by: message === undefined ? unitsOf(recipients) : mailCount(attempt).total,
    period: 'day',
    // GHL's own counters turn over at midnight UTC.
    zone: 'UTC',
    scope: domain,
    hint: 'A new sending domain warms up; if it is warm already, name it in guardrails.health.warmUp.established.',
    ...(at !== undefined && { at }),
  }
}

const DAY_MS = 86_400_000

/** One more e-mail left from this domain. */
export function countSent(domain: string, at: number): Op {
  const day = dayOf(at)
  // Ten days longer than it is looked at.
  return { op: 'add', key: keys.sent(domain, day), by: 1, expiresAt: (day + 40) * DAY_MS }
}
