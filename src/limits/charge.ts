import type { Op } from '../core/storage-ops.js'
import { calendarBucket, rollingBucket } from './bucket.js'
import type { LimitWindow } from './window.js'

/** The operation that charges units whatever the limit, for what has happened already; none for 0 units or a pace. */
export function charge(window: LimitWindow, units: number, now: number): Op[] {
  if (window.kind === 'pace' || !Number.isSafeInteger(units) || units <= 0) return []
  const { key, expiresAt } = window.kind === 'calendar' ? calendarBucket(window, now) : rollingBucket(window, now)
  return [{ op: 'add', key, by: units, expiresAt }]
}
