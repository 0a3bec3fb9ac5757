import type { Json } from './json.js'

/** Where on the way of one action something was decided, in the order of the way. */
export const STAGES = ['classify', 'system', 'permission', 'guardrails', 'approval', 'rollout', 'breaker', 'limits'] as const
export type Stage = (typeof STAGES)[number]

/** Every way an action can be refused, held or warned about. A closed list: switch over it. */
export const REASON_CODES = [
  // classify
  'invalid_action',
  'unreadable_body',
  'unmapped_operation',
  'unsupported_action',
  'foreign_host',
  'no_agent_context',
  'hidden_member',
  'idempotency.conflict',
  'idempotency.in_flight',
  // system
  'system.emergency_stop',
  'system.maintenance',
  'system.critical',
  'system.switched_off',
  'storage.unavailable',
  'storage.wiped',
  // permission
  'permission.unknown_agent',
  'permission.denied',
  'permission.platform',
  'permission.location',
  'permission.purpose',
  // guardrails, in the order they are applied
  'recipient.unresolved',
  'recipient.missing_address',
  'recipient.foreign_address',
  'recipient.suppressed',
  'recipient.role_account',
  'recipient.doubtful_domain',
  'recipient.dnd',
  'recipient.landline',
  'recipient.consent',
  'recipient.whatsapp_window',
  'compliance.opt_out_missing',
  'compliance.postal_address_missing',
  'compliance.sms_sender_missing',
  'compliance.forbidden_content',
  'compliance.authentication',
  'content.spam',
  'content.empty',
  'content.too_large',
  'content.merge_tag',
  'content.unfinished',
  'content.wrong_recipient',
  'content.hidden_text',
  'content.obfuscation',
  'content.subject',
  'content.link',
  'content.opaque',
  'grounding.missing',
  'grounding.invalid',
  'grounding.source',
  'grounding.stale',
  'grounding.future',
  'grounding.other_contact',
  'domain.cooling',
  'domain.unhealthy',
  'domain.at_risk',
  'domain.unknown',
  'time.outside_hours',
  'time.unknown_zone',
  'time.no_common_window',
  'time.schedule',
  // approval
  'approval.required',
  'approval.own_request',
  'approval.not_found',
  'approval.same_approver',
  'approval.not_pending',
  'approval.not_approved',
  'approval.used',
  'approval.expired',
  'approval.tampered',
  'approval.policy_changed',
  // breaker
  'breaker.open',
  'breaker.half_open_full',
  'breaker.isolated',
  'breaker.shutdown',
  // limits
  'agent.hourly_limit',
  'email.monthly_limit',
  'email.daily_limit',
  'email.hourly_limit',
  'email.domain_limit',
  'email.min_delay',
  'email.warm_up',
  'sms.daily_limit',
  'sms.hourly_limit',
  'recipient.frequency_limit',
  'ghl.rate_limit',
  'ghl.daily_limit',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]

/** Why something was refused, held or warned about. */
export interface Reason {
  readonly code: ReasonCode
  readonly stage: Stage
  /** The rule that spoke, e.g. `content.spam` or `email.perDay`. */
  readonly rule: string
  /** One sentence for a developer: what was found, the numbers, what to do next. Never holds message text or secrets. */
  readonly message: string
  /** The numbers and names behind the message: `limit`, `used`, `zone`, … */
  readonly data: { readonly [key: string]: Json }
  /** When the same action may be tried again, ms since 1970; absent when waiting does not help. */
  readonly retryAt?: number
}

export function reason(
  stage: Stage,
  code: ReasonCode,
  message: string,
  data: { readonly [key: string]: Json } = {},
  more: { readonly rule?: string; readonly retryAt?: number } = {},
): Reason {
  return { code, stage, rule: more.rule ?? code, message, data, ...(more.retryAt === undefined ? {} : { retryAt: more.retryAt }) }
}

/** What tells reasons apart, whatever they say of whom. */
export function ruleOf({ code, rule }: Pick<Reason, 'code' | 'rule'>): string {
  return `${code} ${rule}`
}
