import type { ContactFacts } from '../../core/contact.js'

/**
 * The country whose law on consent applies, ISO 3166: the contact's own, else its phone's calling code, else the
 * country domain of its e-mail. Undefined when nothing says.
 */
export function countryOf({ country, phones, emails }: ContactFacts): string | undefined {
  if (country !== undefined && /^[a-z]{2}$/i.test(country.trim())) {
    const code = country.trim().toUpperCase()
    return code === 'UK' ? 'GB' : code
  }
  return countryOfPhone(phones[0]) ?? countryOfDomain(emails[0])
}

function countryOfPhone(phone: string | undefined): string | undefined {
  if (phone === undefined || !phone.startsWith('+')) return undefined
  if (phone.startsWith('+1')) return CANADIAN_AREAS.has(phone.replace(/\D/g, '').slice(1, 4)) ? 'CA' : 'US'
  const digits = phone.replace(/\D/g, '')
  return CALLING_CODES.get(digits.slice(0, 2)) ?? CALLING_CODES.get(digits.slice(0, 3))
}

function countryOfDomain(email: string | undefined): string | undefined {
  if (email === undefined) return undefined
  const ending = email.slice(email.lastIndexOf('.') + 1)
  if (ending.length !== 2) return undefined
  const suffix = ending.toUpperCase()
  if (suffix === 'UK') return 'GB'
  return suffix === 'CA' || EUROPEAN_UNION.has(suffix) ? suffix : undefined
}

export const EUROPEAN_UNION: ReadonlySet<string> = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '),
)

const CALLING_CODES: ReadonlyMap<string, string> = new Map(
  (
    'GB:44 AT:43 BE:32 BG:359 HR:385 CY:357 CZ:420 DK:45 EE:372 FI:358 FR:33 DE:49 GR:30 HU:36 IE:353 IT:39 LV:371 ' +
    'LT:370 LU:352 MT:356 NL:31 PL:48 PT:351 RO:40 SK:421 SI:386 ES:34 SE:46'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.slice(3), pair.slice(0, 2)]),
)

/** Area codes of +1 that are Canada's (CNAC's list). */
const CANADIAN_AREAS: ReadonlySet<string> = new Set(
  (
    '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474 506 514 519 ' +
    '548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942'
  ).split(' '),
)
