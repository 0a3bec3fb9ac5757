import type { Violation } from './violation.js'

/** The brand of all errors of this library: two copies of it are normal, so never use `instanceof`. */
const BRAND = Symbol.for('sendwarden.error')
const KIND = 'permission_denied'

/** Thrown by functions wrapped with `requires` when the agent lacks a permission. The function did not run. */
export class PermissionDeniedError extends Error {
  readonly violation: Violation
  constructor(violation: Violation, options?: ErrorOptions) {
    super(violation.message, options)
    this.name = 'PermissionDeniedError'
    this.violation = violation
    Object.defineProperty(this, BRAND, { value: KIND })
  }
}

export function isPermissionDenied(error: unknown): error is PermissionDeniedError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === KIND
}
