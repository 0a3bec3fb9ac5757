import { memoize } from '../core/memo.js'
import { domainName, keyPart } from './keys.js'
import { type EmailLimitsInput, type EmailLimitsPolicy, emailLimitsPolicy, parsePolicy } from './policy.js'
import { type LimitWindow, scheduled, unitsOf } from './window.js'

export interface SendRequest {
  /** The GHL location (sub-account) that sends. */
  readonly location: string
  /** The account's IANA zone: its days and months are counted. */
  readonly zone: string
  readonly recipients: {
    /** Every recipient: to, cc, bcc, forwards. Counts as at least one. */
    readonly total: number
    /** Recipients per registrable domain, or per group of domains of one provider. */
    readonly byDomain?: Readonly<Record<string, number>>
  }
  /** Put before every key, for counts of their own (shadow). Default: none. */
  readonly prefix?: string
  /** When it leaves, where it is scheduled, ms since 1970: it counts in the windows of that time. Default: now. */
  readonly at?: number
}

export interface EmailLimits {
  readonly policy: EmailLimitsPolicy
  /** Month, day, rolling hour, each domain's rolling hour, minimum delay: in this order. */
  windows(request: SendRequest): LimitWindow[]
  /** Month and day only: GHL spreads a bulk send over time by itself. */
  bulk(request: SendRequest): LimitWindow[]
}

/** The windows an e-mail is reserved in. Throws `ConfigError` for a policy that makes no sense. */
export function emailLimits(input: EmailLimitsInput = {}): EmailLimits {
  const policy = parsePolicy(emailLimitsPolicy, input, 'email')
  const calendar = ({ location, zone, recipients, prefix = '' }: SendRequest): LimitWindow[] => {
    const keys = keysOf(prefix)(location)
    const by = unitsOf(recipients.total)
    return [
      {
        name: 'email.perMonth',
        code: 'email.monthly_limit',
        kind: 'calendar',
        key: keys.month,
        limit: policy.perMonth,
        by,
        period: 'month',
        zone,
      },
      {
        name: 'email.perDay',
        code: 'email.daily_limit',
        kind: 'calendar',
        key: keys.day,
        limit: policy.perDay,
        by,
        period: 'day',
        zone,
      },
    ]
  }
  return {
    policy,
    bulk: (request) => scheduled(calendar(request), request.at),
    windows: (request) => {
      const { location, recipients, prefix = '' } = request
      const keys = keysOf(prefix)(location)
      const windows = calendar(request)
      windows.push({
        name: 'email.perHour',
        code: 'email.hourly_limit',
        kind: 'rolling',
        key: keys.hour,
        limit: policy.perHour,
        by: unitsOf(recipients.total),
        lengthMs: HOUR,
      })
      for (const [domain, by] of perDomain(recipients.byDomain ?? {})) {
        windows.push({
          name: 'email.perDomainHour',
          code: 'email.domain_limit',
          kind: 'rolling',
          key: keys.domain(domain),
          limit: policy.perDomainHour,
          by,
          lengthMs: HOUR,
          scope: domain,
        })
      }
      if (policy.minDelayMs > 0) {
        windows.push({
          name: 'email.minDelayMs',
          code: 'email.min_delay',
          kind: 'pace',
          key: keys.pace,
          limit: 1,
          by: 1,
          everyMs: policy.minDelayMs,
        })
      }
      return scheduled(windows, request.at)
    },
  }
}

const HOUR = 3_600_000

const keysOf = memoize(20, (prefix) =>
  memoize(500, (location) => {
    const base = `${prefix}q/${keyPart(location)}/email`
    return {
      month: `${base}/month`,
      day: `${base}/day`,
      hour: `${base}/hour`,
      pace: `${base}/pace`,
      domain: memoize(1000, (domain) => `${base}/domain/${keyPart(domain)}`),
    }
  }),
)

/** Different spellings of one domain are one count, and one operation: a key is at most once in a batch. */
function perDomain(byDomain: Readonly<Record<string, number>>): readonly (readonly [domain: string, by: number])[] {
  const counts: [domain: string, by: number][] = []
  for (const domain of Object.keys(byDomain)) {
    const by = byDomain[domain]
    if (by === undefined || by === 0) continue
    const name = domainName(domain)
    const same = counts.find(([known]) => known === name)
    if (same === undefined) counts.push([name, unitsOf(by)])
    else same[1] += unitsOf(by)
  }
  return counts
}
