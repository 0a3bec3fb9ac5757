import type { Json } from './json.js'

/** Opaque, never reused for a key, not even after deletion and expiry. */
export type Version = string

/** One operation of a guarded batch: all guards of a batch hold, or nothing is written. */
export type Op =
  /** The key has this version; null = it is absent. */
  | { readonly op: 'check'; readonly key: string; readonly version: Version | null }
  /** Writes a value; with `version`, only if the key has it (null = is absent). */
  | {
      readonly op: 'put'
      readonly key: string
      readonly value: Json
      readonly version?: Version | null
      readonly expiresAt?: number
    }
  | { readonly op: 'del'; readonly key: string; readonly version?: Version }
  /**
   * Adds to a counter. Guard: the new count plus the weighted counts of `plus` stays at or below `max`.
   * A negative `by` never goes below 0 and does nothing on an absent key.
   */
  | {
      readonly op: 'add'
      readonly key: string
      readonly by: number
      readonly max?: number
      readonly plus?: readonly (readonly [key: string, weight: number])[]
      readonly expiresAt?: number
    }
  /** Minimum delay (GCRA): guard stored time <= now + (burst - 1) * every; then stored = max(stored, now) + every. */
  | { readonly op: 'pace'; readonly key: string; readonly every: number; readonly burst?: number }

export type Batch = readonly Op[]

/** What a key holds: a value or a count (a pace's count is its next free time, ms). */
export interface Entry {
  readonly key: string
  readonly value?: Json
  readonly count?: number
  readonly version: Version
  readonly expiresAt?: number
}

export type BatchResult =
  /** One version per operation, in order ('' for `check` and `del`). */
  | { readonly ok: true; readonly versions: readonly Version[] }
  /** `failed` = index of the first operation whose guard did not hold; `found` = what its key held. */
  | { readonly ok: false; readonly failed: number; readonly found: Entry | null; readonly retryAt?: number }
