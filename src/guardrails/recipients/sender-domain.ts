import { registrableDomain } from './registrable-domain.js'

/** Under this name everything is counted whose sending domain nobody knows: leaving the sender out gets around nothing. */
export const UNKNOWN_SENDER = 'unknown'

/**
 * The registrable domain a sender belongs to, however it is written: `Sam <SAM@Mail.Agency.example.>` and
 * `agency.example` are one, so are `bücher.example` and its punycode. `UNKNOWN_SENDER` for what names no domain.
 */
export function senderDomain(from: string | undefined): string {
  if (from === undefined) return UNKNOWN_SENDER
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[>\s]+$/, '')
  const registrable = registrableDomain(domain)
  return registrable.includes('.') && !/[\s<>,;"@]/.test(registrable) ? registrable : UNKNOWN_SENDER
}
