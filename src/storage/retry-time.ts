import type { Entry, Op } from '../core/storage-ops.js'

/**
 * When a guard that did not hold can hold again, as far as an engine knows: a pace at its next free time; a lone counter when
 * it expires (a caller that keeps counters beyond their window knows better). A rolling window: its owner knows.
 */
export function retryTime(op: Op, found: Entry | null): number | undefined {
  if (found?.count === undefined) return undefined
  if (op.op === 'pace') return found.count - ((op.burst ?? 1) - 1) * op.every
  if (op.op !== 'add' || op.plus !== undefined || op.max === undefined || op.by > op.max) return undefined
  return found.expiresAt
}
