import { parseConfig } from '../core/config-issues.js'
import type { Storage } from '../storage/storage.js'
import type { Denied } from './admit.js'
import type { Classify } from './classify.js'
import { type BreakerPolicy, type BreakerPolicyInput, breakerPolicy } from './policy.js'
import type { RunOptions } from './run.js'
import type { CallOutcome, Counted, OutcomeKind } from './settle.js'
import type { BreakerSnapshot } from './snapshot.js'
import type { BreakerStateKind, Permit } from './state.js'
import type { BreakerStatus } from './status.js'
import type { BreakerClock } from './steady-clock.js'

export interface BreakerOptions {
  /** Names the breaker in errors and in storage; default `default`. */
  readonly name?: string
  readonly clock?: BreakerClock
  /** Judges how calls ended; default: an error is a failure, unless the caller gave up. */
  readonly classify?: Classify
  /** Told of every transition this breaker makes; what it throws is ignored. */
  readonly onTransition?: (from: BreakerStateKind, to: BreakerStateKind) => void
  /** What `export()` gave in an earlier process. Anything unusable is ignored: see `restored`. */
  readonly snapshot?: unknown
}

export interface StoredBreakerOptions extends Omit<BreakerOptions, 'snapshot'> {
  /** An opened storage. Transitions are written with compare-and-set under `brk/<name>` and survive a restart. */
  readonly storage: Storage
  /** Told when a stored state is unusable, and when a result could not be written: the caller gets the call's result all the same. */
  readonly onStorageError?: (error: unknown) => void
}

export type AdmitResult =
  | { readonly permit: Permit; readonly denied?: undefined }
  /** `at` = when it was asked, so that `retryAt - at` is the time to wait. */
  | { readonly permit?: undefined; readonly denied: Denied & { readonly at: number } }

/** What both kinds of breaker can do. In memory everything but `run` happens at once; with storage it is a promise. */
interface Controls<Done, Asked, Settled> {
  readonly name: string
  readonly policy: BreakerPolicy
  /** As last seen; an open circuit stays `open` until a call asks to be let in after its period. */
  readonly state: BreakerStateKind
  status(): BreakerStatus
  /**
   * Calls `fn` if the circuit lets it; its value and its errors pass through untouched.
   * Throws `BreakerOpenError` (`isBreakerOpen`) without calling it otherwise. Nobody waits for a probe of somebody else.
   */
  run<T>(fn: (signal: AbortSignal | undefined) => T | PromiseLike<T>, options?: RunOptions): Promise<T>
  /** The first of the two steps `run` is made of: refusals as values. */
  admit(): Asked
  /** The second step: what came of a permitted call. */
  settle(permit: Permit, outcome: CallOutcome | OutcomeKind): Settled
  /** Holds the circuit open in a name (default `operator`) until it is released or until `expiresAt`, ms since 1970. */
  isolate(holder?: string, more?: { readonly reason?: string; readonly expiresAt?: number }): Done
  release(holder?: string): Done
  /** Closes by hand and forgets what was counted. */
  reset(): Done
  /** Opens by hand for one period. */
  trip(): Done
  disable(): Done
  enable(): Done
  shutdown(): Done
}

export interface Breaker extends Controls<void, AdmitResult, Counted> {
  /** Whether `snapshot` was taken up. */
  readonly restored: boolean
  /** Everything it knows, as plain JSON for a later process. */
  export(): BreakerSnapshot
}

export interface StoredBreaker extends Controls<Promise<void>, Promise<AdmitResult>, Promise<Counted>> {}

/** Parses a policy; throws `ConfigError` with every issue. */
export function readPolicy(policy: BreakerPolicyInput | BreakerPolicy): BreakerPolicy {
  return parseConfig(breakerPolicy, policy, 'breaker')
}

export function announce(options: BreakerOptions | StoredBreakerOptions, from: BreakerStateKind, to: BreakerStateKind): void {
  if (from === to) return
  try {
    options.onTransition?.(from, to)
  } catch {
    // A listener's fault must not change what becomes of the call.
  }
}
