import type { SendRequest } from './email.js'
import { keyPart } from './keys.js'
import { parsePolicy, type SmsLimitsInput, type SmsLimitsPolicy, smsLimitsPolicy } from './policy.js'
import { type LimitWindow, scheduled, unitsOf } from './window.js'

export interface SmsLimits {
  readonly policy: SmsLimitsPolicy
  /** Day, then rolling hour. */
  windows(request: SendRequest): LimitWindow[]
}

/** The windows an SMS is reserved in; counted apart from e-mail. Throws `ConfigError` for a policy that makes no sense. */
export function smsLimits(input: SmsLimitsInput = {}): SmsLimits {
  const policy = parsePolicy(smsLimitsPolicy, input, 'sms')
  return {
    policy,
    windows: ({ location, zone, recipients, prefix = '', at }) => {
      const base = `${prefix}q/${keyPart(location)}/sms`
      const by = unitsOf(recipients.total)
      const windows: LimitWindow[] = [
        {
          name: 'sms.perDay',
          code: 'sms.daily_limit',
          kind: 'calendar',
          key: `${base}/day`,
          limit: policy.perDay,
          by,
          period: 'day',
          zone,
        },
        {
          name: 'sms.perHour',
          code: 'sms.hourly_limit',
          kind: 'rolling',
          key: `${base}/hour`,
          limit: policy.perHour,
          by,
          lengthMs: 3_600_000,
        },
      ]
      return scheduled(windows, at)
    },
  }
}
