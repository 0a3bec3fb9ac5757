import type { Op } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'
import { keys } from './keys.js'

const BUCKET_MS = 600_000
const PER_HOUR = 6

/** Counts one action that failed or whose outcome is unknown; readiness looks at the last hour. */
export function countError(now: number): Op {
  const bucket = Math.floor(now / BUCKET_MS)
  return { op: 'add', key: keys.errors(bucket), by: 1, expiresAt: (bucket + PER_HOUR + 2) * BUCKET_MS }
}

/** Errors of the last hour, at most one bucket (10 minutes) more. */
export async function errorsLastHour(storage: Storage, now: number): Promise<number> {
  const bucket = Math.floor(now / BUCKET_MS)
  const entries = await storage.read(Array.from({ length: PER_HOUR + 1 }, (_, back) => keys.errors(bucket - back)))
  return entries.reduce((sum, entry) => sum + (entry?.count ?? 0), 0)
}
