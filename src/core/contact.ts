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
  /** ISO 3166 alpha-2. */
  readonly country?: string
  readonly state?: string
  readonly postalCode?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly companyName?: string
  readonly locationId?: string
  readonly tags?: readonly string[]
}
