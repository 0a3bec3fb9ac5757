/** GHL's figures: 100 requests per 10 seconds and 200,000 a day, per app and location or company. */
export interface RateLimits {
  burst: number
  burstMs: number
  daily: number
}

export const OFFICIAL_LIMITS: Readonly<RateLimits> = { burst: 100, burstMs: 10_000, daily: 200_000 }
const DAY_MS = 86_400_000

export interface RateBuckets {
  limits: RateLimits
  /** Takes one unit; false when there is none left. A refused call takes nothing. */
  take(key: string, now: number): boolean
  /** The five headers GHL sets on every answer. */
  headers(key: string, now: number): Record<string, string>
  clear(): void
}

/** Both windows are fixed: the short one opens with its first call, the day is that of UTC. */
export function createRateBuckets(limits: Partial<RateLimits> = {}): RateBuckets {
  const buckets = new Map<string, { windowStart: number; used: number; day: number; usedToday: number }>()

  function at(key: string, now: number) {
    const day = Math.floor(now / DAY_MS)
    const bucket = buckets.get(key) ?? { windowStart: now, used: 0, day, usedToday: 0 }
    buckets.set(key, bucket)
    if (now - bucket.windowStart >= rates.limits.burstMs || now < bucket.windowStart) {
      bucket.windowStart = now
      bucket.used = 0
    }
    if (bucket.day !== day) {
      bucket.day = day
      bucket.usedToday = 0
    }
    return bucket
  }

  const rates: RateBuckets = {
    limits: { ...OFFICIAL_LIMITS, ...limits },
    take(key, now) {
      const bucket = at(key, now)
      if (bucket.used >= rates.limits.burst || bucket.usedToday >= rates.limits.daily) return false
      bucket.used += 1
      bucket.usedToday += 1
      return true
    },
    headers(key, now) {
      const bucket = at(key, now)
      const { burst, burstMs, daily } = rates.limits
      return {
        'x-ratelimit-limit-daily': String(daily),
        'x-ratelimit-daily-remaining': String(Math.max(0, daily - bucket.usedToday)),
        'x-ratelimit-interval-milliseconds': String(burstMs),
        'x-ratelimit-max': String(burst),
        'x-ratelimit-remaining': String(Math.max(0, burst - bucket.used)),
      }
    },
    clear: () => buckets.clear(),
  }
  return rates
}
