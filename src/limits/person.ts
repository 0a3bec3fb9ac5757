import { keyPart } from './keys.js'
import { type LimitWindow, scheduled } from './window.js'

/** How often one person may be called or texted in a rolling time, and the rule that says so. */
export interface PersonLimit {
  readonly max: number
  readonly perMs: number
  readonly rule: string
}

export interface PersonRequest {
  /** The GHL location (sub-account) that sends. */
  readonly location: string
  /** Who is called or texted: a contact's id, or its number. */
  readonly person: string
  /** Put before every key, for counts of their own (shadow). Default: none. */
  readonly prefix?: string
  /** When it leaves, where it is scheduled, ms since 1970. Default: now. */
  readonly at?: number
}

/** One rolling window per limit; calls and texts to the person count in the same. */
export function personWindows(
  { location, person, prefix = '', at }: PersonRequest,
  limits: readonly PersonLimit[],
): readonly LimitWindow[] {
  const windows = limits.map(
    ({ max, perMs, rule }): LimitWindow => ({
      name: rule,
      code: 'recipient.frequency_limit',
      kind: 'rolling',
      key: `${prefix}q/${keyPart(location)}/person/${keyPart(rule)}/${keyPart(person)}`,
      limit: max,
      by: 1,
      lengthMs: perMs,
    }),
  )
  return scheduled(windows, at)
}
