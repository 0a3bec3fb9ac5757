export {
  ACTION_RULES,
  ACTION_TYPES,
  type Action,
  type ActionRule,
  type ActionType,
  type Grounding,
  RISKS,
  type Risk,
} from './core/action.js'
export { type Clock, systemClock } from './core/clock.js'
export {
  CHANNELS,
  type Channel,
  CONSENT_BASES,
  type Consent,
  type ConsentBasis,
  type ConsentClaim,
  type ContactFacts,
} from './core/contact.js'
export type { Decision, Verdict } from './core/decision.js'
export {
  ApprovalPendingError,
  ConfigError,
  type ConfigIssue,
  GatewayBlockedError,
  isApprovalPending,
  isConfigError,
  isGatewayBlocked,
  isOutcomeUnknown,
  isStorageError,
  OutcomeUnknownError,
  StorageError,
  type StorageErrorCode,
} from './core/errors.js'
export type { Json } from './core/json.js'
export type { Message, Recipient } from './core/message.js'
export {
  type Blocked,
  type ErrorFacts,
  type Executed,
  type Failed,
  type Outcome,
  type OutcomeStatus,
  originalStatus,
  type PendingApproval,
  type Shadowed,
  type TraceStep,
  type Unknown,
} from './core/outcome.js'
export { PERMISSIONS, type Permission } from './core/permission.js'
export { REASON_CODES, type Reason, type ReasonCode, STAGES, type Stage } from './core/reason.js'
export type { GhlRequest, GhlResponse } from './core/request.js'
export * from './gateway/index.js'
export {
  checkGrounding,
  checkMessage,
  checkReach,
  domainHealth,
  guardrailDefaults,
  scoreContent,
  sendWindow,
} from './guardrails/index.js'
export { ghlHttp, type Http } from './http/index.js'
export { modeFromEnv, type RolloutMode } from './rollout/index.js'
export { memoryStorage } from './storage/memory.js'
export type { Batch, BatchResult, Entry, Op, Storage, StorageInfo, Version } from './storage/storage.js'
