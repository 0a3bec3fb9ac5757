import { createHmac, type KeyObject } from 'node:crypto'
import { requireKey } from './chain.js'

/**
 * A name for a contact id or an address that says nothing without the key and is the same every time: the
 * first 96 bits of HMAC-SHA-256, 16 characters of base64url. A bare hash would not do: addresses can be
 * guessed. Spelling counts, so normalise addresses first. Throws `RangeError` for a key under 16 bytes.
 */
export function pseudonym(key: string | Uint8Array | KeyObject, value: string): string {
  requireKey(key)
  return createHmac('sha256', key).update(`sendwarden-pseudonym-v1${value}`).digest('base64url').slice(0, 16)
}
