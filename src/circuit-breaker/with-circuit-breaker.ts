import type { BreakerOpenError } from './breaker-open-error.js'
import { isBreakerOpen } from './breaker-open-error.js'
import type { RunOptions } from './run.js'

interface Runner {
  readonly name: string
  run<T>(fn: () => T | PromiseLike<T>, options?: RunOptions): Promise<T>
}

/**
 * Wraps a function so that every call of it goes through the breaker: `const search = withCircuitBreaker(breaker)(client.search)`.
 * Arguments, `this` and results stay as they are; refusals are `BreakerOpenError`, unless a `fallback` answers in their place.
 */
export function withCircuitBreaker(breaker: Runner) {
  return <This, Args extends unknown[], Result>(
    fn: (this: This, ...args: Args) => Result | PromiseLike<Result>,
    fallback?: (this: This, refusal: BreakerOpenError, ...args: Args) => Result | PromiseLike<Result>,
  ) =>
    async function guarded(this: This, ...args: Args): Promise<Result> {
      try {
        return await breaker.run(() => fn.apply(this, args))
      } catch (error) {
        if (fallback === undefined || !isBreakerOpen(error) || error.breaker !== breaker.name) throw error
        return fallback.call(this, error, ...args)
      }
    }
}
