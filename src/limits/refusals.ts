import type { Json } from '../core/json.js'
import { type Reason, reason } from '../core/reason.js'
import { type Entries, type Remaining, remaining } from './remaining.js'
import { type LimitWindow, unitsOf } from './window.js'

/**
 * A reason for every window that would refuse the reservation, in the order of the windows; none when it
 * would pass. `data` has `limit`, `used`, `by` and, where there is one, `scope`; `retryAt` is the first
 * instant at which that window would let it pass, and absent where waiting does not help.
 */
export function refusals(windows: readonly LimitWindow[], entries: Entries, now: number): Reason[] {
  return remaining(windows, entries, now)
    .filter(({ passes }) => !passes)
    .map(reasonOf)
}

/** The refusal of one window, from what is left in it. */
export function reasonOf({ window, limit, used, retryAt }: Remaining): Reason {
  const by = unitsOf(window.by)
  const data: Record<string, Json> = { limit, used, by }
  if (window.scope !== undefined) data.scope = window.scope
  if (window.kind === 'calendar') data.zone = window.zone
  if (window.kind === 'rolling') data.windowMs = window.lengthMs
  if (window.kind === 'pace') data.everyMs = window.everyMs
  const more = retryAt === undefined ? { rule: window.name } : { rule: window.name, retryAt }
  const message = messageOf(window, limit, used, by, retryAt)
  return reason('limits', window.code, window.hint === undefined ? message : `${message} ${window.hint}`, data, more)
}

function messageOf(window: LimitWindow, limit: number, used: number, by: number, retryAt: number | undefined): string {
  const scope = window.scope === undefined ? '' : ` for ${window.scope}`
  const other = window.at === undefined ? '' : ` Schedule it for another time than ${new Date(window.at).toISOString()}.`
  const when = retryAt === undefined ? other : ` Try again at ${new Date(retryAt).toISOString()}.`
  if (window.kind === 'pace') return `${window.everyMs / 1000} s have to pass between two${scope} (${window.name}).${when}`
  const span = spanOf(window)
  if (limit === 0) return `${window.name}${scope} is 0: none may pass.`
  if (by > limit) return `${window.name}${scope} is ${limit} per ${span}, and this alone takes ${by}: split it.`
  return `${used} of ${limit} per ${span} are used${scope} and this takes ${by} (${window.name}).${when}`
}

const HOUR = 3_600_000

function spanOf(window: Exclude<LimitWindow, { kind: 'pace' }>): string {
  if (window.kind === 'calendar') return `${window.period} (${window.zone})`
  if (window.lengthMs === HOUR) return 'hour'
  if (window.lengthMs % HOUR === 0) return `${window.lengthMs / HOUR} hours`
  return window.lengthMs % 1000 === 0 ? `${window.lengthMs / 1000} s` : `${window.lengthMs} ms`
}
