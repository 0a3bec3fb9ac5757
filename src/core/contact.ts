/** A way to reach a person. GHL's one send endpoint serves them all. */
export const CHANNELS = [
  'email',
  'sms',
  'rcs',
  'whatsapp',
  'instagram',
  'facebook',
  'live_chat',
  'tiktok',
  'custom',
  'call',
] as const
export type Channel = (typeof CHANNELS)[number]

/** Why somebody may be written to. `purchase` and `inquiry` are Canada's implied consents; `corporate` = a company's address, not a person's. */
export const CONSENT_BASES = [
  'express_written',
  'express',
  'purchase',
  'inquiry',
  'published',
  'soft_opt_in',
  'corporate',
] as const
export type ConsentBasis = (typeof CONSENT_BASES)[number]

/** What is known of a person's consent to be written to on one channel. */
export interface Consent {
  /** `none` = it is known that there is none; nothing at all = nobody knows. */
  readonly status: 'given' | 'none' | 'withdrawn'
  readonly basis?: ConsentBasis
  /** When it was given, bought or asked, ms since 1970. */
  readonly at?: number
  /** ms since 1970; from then on there is none. */
  readonly expiresAt?: number
  /** Where the proof is kept. */
  readonly record?: string
}

/** Consent that came with a call rather than with the contact: it says whose, and on which channel. */
export interface ConsentClaim extends Consent {
  readonly contactId: string
  readonly channel: Channel
}

/** What a gateway knows of a contact at the moment of a send. */
export interface ContactFacts {
  readonly id: string
  /** Primary first, as GHL holds them. */
  readonly emails: readonly string[]
  /** Primary first, as GHL holds them (usually E.164). */
  readonly phones: readonly string[]
  /** Do-not-disturb on every channel. */
  readonly dndAll: boolean
  /** Channels on which do-not-disturb is active or permanent. */
  readonly dnd: readonly Channel[]
  /** IANA zone of the contact, where GHL has one. Never the location's. */
  readonly timeZone?: string
  /** ISO 3166, or its name. */
  readonly country?: string
  readonly state?: string
  readonly postalCode?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly companyName?: string
  readonly locationId?: string
  readonly tags?: readonly string[]
  /** Those of `phones` known to be landlines. GHL does not say: only a `resolveContact` of yours can. */
  readonly landlines?: readonly string[]
  /** By channel (`sms` covers RCS). GHL has no such field: only a `resolveContact` of yours can say. */
  readonly consent?: { readonly [K in Channel]?: Consent }
}
