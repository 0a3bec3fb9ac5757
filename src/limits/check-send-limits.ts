import { ALLOW, type Decision, denyIf } from '../core/decision.js'
import type { Message } from '../core/message.js'
import { createCounters } from './counters.js'
import { emailLimits, type SendRequest } from './email.js'
import { domainName } from './keys.js'
import type { EmailLimitsInput, SmsLimitsInput } from './policy.js'
import { refusals } from './refusals.js'
import { reserve } from './reserve.js'
import { smsLimits } from './sms.js'
import type { LimitWindow } from './window.js'

/** What was sent before, as plain data. */
export interface SendHistory {
  /** The account's IANA zone. */
  readonly zone: string
  /** Earlier messages of the same channel: when (ms), and to which addresses. Any order. */
  readonly sent: readonly { readonly at: number; readonly to: readonly string[] }[]
  /** The domain, or group of domains, an address is counted under. Default: what follows the last @. */
  readonly domainOf?: (address: string) => string
}

/**
 * Whether a message would pass the send limits after a history of sends: the limits in isolation, without
 * storage. E-mail and SMS have limits; other channels pass. Throws `ConfigError` for a policy or a zone
 * that makes no sense.
 */
export function checkSendLimits(
  message: Pick<Message, 'channel' | 'recipients'>,
  policy: { readonly email?: EmailLimitsInput; readonly sms?: SmsLimitsInput },
  history: SendHistory,
  now: number,
): Decision {
  const limits = limitsOf(message.channel, policy)
  if (limits === undefined) return ALLOW
  const counters = createCounters()
  for (const { at, to } of history.sent.toSorted((a, b) => a.at - b.at)) {
    if (at <= now) counters.add(reserve(limits.windows(requestOf(to, history)), at), at)
  }
  const to = message.recipients.map(({ address }) => address ?? '')
  return denyIf(refusals(limits.windows(requestOf(to, history)), counters.entries, now))
}

function limitsOf(channel: Message['channel'], policy: Parameters<typeof checkSendLimits>[1]): Limits | undefined {
  if (channel === 'email') return emailLimits(policy.email)
  return channel === 'sms' ? smsLimits(policy.sms) : undefined
}

interface Limits {
  windows(request: SendRequest): LimitWindow[]
}

function requestOf(to: readonly string[], { zone, domainOf = afterAt }: SendHistory): SendRequest {
  const byDomain: Record<string, number> = Object.create(null)
  for (const address of to) {
    const domain = domainName(domainOf(address))
    byDomain[domain] = (byDomain[domain] ?? 0) + 1
  }
  return { location: 'account', zone, recipients: { total: to.length, byDomain } }
}

function afterAt(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
