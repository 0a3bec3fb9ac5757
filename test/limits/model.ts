import type { Batch, BatchResult, Entry } from '../../src/core/storage-ops.js'

/** The guarded batch in its shortest form, for counters only: what every storage engine has to agree with. */
export function createModel() {
  const entries = new Map<string, Entry>()
  let sequence = 0
  const countAt = (key: string, now: number): number => {
    const entry = entries.get(key)
    return entry === undefined || (entry.expiresAt ?? Infinity) <= now ? 0 : (entry.count ?? 0)
  }
  const refuses = (op: Batch[number], now: number): boolean => {
    if (op.op === 'pace') return countAt(op.key, now) > now + ((op.burst ?? 1) - 1) * op.every
    if (op.op === 'del') return op.version !== undefined && entries.get(op.key)?.version !== op.version
    if (op.op !== 'add' || op.max === undefined) return false
    const others = (op.plus ?? []).reduce((sum, [key, weight]) => sum + countAt(key, now) * weight, 0)
    return countAt(op.key, now) + op.by + others > op.max
  }
  return {
    entries,
    commit(batch: Batch, now: number): BatchResult {
      const failed = batch.findIndex((op) => refuses(op, now))
      if (failed >= 0) return { ok: false, failed, found: null }
      const versions = batch.map((op) => {
        const version = String(++sequence)
        const stored = countAt(op.key, now)
        if (op.op === 'del') entries.delete(op.key)
        if (op.op === 'pace') entries.set(op.key, { key: op.key, count: Math.max(stored, now) + op.every, version })
        if (op.op === 'add' && (stored > 0 || op.by > 0)) {
          const expiresAt = op.expiresAt ?? Number.MAX_SAFE_INTEGER
          entries.set(op.key, { key: op.key, count: Math.max(0, stored + op.by), version, expiresAt })
        }
        return version
      })
      return { ok: true, versions }
    },
  }
}
