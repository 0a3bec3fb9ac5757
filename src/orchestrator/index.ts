export { changesBetween, type SystemChange } from './changes.js'
export { checkSystem, type SystemSubject } from './check-system.js'
export { type SystemEvent, systemEvent, validateEvent } from './events.js'
export {
  DEFAULT_COMPONENTS,
  DEFAULT_SYSTEM_POLICY,
  ORIGINAL_SYSTEM_POLICY,
  type SystemPolicy,
  type SystemPolicyChoice,
  systemPolicy,
} from './policy.js'
export {
  fractionUsed,
  type RateLimitUse,
  type Readiness,
  type ReadinessCheck,
  readiness,
  type SystemFacts,
  type TimeZoneFacts,
} from './readiness.js'
export { reduce } from './reduce.js'
export { type SystemSnapshot, type SystemWarning, snapshot } from './snapshot.js'
export {
  COMPONENT_STATUSES,
  type ComponentState,
  type ComponentStatus,
  initialSystem,
  readSystem,
  type Stop,
  SWITCH_KINDS,
  type SwitchKind,
  type SystemState,
  systemState,
} from './state.js'
export { isOperational, SYSTEM_STATUSES, type SystemStatus, statusOf } from './status.js'
