import type { Op } from '../core/storage-ops.js'
import { calendarBucket, rollingBucket } from './bucket.js'
import type { LimitWindow } from './window.js'

/** What GHL says of its limits in the headers of an answer. What it did not say is absent. */
export interface RateLimitHeaders {
  /** `x-ratelimit-max`: calls per interval. */
  readonly max?: number
  /** `x-ratelimit-remaining`: calls left in this interval. */
  readonly remaining?: number
  /** `x-ratelimit-interval-milliseconds` */
  readonly intervalMs?: number
  /** `x-ratelimit-limit-daily` */
  readonly dailyLimit?: number
  /** `x-ratelimit-daily-remaining` */
  readonly dailyRemaining?: number
}

export interface Corrected {
  /** What to treat as left: the smaller of our count and GHL's. */
  readonly remaining: number
  /** Units to add to our count so that it says the same; 0 when ours is the stricter already. */
  readonly charge: number
}

/** Reads GHL's rate-limit headers (lower-case names). Whatever is not a whole number from 0 counts as not said. */
export function rateLimitHeaders(headers: Readonly<Record<string, string | undefined>>): RateLimitHeaders {
  const found: { -readonly [name in keyof RateLimitHeaders]: number } = {}
  for (const name of Object.keys(HEADERS) as (keyof RateLimitHeaders)[]) {
    const text = headers[HEADERS[name]]?.trim()
    if (text !== undefined && /^\d{1,15}$/.test(text)) found[name] = Number(text)
  }
  return found
}

const HEADERS = {
  max: 'x-ratelimit-max',
  remaining: 'x-ratelimit-remaining',
  intervalMs: 'x-ratelimit-interval-milliseconds',
  dailyLimit: 'x-ratelimit-limit-daily',
  dailyRemaining: 'x-ratelimit-daily-remaining',
} as const satisfies Record<keyof RateLimitHeaders, string>

/**
 * Sets our counts against what GHL said: other programs may use the same location. Only ever stricter:
 * where GHL says more is left than we count, our calls still under way are the difference.
 */
export function correction(
  told: RateLimitHeaders,
  counted: {
    readonly per10s: { readonly limit: number; readonly used: number }
    readonly perDay: { readonly limit: number; readonly used: number }
  },
): { readonly per10s: Corrected; readonly perDay: Corrected } {
  return { per10s: stricter(told.remaining, counted.per10s), perDay: stricter(told.dailyRemaining, counted.perDay) }
}

function stricter(told: number | undefined, { limit, used }: { readonly limit: number; readonly used: number }): Corrected {
  const ours = Math.max(0, limit - used)
  const remaining = told !== undefined && told < ours ? Math.max(0, told) : ours
  return { remaining, charge: ours - remaining }
}

/** The operation that charges units whatever the limit, e.g. a `correction`; none for 0 units or a pace. */
export function charge(window: LimitWindow, units: number, now: number): Op[] {
  if (window.kind === 'pace' || !Number.isSafeInteger(units) || units <= 0) return []
  const { key, expiresAt } = window.kind === 'calendar' ? calendarBucket(window, now) : rollingBucket(window, now)
  return [{ op: 'add', key, by: units, expiresAt }]
}
