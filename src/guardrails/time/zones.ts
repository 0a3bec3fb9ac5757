import type { Channel } from '../../core/contact.js'
import { countryZones } from './country-zones.js'
import { isZone } from './zone-clock.js'

/** What is known of where somebody is. */
export interface Whereabouts {
  /** IANA name. Never the account's zone. */
  readonly timeZone?: string | undefined
  readonly phone?: string | undefined
  /** ISO 3166 alpha-2. */
  readonly country?: string | undefined
  readonly state?: string | undefined
  readonly postalCode?: string | undefined
}

/**
 * The zones a recipient may be in: its own where it is valid, else all of its country. Empty = nobody knows.
 * Area codes, states and postal codes are not read yet: a country's zones include theirs, so nothing is loosened.
 */
export function candidateZones(recipient: Whereabouts, _channel: Channel): readonly string[] {
  if (isZone(recipient.timeZone)) return [recipient.timeZone]
  return recipient.country === undefined ? [] : countryZones(recipient.country).filter(isZone)
}
