import { z } from 'zod'
import { parseConfig } from '../core/config-issues.js'

/** A limit: a whole number, 0 = nothing passes. NaN, infinities, fractions and negatives are errors. */
const limit = z.number().int().min(0)

/** Limits on e-mail. Every recipient counts, copies and forwards too. Figures: the outbound plan of one sending account. */
export const emailLimitsPolicy = z.strictObject({
  /** Recipients per calendar month in the account's zone. Default: 3000. */
  perMonth: limit.default(3000),
  /** Recipients per calendar day in the account's zone. Default: 150. */
  perDay: limit.default(150),
  /** Recipients in any 60 minutes. Default: 20. */
  perHour: limit.default(20),
  /** Recipients at one registrable domain in any 60 minutes. Default: 5. */
  perDomainHour: limit.default(5),
  /** Least time between two messages, ms; 0 = none. Default: 30000. */
  minDelayMs: limit.default(30_000),
})

/** Limits on SMS. Default per day: the first level of GHL's LC Phone ramp, 100 a day. */
export const smsLimitsPolicy = z.strictObject({
  /** Recipients in any 60 minutes. Default: 15. */
  perHour: limit.default(15),
  /** Recipients per calendar day in the account's zone. Default: 100. */
  perDay: limit.default(100),
})

/** GHL's own limits per app and location (GHL documentation, OAuth 2.0, "Rate limits"). */
export const ghlLimitsPolicy = z.strictObject({
  /** API calls in any 10 seconds. Default: 100. */
  per10s: limit.default(100),
  /** API calls per day, UTC. Default: 200000. */
  perDay: limit.default(200_000),
})

/** One role's limits per hour: limit key (`email_send`) to a whole number. A key that is absent has no limit. */
export const agentLimitsPolicy = z.record(z.string().min(1), limit)

export type EmailLimitsPolicy = Readonly<z.output<typeof emailLimitsPolicy>>
export type SmsLimitsPolicy = Readonly<z.output<typeof smsLimitsPolicy>>
export type GhlLimitsPolicy = Readonly<z.output<typeof ghlLimitsPolicy>>
export type EmailLimitsInput = Readonly<z.input<typeof emailLimitsPolicy>>
export type SmsLimitsInput = Readonly<z.input<typeof smsLimitsPolicy>>
export type GhlLimitsInput = Readonly<z.input<typeof ghlLimitsPolicy>>

/** The limits that apply when nothing is configured. */
export const DEFAULT_LIMITS: {
  readonly email: EmailLimitsPolicy
  readonly sms: SmsLimitsPolicy
  readonly ghl: GhlLimitsPolicy
} = Object.freeze({
  email: Object.freeze(emailLimitsPolicy.parse({})),
  sms: Object.freeze(smsLimitsPolicy.parse({})),
  ghl: Object.freeze(ghlLimitsPolicy.parse({})),
})

/** Parses a policy and freezes it. Throws `ConfigError` with the path of every issue. */
export function parsePolicy<S extends z.ZodType<object>>(schema: S, input: unknown, path: string): Readonly<z.output<S>> {
  return Object.freeze(parseConfig(schema, input, path))
}
