export { type AgentLimits, agentLimits } from './agent.js'
export { type Period, periodAt } from './calendar.js'
export { charge } from './charge.js'
export { checkSendLimits, type SendHistory } from './check-send-limits.js'
export { type EmailLimits, emailLimits, type SendRequest } from './email.js'
export { type GhlLimits, ghlLimits } from './ghl.js'
export { createLimiter, type Limiter, type LimiterStorage, type Taken } from './limiter.js'
export { createLocalLimiter, type LocalLimiter } from './local.js'
export { type PersonLimit, type PersonRequest, personWindows } from './person.js'
export {
  agentLimitsPolicy,
  DEFAULT_LIMITS,
  type EmailLimitsInput,
  type EmailLimitsPolicy,
  emailLimitsPolicy,
  type GhlLimitsInput,
  type GhlLimitsPolicy,
  ghlLimitsPolicy,
  type SmsLimitsInput,
  type SmsLimitsPolicy,
  smsLimitsPolicy,
} from './policy.js'
export { reasonOf, refusals } from './refusals.js'
export { type Entries, type Remaining, remaining } from './remaining.js'
export { keys, release, releasePace, reserve } from './reserve.js'
export { type SmsLimits, smsLimits } from './sms.js'
export { type CalendarWindow, type LimitWindow, type PaceWindow, type RollingWindow, unitsOf } from './window.js'
