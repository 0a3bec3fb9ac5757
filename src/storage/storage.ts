import type { Clock } from '../core/clock.js'
import type { Batch, BatchResult, Entry } from '../core/storage-ops.js'

export type { Batch, BatchResult, Entry, Op, Version } from '../core/storage-ops.js'

export interface StorageInfo {
  /** `memory`, `file`, `sqlite`, `redis`, `postgres`, or a third party's name. */
  readonly engine: string
  /** What an acknowledged commit survives. */
  readonly durable: 'none' | 'process-crash' | 'power-loss'
  /** Who may share the state. */
  readonly shared: 'process' | 'machine' | 'network'
}

/**
 * Where a gateway keeps its state: one primitive, the guarded batch. The rules an engine keeps are
 * in `docs/storage.md`; a throw from `commit` means unknown, never "did not happen".
 */
export interface Storage {
  readonly info: StorageInfo
  /**
   * Makes the engine ready. In-process engines adopt the host's clock unless they were given one.
   * Those with a clock of their own commit nothing while the two differ (`clock_skew`): windows and expiries come from the host's.
   * Throws `StorageError` (`locked`, `corrupt`, `unavailable`).
   */
  open(host?: { readonly clock?: Clock }): Promise<{ readonly incarnation: string }>
  /** Each batch is all-or-nothing; the array is one group commit. Batches run in order and are independent. */
  commit(batches: readonly Batch[]): Promise<BatchResult[]>
  /** One snapshot of several keys. */
  read(keys: readonly string[]): Promise<(Entry | null)[]>
  /** Entries whose key starts with `prefix`, in byte order, strictly after `after` (strictly before it when `reverse`). */
  scan(prefix: string, range: { readonly after?: string; readonly limit: number; readonly reverse?: boolean }): Promise<Entry[]>
  /** The engine's clock, ms since 1970. */
  now(): Promise<number>
  /** A hint that keys under a prefix changed; returns the way to stop listening. */
  watch?(prefix: string, changed: () => void): () => void
  close(): Promise<void>
}
