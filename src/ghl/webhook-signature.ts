import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** Header of GHL's signature: Ed25519 over the raw body, base64. */
const SIGNATURE = 'x-ghl-signature'
/** The RSA signature GHL gave up on 2026-07-01. */
const LEGACY = 'x-wh-signature'

/** Reads the key GHL publishes: SPKI as PEM, or its base64 alone. Undefined for what is no Ed25519 public key. */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    const key = text.includes('BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

export type Forgery = 'unsigned' | 'legacy_signature' | 'bad_signature'

/**
 * Why these bytes are not GHL's; undefined = one of the keys signed them. The old RSA signature proves nothing any
 * more, and GHL sends `N/A` where it did not sign.
 */
export function forgery(body: Uint8Array, headers: WebhookHeaders, keys: readonly KeyObject[]): Forgery | undefined {
  const given = headerOf(headers, SIGNATURE)
  if (given === undefined || given === '' || given.toUpperCase() === 'N/A') {
    return headerOf(headers, LEGACY) === undefined ? 'unsigned' : 'legacy_signature'
  }
  const signature = Buffer.from(given, 'base64')
  // An Ed25519 signature is 64 bytes; anything else would be asked of OpenSSL for nothing.
  if (signature.length !== 64) return 'bad_signature'
  return keys.some((key) => verify(null, body, key, signature)) ? undefined : 'bad_signature'
}

/** As Node gives them, or a `Headers` object of fetch. */
export type WebhookHeaders =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null }

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name)?.trim() ?? undefined
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() !== name) continue
    // Two signatures are none: it would be ours to choose which one counts.
    if (typeof value === 'string') return value.trim()
    return Array.isArray(value) && value.length === 1 ? String(value[0]).trim() : ''
  }
  return undefined
}
