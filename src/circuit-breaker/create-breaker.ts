import type { Breaker, BreakerOptions, StoredBreaker, StoredBreakerOptions } from './breaker.js'
import { memoryBreaker } from './memory-breaker.js'
import type { BreakerPolicy, BreakerPolicyInput } from './policy.js'
import { storedBreaker } from './stored-breaker.js'

/**
 * A circuit breaker for use alone, e.g. `createBreaker({ threshold: 5, openMs: 60_000, probes: 3 }, { name: 'ghl_api' })`.
 * In memory by default; with `storage`, which has to be open, its state is shared and survives restarts. Starts no timer. Throws `ConfigError`.
 */
export function createBreaker(policy: BreakerPolicyInput | BreakerPolicy, options: StoredBreakerOptions): StoredBreaker
export function createBreaker(policy?: BreakerPolicyInput | BreakerPolicy, options?: BreakerOptions): Breaker
export function createBreaker(
  policy: BreakerPolicyInput | BreakerPolicy = {},
  options: BreakerOptions | StoredBreakerOptions = {},
): Breaker | StoredBreaker {
  return 'storage' in options ? storedBreaker(policy, options) : memoryBreaker(policy, options)
}
