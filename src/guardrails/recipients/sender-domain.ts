import { memoize } from '../../core/memo.js'
import { registrableDomain } from './registrable-domain.js'

/** Under this name everything is counted whose sending domain nobody knows: leaving the sender out gets around nothing. */
export const UNKNOWN_SENDER = 'unknown'

/**
 * The registrable domain a sender belongs to, however it is written: `Sam <SAM@Mail.Agency.example.>` and
 * `agency.example` are one, so are `bücher.example` and its punycode. `UNKNOWN_SENDER` for what names no domain.
 */
export function senderDomain(from: string | undefined): string {
  return from === undefined || from.length > LONGEST ? UNKNOWN_SENDER : remembered(from)
}

/** 320 for the address (RFC 3696), the rest for a name before it. */
const LONGEST = 1000
/** Asked several times for every e-mail. */
const remembered = memoize(2000, readDomain)

function readDomain(from: string): string {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[>\s]+$/, '')
  const registrable = registrableDomain(domain)
  return registrable.includes('.') && !/[\s<>,;"@]/.test(registrable) ? registrable : UNKNOWN_SENDER
}
