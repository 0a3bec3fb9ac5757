export { isZone } from '../core/zone-clock.js'
export { checkMessage, checkNotice, checkReach, checkSendingDomain, type MessageFacts, type Reach } from './check-message.js'
export type { MessageContext } from './content/case.js'
export { type Finding, type Score, scoreContent } from './content/score-content.js'
export { checkGrounding, type GroundedAction } from './grounding.js'
export {
  countersAt,
  type DomainCounters,
  type DomainHealth,
  domainHealth,
  type HealthEvent,
  type HealthRecord,
  NO_HEALTH,
  recordEvent,
} from './health/index.js'
export { HEALTH_RULES } from './health/rules.js'
export { type GuardrailPolicy, guardrailDefaults, guardrailPolicySchema, type Hours } from './policy.js'
export {
  mailboxGroup,
  maskAddress,
  readOptOut,
  recipientKeys,
  registrableDomain,
  senderDomain,
  type Wish,
} from './recipients/index.js'
export { RECIPIENT_RULES } from './recipients/rules.js'
export type { PackChoice } from './rules/has-pack.js'
export type { Pack, Rule } from './rules/rule.js'
export { RULES } from './rules/rules.js'
export { whereabouts } from './time/check-time.js'
export type { TimePolicy } from './time/openings.js'
export { TIME_RULES } from './time/rules.js'
export { type SendWindow, sendWindow } from './time/send-window.js'
export { type TextLimit, textLimits } from './time/text-limits.js'
export { type ZoneDataReport, zoneDataReport } from './time/zone-data.js'
export { candidateZones, type Whereabouts } from './time/zones.js'
