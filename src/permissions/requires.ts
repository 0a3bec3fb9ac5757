import type { Clock } from '../core/clock.js'
import { didYouMean } from '../core/nearest.js'
import { isPermission, PERMISSIONS, type Permission } from '../core/permission.js'
import type { Permissions } from './define-permissions.js'
import { PermissionDeniedError } from './permission-denied-error.js'
import { type Violation, violationOf } from './violation.js'

export interface RequiresOptions {
  /** Told of each denial. Default: the `onViolation` of `definePermissions`. */
  readonly onViolation?: (violation: Violation) => void
  /** Dates the violations. Default: they carry no time. */
  readonly clock?: Clock
}

/**
 * Lets a function whose first argument is the agent's name run only for agents with all the permissions.
 * A denied call throws `PermissionDeniedError` and the function does not run; an `async` function rejects
 * with it instead. `this`, arguments and result pass through. Throws `TypeError` where no permission, or none there is, is named.
 *
 * @example const send = requires(permissions, 'send_email')(async (agent: string, to: string) => { ... })
 */
export function requires(permissions: Permissions, ...required: readonly [Permission, ...Permission[]]) {
  if (required.length === 0) throw new TypeError('requires(permissions, …) needs a permission to ask for, e.g. "send_email".')
  for (const permission of required as readonly string[])
    if (!isPermission(permission))
      throw new TypeError(`"${String(permission)}" is not a permission.${didYouMean(String(permission), PERMISSIONS)}`)
  return function guard<This, Name extends string, Rest extends unknown[], Result>(
    fn: (this: This, agent: Name, ...rest: Rest) => Result,
    options: RequiresOptions = {},
  ): (this: This, agent: Name, ...rest: Rest) => Result {
    const rejects = isAsync(fn)
    const guarded = function (this: This, agent: Name, ...rest: Rest): Result {
      const refusal = refuse(permissions, required, agent, options)
      if (refusal === undefined) return fn.call(this, agent, ...rest)
      // An async function never throws, and its result type is a promise, which a rejected one is.
      if (rejects) return Promise.reject(refusal) as Result
      throw refusal
    }
    return Object.defineProperty(guarded, 'name', { value: fn.name })
  }
}

function refuse(
  permissions: Permissions,
  required: readonly Permission[],
  agent: string,
  { onViolation = permissions.onViolation, clock }: RequiresOptions,
): PermissionDeniedError | undefined {
  for (const permission of required) {
    const violation = violationOf(agent, permissions.check(agent, permission), clock?.now())
    if (violation === undefined) continue
    try {
      onViolation?.(violation)
    } catch (cause) {
      // Whoever listens cannot turn a denial into something else.
      return new PermissionDeniedError(violation, { cause })
    }
    return new PermissionDeniedError(violation)
  }
  return undefined
}

function isAsync(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncFunction]'
}
