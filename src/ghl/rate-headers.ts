/** What GHL says about its limits with every answer. Times are ms. */
export interface RateHeaders {
  /** Calls per interval. */
  readonly max?: number
  readonly remaining?: number
  readonly intervalMs?: number
  readonly dailyLimit?: number
  readonly dailyRemaining?: number
  /** Until the daily count starts again. */
  readonly dailyResetMs?: number
  /** From `Retry-After`, which GHL does not document but proxies before it send. */
  readonly retryAfterMs?: number
}

const NUMBERS = [
  ['max', 'x-ratelimit-max'],
  ['remaining', 'x-ratelimit-remaining'],
  ['intervalMs', 'x-ratelimit-interval-milliseconds'],
  ['dailyLimit', 'x-ratelimit-limit-daily'],
  ['dailyRemaining', 'x-ratelimit-daily-remaining'],
  ['dailyResetMs', 'x-ratelimit-daily-reset'],
] as const

const DAY = 86_400_000

/** Reads the limits from the headers of an answer (names in lower case); what is absent or unreadable is left out. */
export function readRateHeaders(headers: Readonly<Record<string, string>>): RateHeaders {
  const found: { -readonly [K in keyof RateHeaders]: RateHeaders[K] } = {}
  for (const [key, name] of NUMBERS) {
    const value = readNumber(headers[name])
    if (value !== undefined) found[key] = value
  }
  const retryAfterMs = readRetryAfter(headers['retry-after'], headers.date)
  if (retryAfterMs !== undefined) found.retryAfterMs = retryAfterMs
  return found
}

/** How long to wait after a 429: what was asked for, else the day when it is used up, else one interval (10 s). */
export function waitAfterLimit({ retryAfterMs, dailyRemaining, dailyResetMs, intervalMs }: RateHeaders): number {
  if (retryAfterMs !== undefined) return retryAfterMs
  if (dailyRemaining === 0) return Math.min(dailyResetMs ?? DAY, DAY)
  return intervalMs ?? 10_000
}

/** Seconds, or a date measured against the `Date` of the same answer, so that no clock of ours matters. */
function readRetryAfter(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = readNumber(value)
  const ms = seconds === undefined ? Date.parse(value) - Date.parse(date ?? '') : seconds * 1000
  return ms >= 0 ? Math.min(ms, DAY) : undefined
}

function readNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined
}
