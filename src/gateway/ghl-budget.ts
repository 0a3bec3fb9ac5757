import { type Reason, reason } from '../core/reason.js'
import type { RateHeaders } from '../ghl/index.js'

/**
 * What GHL itself last said is left. Other programs may use the same token, so its word can be stricter
 * than our count, never looser. Kept per process: the next answer tells it again.
 */
export interface GhlBudget {
  observe(location: string, told: RateHeaders, now: number): void
  /** Counts a call that is about to leave. */
  spend(location: string): void
  /** Why no call may leave now; undefined = GHL has not said so. */
  exhausted(location: string, now: number): Reason | undefined
}

interface Told {
  remaining: number
  until: number
  dailyRemaining: number
  dailyUntil: number
}

const MAX_LOCATIONS = 1000
/** Longer intervals than a minute are not GHL's: an answer must not stop everything for long. */
const MAX_INTERVAL_MS = 60_000
const DAY_MS = 86_400_000

export function createGhlBudget(): GhlBudget {
  const byLocation = new Map<string, Told>()
  return {
    observe(location, told, now) {
      if (told.remaining === undefined && told.dailyRemaining === undefined) return
      byLocation.delete(location)
      const [oldest] = byLocation.keys()
      // Locations are named by callers.
      if (byLocation.size >= MAX_LOCATIONS && oldest !== undefined) byLocation.delete(oldest)
      byLocation.set(location, {
        remaining: told.remaining ?? Number.POSITIVE_INFINITY,
        until: now + Math.min(told.intervalMs ?? 10_000, MAX_INTERVAL_MS),
        dailyRemaining: told.dailyRemaining ?? Number.POSITIVE_INFINITY,
        dailyUntil: (Math.floor(now / DAY_MS) + 1) * DAY_MS,
      })
    },
    spend(location) {
      const told = byLocation.get(location)
      if (told === undefined) return
      told.remaining--
      told.dailyRemaining--
    },
    exhausted(location, now) {
      const told = byLocation.get(location)
      if (told === undefined) return undefined
      if (told.dailyRemaining <= 0 && now < told.dailyUntil) {
        return reason(
          'limits',
          'ghl.daily_limit',
          'GHL says that its daily limit for this location is used up.',
          { remaining: 0 },
          { rule: 'ghl.perDay', retryAt: told.dailyUntil },
        )
      }
      if (told.remaining <= 0 && now < told.until) {
        return reason(
          'limits',
          'ghl.rate_limit',
          'GHL says that its limit per 10 seconds for this location is used up.',
          { remaining: 0 },
          { rule: 'ghl.per10s', retryAt: told.until },
        )
      }
      return undefined
    },
  }
}
