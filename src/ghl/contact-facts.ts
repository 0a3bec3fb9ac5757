import { CHANNELS, type Channel, type ContactFacts } from '../core/contact.js'
import type { JsonObject } from '../core/json.js'
import type { GhlRequest } from '../core/request.js'
import { isObject } from './body.js'
import { isSafeId } from './safe-id.js'

/** Which channels a member of GHL's `dndSettings` speaks of. */
const DND_CHANNELS: Readonly<Record<string, readonly Channel[]>> = {
  Email: ['email'],
  SMS: ['sms', 'rcs'],
  Call: ['call'],
  WhatsApp: ['whatsapp'],
  FB: ['facebook', 'instagram'],
  GMB: [],
}

/** The call that reads a contact with its do-not-disturb settings (search answers leave them out). Throws `RangeError` for what cannot be an id. */
export function contactRequest(contactId: string, at: { readonly host: string; readonly locationId?: string }): GhlRequest {
  if (!isSafeId(contactId)) throw new RangeError('A contact id holds characters no GHL id has.')
  return {
    method: 'GET',
    host: at.host,
    path: `/contacts/${encodeURIComponent(contactId)}`,
    query: {},
    headers: { version: '2021-07-28', ...(at.locationId === undefined ? {} : { locationid: at.locationId }) },
  }
}

/** The call that reads an appointment. Throws `RangeError` for what cannot be an id. */
export function appointmentRequest(eventId: string, at: { readonly host: string; readonly locationId?: string }): GhlRequest {
  if (!isSafeId(eventId)) throw new RangeError('An appointment id holds characters no GHL id has.')
  return {
    method: 'GET',
    host: at.host,
    path: `/calendars/events/appointments/${encodeURIComponent(eventId)}`,
    query: {},
    headers: { version: '2021-04-15', ...(at.locationId === undefined ? {} : { locationid: at.locationId }) },
  }
}

/** Whose appointment it is, from the answer to that call; null for one without a contact, undefined when that cannot be read. */
export function contactOfAppointment(body: unknown): string | null | undefined {
  // The official client's types say `event`, the live API has answered `appointment` too.
  const event = isObject(body) ? (body.event ?? body.appointment) : undefined
  if (!isObject(event)) return undefined
  const { contactId = null } = event
  if (contactId === null || contactId === '') return null
  return typeof contactId === 'string' && isSafeId(contactId) ? contactId : undefined
}

/**
 * Reads the answer of `GET /contacts/{id}`. Null when it is no contact. `active` and `permanent` mean do not contact,
 * `inactive` means allowed; a setting that cannot be read counts as do not contact.
 */
export function parseContact(body: unknown): ContactFacts | null {
  const contact = isObject(body) && isObject(body.contact) ? body.contact : undefined
  const id = text(contact?.id)
  if (contact === undefined || id === undefined) return null
  const tags = Array.isArray(contact.tags) ? contact.tags.filter((tag) => typeof tag === 'string') : undefined
  const dnd = dndOf(contact)
  return {
    id,
    emails: addresses(contact.email, contact.additionalEmails, 'email'),
    phones: addresses(contact.phone, contact.additionalPhones, 'phone'),
    dndAll: dnd.all,
    dnd: dnd.channels,
    ...member('timeZone', contact.timezone),
    ...member('country', contact.country),
    ...member('state', contact.state),
    ...member('postalCode', contact.postalCode),
    ...member('firstName', contact.firstName),
    ...member('lastName', contact.lastName),
    ...member('companyName', contact.companyName),
    ...member('locationId', contact.locationId),
    ...(tags === undefined ? {} : { tags }),
  }
}

/** Do-not-disturb as a contact, or an event about one, has it. */
export function dndOf(contact: JsonObject): { readonly all: boolean; readonly channels: readonly Channel[] } {
  const { dnd } = contact
  return { all: !(dnd === undefined || dnd === null || dnd === false), channels: dndChannels(contact) }
}

function dndChannels(contact: JsonObject): readonly Channel[] {
  const blocked = new Set<Channel>()
  // Unsubscribing from e-mail is kept apart from do-not-disturb.
  if ((contact.unsubscribeEmail ?? false) !== false) blocked.add('email')
  const settings = contact.dndSettings
  if (settings === undefined || settings === null) return [...blocked]
  if (!isObject(settings)) return CHANNELS
  for (const [name, setting] of Object.entries(settings)) {
    if (isAllowed(setting)) continue
    const channels = Object.hasOwn(DND_CHANNELS, name) ? DND_CHANNELS[name] : undefined
    // A channel we do not know, not allowed: keep every channel out that has no setting of its own.
    for (const channel of channels ?? CHANNELS) blocked.add(channel)
  }
  return CHANNELS.filter((channel) => blocked.has(channel))
}

function isAllowed(setting: unknown): boolean {
  return setting === null || (isObject(setting) && setting.status === 'inactive')
}

/** Primary first, then the additional ones, each once. GHL writes those as objects (`{ email }`) or plain texts. */
function addresses(primary: unknown, additional: unknown, key: 'email' | 'phone'): readonly string[] {
  const others = Array.isArray(additional) ? additional : []
  const found = [primary, ...others.map((item: unknown) => (isObject(item) ? (item[key] ?? item.value) : item))]
  return [...new Set(found.map(text).filter((address) => address !== undefined))]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function member<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  const found = text(value)
  return (found === undefined ? {} : { [key]: found }) as { readonly [P in K]?: string }
}
