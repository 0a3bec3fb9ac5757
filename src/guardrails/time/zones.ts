import type { Channel } from '../../core/contact.js'
import { isZone } from '../../core/zone-clock.js'
import { areaCodePlaces } from './area-codes.js'
import { callingCodeCountries } from './calling-codes.js'
import { countryZones } from './country-zones.js'
import { mergePlaces, type Place } from './place.js'
import { canadianPlace, zipPlace } from './postal-codes.js'
import { countryCode, regionOf, territoryOf } from './regions.js'

/** What is known of where somebody is. */
export interface Whereabouts {
  /** IANA name. Never the account's zone. */
  readonly timeZone?: string | undefined
  readonly phone?: string | undefined
  /** ISO 3166 alpha-2. */
  readonly country?: string | undefined
  /** Code or name of a state or province of the US or Canada; elsewhere it says nothing. */
  readonly state?: string | undefined
  /** Read in the US and Canada. Five digits alone are no US code: half of the world writes them. */
  readonly postalCode?: string | undefined
}

/** Where somebody may be. */
export interface Located {
  /** All of them have to be open; empty = nobody knows. */
  readonly zones: readonly string[]
  /** Whose laws may hold. */
  readonly places: readonly Place[]
}

/**
 * Where a recipient may be. A valid zone settles the clock, but a North American number adds the zones of its area
 * code on every channel but e-mail: the law presumes people where their number is from. Without a zone the number and
 * the address count, together where they disagree, and a country with all of its zones.
 */
export function locate(recipient: Whereabouts, channel: Channel): Located {
  const { timeZone } = recipient
  const known = isZone(timeZone)
  if (known && channel === 'email') return { zones: [timeZone], places: [] }
  const phone = phonePlaces(recipient)
  const address = addressPlaces(recipient, phone)
  const places = mergePlaces([...phone, ...address])
  if (known) {
    const presumed = isNorthAmerican(recipient) ? zonesIn(phone) : []
    return { zones: [...new Set([timeZone, ...presumed])], places }
  }
  // A country alone adds nothing to a number that lies in it.
  const country = countryOf(address)
  const within = country !== undefined && phone.length > 0 && phone.every(({ id }) => nationOf(id) === country)
  return { zones: zonesIn(within ? phone : places), places }
}

/** The zones a recipient may be in; empty = nobody knows. */
export function candidateZones(recipient: Whereabouts, channel: Channel): readonly string[] {
  return locate(recipient, channel).zones
}

/** `US` of `US-FL`. */
function nationOf(id: string): string {
  return id.slice(0, 2)
}

const NOWHERE: readonly Place[] = []

function zonesIn(places: readonly Place[]): readonly string[] {
  return [...new Set(places.flatMap(({ zones }) => zones))]
}

function countryOf(places: readonly Place[]): string | undefined {
  const [place] = places
  return places.length === 1 && place !== undefined && !place.id.includes('-') ? place.id : undefined
}

function countryPlace(id: string): readonly Place[] {
  const territory = territoryOf(id)
  if (territory !== undefined) return [territory]
  const zones = countryZones(id)
  return zones.length === 0 ? NOWHERE : [{ id, zones }]
}

function phonePlaces(recipient: Whereabouts): readonly Place[] {
  const digits = internationalDigits(recipient)
  if (digits === undefined) return NOWHERE
  if (!digits.startsWith('1')) return sharingCountries(digits, recipient.country).flatMap(countryPlace)
  if (digits.length !== 11) return NOWHERE
  return areaCodePlaces(digits.slice(1, 4)).flatMap((place) => (place.zones.length > 0 ? place : countryPlace(place.id)))
}

/** Of countries that share a calling code, the one the contact is said to be in, else all of them. */
function sharingCountries(digits: string, country: string | undefined): readonly string[] {
  const sharing = callingCodeCountries(digits)
  const own = sharing.length < 2 || country === undefined ? undefined : countryCode(country)
  return own !== undefined && sharing.includes(own) ? [own] : sharing
}

function isNorthAmerican(recipient: Whereabouts): boolean {
  return internationalDigits(recipient)?.startsWith('1') ?? false
}

/** Digits of a number from its country code on; a national one is read as North American where the address is. */
function internationalDigits({ phone, country, state }: Whereabouts): string | undefined {
  if (phone === undefined || phone.length > 40) return undefined
  const digits = phone.replace(/[x#;].*$/is, '').replace(/\D/g, '')
  if (phone.trim().startsWith('+')) return digits.length >= 8 ? digits : undefined
  if (/^(?:00|011)[1-9]/.test(digits)) return digits.replace(/^(?:00|011)/, '')
  const home = country === undefined ? state && regionOf(state, undefined)?.id : countryCode(country)
  if (home === undefined || (nationOf(home) !== 'US' && nationOf(home) !== 'CA')) return undefined
  if (/^[2-9]\d{9}$/.test(digits)) return `1${digits}`
  return /^1[2-9]\d{9}$/.test(digits) ? digits : undefined
}

/** What the address says: the postal code where it agrees with the state, both where they differ, else the country. */
function addressPlaces({ country, state, postalCode }: Whereabouts, phone: readonly Place[]): readonly Place[] {
  const code = country === undefined ? undefined : countryCode(country)
  const region = state === undefined ? undefined : regionOf(state, code)
  const nation = code ?? (region && nationOf(region.id)) ?? phone.map(({ id }) => nationOf(id))[0]
  const postal = postalCode === undefined ? NOWHERE : postalPlaces(postalCode.trim(), nation)
  const found = postal.some(({ id }) => id === region?.id) || region === undefined ? postal : [region, ...postal]
  if (found.length > 0) return found
  return code === undefined ? NOWHERE : countryPlace(code)
}

function postalPlaces(code: string, nation: string | undefined): readonly Place[] {
  if (nation === 'US') {
    const place = zipPlace(code)
    return place === undefined ? NOWHERE : [place]
  }
  return nation === 'CA' || nation === undefined ? canadianPlace(code) : NOWHERE
}
