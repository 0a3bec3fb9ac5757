import { type Reason, reason } from '../core/reason.js'
import type { DenialCode, Denied } from './admit.js'

const BRAND = Symbol.for('sendwarden.breaker-open')

/** Thrown by `run` when the breaker let nothing through: the function was not called. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError'
  readonly code: DenialCode
  readonly breaker: string
  /** When to try again, ms since 1970; absent when nobody knows. */
  readonly retryAt?: number
  /** The same as ms from the refusal. */
  readonly retryAfterMs?: number

  constructor(breaker: string, denied: Denied, now: number) {
    super(describeDenial(breaker, denied, now))
    this.code = denied.code
    this.breaker = breaker
    if (denied.retryAt !== undefined) {
      this.retryAt = denied.retryAt
      this.retryAfterMs = Math.max(0, denied.retryAt - now)
    }
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** True for a refusal of any copy of this package's breakers. */
export function isBreakerOpen(error: unknown): error is BreakerOpenError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true
}

/** The refusal as a reason of the stage `breaker`. */
export function denialReason(breaker: string, denied: Denied, now: number): Reason {
  const more = denied.retryAt === undefined ? {} : { retryAt: denied.retryAt }
  const text = describeDenial(breaker, denied, now)
  return reason('breaker', denied.code, `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, { breaker }, more)
}

const IS: Record<DenialCode, string> = {
  'breaker.open': 'is open',
  'breaker.half_open_full': 'is half-open and all its probes are out',
  'breaker.isolated': 'is held open by hand',
  'breaker.shutdown': 'is shut down',
}

/** One sentence, e.g. `circuit breaker 'ghl_api' is open, retry in 12.3 s`. */
export function describeDenial(breaker: string, denied: Denied, now: number): string {
  const what = `circuit breaker '${breaker}' ${IS[denied.code]}`
  if (denied.retryAt === undefined) return what
  return `${what}, retry in ${(Math.max(0, denied.retryAt - now) / 1000).toFixed(1)} s`
}
