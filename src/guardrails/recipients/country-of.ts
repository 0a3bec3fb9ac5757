import type { ContactFacts } from '../../core/contact.js'
import { areaCodePlaces } from '../time/area-codes.js'
import { callingCodeCountries } from '../time/calling-codes.js'
import { countryCode } from '../time/country-codes.js'
import { countryZones, zoneCountry } from '../time/country-zones.js'
import type { Place } from '../time/place.js'
import { canadianPlace, zipPlace } from '../time/postal-codes.js'
import { regionOf, territoryOf } from '../time/regions.js'
import { canonicalPhone } from './recipient-keys.js'

/** The country a contact's address names, ISO 3166, a territory as its nation: by its country, else its state or postal code. */
export function addressCountry({ country = '', state, postalCode = '' }: ContactFacts): string | undefined {
  if (country.trim() !== '') return nationOf(countryCode(country))
  const code = postalCode.trim()
  const [place = (state === undefined ? undefined : regionOf(state, undefined)) ?? zipPlusFour(code)] = canadianPlace(code)
  return place?.id.slice(0, 2)
}

/** Five digits alone are a code in many countries; with four more, in the US. */
function zipPlusFour(code: string): Place | undefined {
  return code.length > 5 ? zipPlace(code) : undefined
}

/** The country of a number; what is behind +1 and belongs to no area is taken for American. */
export function numberCountry(phone: string): string | undefined {
  const number = canonicalPhone(phone)
  if (!number.startsWith('+1')) return callingCodeCountries(number.slice(1))[0]
  const [place] = areaCodePlaces(number.slice(2, 5))
  return place?.id.slice(0, 2) ?? (phone.trim().startsWith('+') ? 'US' : undefined)
}

/**
 * The countries whose law on consent may hold: the contact's own; where it names none, that of its state or postal code,
 * and beside it that of its number, else of its e-mail's country domain, else of its zone. Empty when nothing says.
 */
export function countriesOf(contact: ContactFacts): readonly string[] {
  const { country = '', phones, emails, timeZone } = contact
  const address = addressCountry(contact)
  if (address !== undefined && country.trim() !== '') return [address]
  const number = phones[0] === undefined ? undefined : numberCountry(phones[0])
  const other = number ?? countryOfDomain(emails[0]) ?? (timeZone === undefined ? undefined : zoneCountry(timeZone))
  return [address, other].filter((each) => each !== undefined)
}

function nationOf(code: string | undefined): string | undefined {
  return code !== undefined && territoryOf(code) !== undefined ? 'US' : code
}

function countryOfDomain(email: string | undefined): string | undefined {
  if (email === undefined) return undefined
  const ending = email.slice(email.lastIndexOf('.') + 1).toUpperCase()
  if (ending === 'GOV' || ending === 'MIL') return 'US'
  if (ending === 'UK') return 'GB'
  return ending.length === 2 && !GENERIC.has(ending) && countryZones(ending).length > 0 ? nationOf(ending) : undefined
}

/** Domains of countries that are sold to everybody for what they spell, or for nothing. */
const GENERIC: ReadonlySet<string> = new Set(
  'AC AD AG AI AM AS BZ CC CD CF CO CX DJ FM GA GG GL GQ GS IM IO JE LA LC LI LY ME ML MN MS MU NU PM PW RE SC SH SO SR ST TC TF TK TL TO TV VC VG VU WF WS YT'.split(
    ' ',
  ),
)

export const EUROPEAN_UNION: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '),
)
