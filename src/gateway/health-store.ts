import { isStorageError } from '../core/errors.js'
import type { Json } from '../core/json.js'
import type { Entry, Op } from '../core/storage-ops.js'
import {
  countersAt,
  dayOf,
  domainHealth,
  HEALTH_DAYS,
  type HealthEvent,
  type HealthRecord,
  NO_HEALTH,
  readHealthRecord,
  recordEvent,
  withSent,
} from '../guardrails/health/index.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { unreadable } from './unreadable.js'

/** A sending domain as storage has it now. */
export interface StoredHealth {
  readonly domain: string
  readonly entry: Entry | null
  readonly record: HealthRecord
  /** What left by day, from the counters the sends add to. */
  readonly sent: HealthRecord['days']
}

export async function readHealth({ storage }: Core, domain: string, now: number): Promise<StoredHealth> {
  const days = Array.from({ length: HEALTH_DAYS }, (_, back) => dayOf(now) - back)
  const [entry = null, ...counters] = await storage.read([keys.health(domain), ...days.map((day) => keys.sent(domain, day))])
  const sent: Record<number, { sent: number }> = {}
  for (const [index, counter] of counters.entries()) {
    const day = days[index]
    if (day !== undefined && counter?.count !== undefined) sent[day] = { sent: counter.count }
  }
  return { domain, entry, record: entry === null ? NO_HEALTH : storedHealth(domain, entry.value), sent }
}

/**
 * The same for feedback, which has more to say than how a domain stands: that somebody wants no more mails must not wait
 * until a record is mended. Undefined = it cannot be read, which is told; no mail leaves from the domain meanwhile.
 */
export async function healthForFeedback(core: Core, domain: string, now: number): Promise<StoredHealth | undefined> {
  try {
    return await readHealth(core, domain, now)
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'corrupt') throw error
    core.tell('fault', error)
    return undefined
  }
}

/** A record that cannot be read may hold a rest: throws `StorageError`. */
export function storedHealth(domain: string, value: unknown): HealthRecord {
  const record = readHealthRecord(value)
  if (record === null) throw unreadable(`health of the sending domain ${domain}`, keys.health(domain))
  return record
}

/** A sending domain that may send no more for now. */
export interface DomainStop {
  readonly domain: string
  /** When it may come back, ms; absent = once it scores enough again. */
  readonly until?: number
  /** Why, with the figures. */
  readonly reason: string
}

/** The domain after an event, the write that makes it so unless somebody else wrote meanwhile, and whether that stops it. */
export function healthOp(
  { policy }: Core,
  { domain, entry, record, sent }: StoredHealth,
  event: HealthEvent,
  { count = 1, at, now }: { readonly count?: number; readonly at: number; readonly now: number },
): { readonly op: Op; readonly next: HealthRecord; readonly stop?: DomainStop } {
  const next = recordEvent(record, event, { count, at, now, sent }, policy.guardrails)
  const op: Op = { op: 'put', key: keys.health(domain), value: next as unknown as Json, version: entry?.version ?? null }
  const healthOf = (each: HealthRecord) => domainHealth(countersAt(each, now), policy.guardrails, now)
  const { healthy, reasons, coolingUntil } = healthOf(next)
  if (healthy || !healthOf(withSent(record, sent, now)).healthy) return { op, next }
  const reason = reasons.map(({ message }) => message).join(' ')
  return { op, next, stop: { domain, reason, ...(coolingUntil !== undefined && { until: coolingUntil }) } }
}
