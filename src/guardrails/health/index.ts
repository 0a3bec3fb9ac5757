export { type DomainCounters, type DomainHealth, domainHealth } from './domain-health.js'
export {
  countersAt,
  dayOf,
  HEALTH_DAYS,
  type HealthEvent,
  type HealthRecord,
  lifted,
  NO_HEALTH,
  readHealthRecord,
  recordEvent,
  withSent,
} from './health-record.js'
export { advanceWarmUp, rampsUp, type WarmUp, warmUpLimit } from './warm-up.js'
