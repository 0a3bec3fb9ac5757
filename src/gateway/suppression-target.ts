import { kindOf } from '../core/config-issues.js'
import { CHANNELS, type Channel } from '../core/contact.js'
import { hostName } from '../core/host-name.js'
import { didYouMean } from '../core/nearest.js'
import { isSafeId } from '../ghl/index.js'
import { recipientKeys, registrableDomain } from '../guardrails/recipients/index.js'

/** Whom to suppress: a contact of GHL, wholly or on one channel; an address (its spellings count as one); a whole e-mail domain. */
export type SuppressionTarget =
  | { readonly contactId: string; readonly channel?: Channel }
  | { readonly channel: Channel; readonly address: string }
  | { readonly domain: string }

/**
 * A target in its one spelling, where it is certain what was meant: `https://www.acme.com/` is `acme.com`. Throws
 * `TypeError` naming the field for what would stop nobody, or not the one who was meant: that would look like success.
 */
export function readTarget(target: unknown): SuppressionTarget {
  const { contactId, channel, address, domain } = (target ?? {}) as Record<string, unknown>
  const named = [contactId, address, domain].filter((field) => field !== undefined && field !== null && field !== '')
  if (named.length !== 1)
    throw new TypeError('A suppression needs one of `contactId`, `address` (with a `channel`) and `domain`, and no two of them.')
  const [given] = named
  if (given === domain) return { domain: readDomain(given) }
  if (given === address) {
    const on = readChannel(channel)
    return { channel: on, address: readAddress(on, given) }
  }
  const id = readId(given)
  return channel === undefined ? { contactId: id } : { contactId: id, channel: readChannel(channel) }
}

function readDomain(given: unknown): string {
  const host = typeof given === 'string' ? HOST_IN_URL.exec(given.trim())?.[1] : undefined
  const name = host === undefined ? undefined : hostName(host)
  if (name === undefined) throw fault('domain', given, 'a domain such as "acme.com", which covers its subdomains')
  // Nobody has a mailbox at the host of a web site. `www.co.uk` is somebody's own.
  return name.startsWith('www.') && registrableDomain(name) !== name ? name.slice(4) : name
}

/** A host alone, or in a URL, before its port and path. */
const HOST_IN_URL = /^(?:https?:\/\/|@)?([^\s/:?#@]+)(?::\d{1,5})?(?:[/?#]\S*)?$/i

function readAddress(channel: Channel, given: unknown): string {
  if (typeof given === 'string') {
    const isMail = channel === 'email' || given.includes('@')
    const read = isMail ? readMailbox(given) : readNumber(given)
    if (read !== undefined) return read
    if (!isMail)
      throw new TypeError(
        '`address` is no phone number as it is dialled from anywhere: expected one with + and its country code.',
      )
    // Not repeated: it may hold the address of a person.
    throw new TypeError('`address` is not one plain e-mail address such as ann@acme.com.')
  }
  throw fault('address', given, 'a text such as "ann@acme.com" or "+12125550123"')
}

function readMailbox(given: string): string | undefined {
  const bare = given.trim().replace(/^mailto:/i, '')
  const [address] = recipientKeys('email', bare)
  // A percent sign in a link stands for another character.
  if (address === undefined || /[":]/.test(address) || (bare !== given.trim() && address.includes('%'))) return undefined
  return hostName(address.slice(address.lastIndexOf('@') + 1)) === undefined ? undefined : address
}

/** E.164, or what is certainly one: with 00 for the +, with the country code and no +, a number of North America. */
function readNumber(given: string): string | undefined {
  const plain = given
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/^tel:/i, '')
  const [, prefix, rest = ''] = /^(\+|00)?([\d\s()./\p{Pd}]+)$/u.exec(plain) ?? []
  const digits = rest.replace(/\D/g, '')
  const number = prefix === undefined && digits.length === 10 ? `1${digits}` : digits
  if (number.length > 15 || number.length < (prefix === undefined ? 11 : 7)) return undefined
  if (prefix === undefined && number.startsWith('0')) return undefined
  return number.startsWith('1') && !NORTH_AMERICAN.test(number) ? undefined : `+${number}`
}

const NORTH_AMERICAN = /^1[2-9]\d{2}[2-9]\d{6}$/

function readId(given: unknown): string {
  const id = typeof given === 'string' ? given.trim() : ''
  if (!isSafeId(id)) throw fault('contactId', given, 'the id of a contact in GHL')
  return id
}

function readChannel(given: unknown): Channel {
  const channel = CHANNELS.find((each) => each === given)
  if (channel === undefined) throw fault('channel', given, `one of ${CHANNELS.join(', ')}`, didYouMean(String(given), CHANNELS))
  return channel
}

function fault(field: string, given: unknown, expected: string, more = ''): TypeError {
  const found = typeof given === 'string' ? `"${given.slice(0, 60)}"` : kindOf(given)
  return new TypeError(`\`${field}\` is ${found}, expected ${expected}.${more}`)
}
