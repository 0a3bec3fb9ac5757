export { checkMessage, checkReach, type MessageFacts, type Reach } from './check-message.js'
export { type Finding, type Score, scoreContent } from './content/score-content.js'
export { checkGrounding, type GroundedAction } from './grounding.js'
export { type DomainCounters, type DomainHealth, domainHealth } from './health/domain-health.js'
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
} from './health/health-record.js'
export { HEALTH_RULES } from './health/rules.js'
export { advanceWarmUp, rampsUp, type WarmUp, warmUpLimit } from './health/warm-up.js'
export { type GuardrailPolicy, guardrailDefaults, guardrailPolicySchema, type Hours } from './policy.js'
export { mailboxGroup } from './recipients/mailbox-group.js'
export { maskAddress } from './recipients/mask-address.js'
export { ownWords, readOptOut, type Wish } from './recipients/read-opt-out.js'
export { channelFamily, recipientKeys } from './recipients/recipient-keys.js'
export { registrableDomain } from './recipients/registrable-domain.js'
export { RECIPIENT_RULES } from './recipients/rules.js'
export { senderDomain, UNKNOWN_SENDER } from './recipients/sender-domain.js'
export { contactKeys } from './recipients/suppression.js'
export { type SendWindow, sendWindow } from './time/send-window.js'
export { isZone } from './time/zone-clock.js'
export { candidateZones, type Whereabouts } from './time/zones.js'
