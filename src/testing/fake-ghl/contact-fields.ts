import { unprocessable } from './answer.js'
import { type Fields, flag, isFields, nested, text, texts } from './read.js'
import type { DndChannel, DndSettings, FakeContact } from './state.js'
import { isoTime, type World } from './world.js'

const DND_CHANNELS: readonly DndChannel[] = ['Call', 'Email', 'SMS', 'WhatsApp', 'GMB', 'FB']
const TEXT_FIELDS = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'companyName',
  'timezone',
  'country',
  'state',
  'city',
  'address1',
  'postalCode',
  'website',
  'source',
  'assignedTo',
  'dateOfBirth',
] as const

/** A stored contact from whatever fields are given; the rest is empty. */
export function storeContact(world: World, fields: Fields, locationId: string): FakeContact {
  const at = isoTime(world.clock.now())
  const contact: FakeContact = {
    id: text(fields, 'id') ?? world.nextId('contact'),
    locationId,
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    additionalEmails: [],
    additionalPhones: [],
    companyName: null,
    timezone: null,
    country: null,
    state: null,
    city: null,
    address1: null,
    postalCode: null,
    website: null,
    source: null,
    assignedTo: null,
    dateOfBirth: null,
    dnd: false,
    dndSettings: {},
    inboundDndSettings: {},
    unsubscribeEmail: false,
    subscriptions: {},
    tags: [],
    followers: [],
    customFields: [],
    businessId: null,
    dateAdded: at,
    dateUpdated: at,
  }
  applyFields(contact, fields)
  world.state.contacts.push(contact)
  return contact
}

/** Sets the fields that are given; `tags` replaces all tags, as it does in GHL. */
export function applyFields(contact: FakeContact, fields: Fields): void {
  for (const name of TEXT_FIELDS) if (name in fields) contact[name] = text(fields, name)
  const name = text(fields, 'name')
  if (name && !('firstName' in fields)) [contact.firstName = null, contact.lastName = null] = split(name)
  if ('dnd' in fields) contact.dnd = flag(fields, 'dnd')
  if (isFields(fields.dndSettings)) Object.assign(contact.dndSettings, dndSettings(fields.dndSettings))
  const inbound = setting(nested(fields, 'inboundDndSettings').all)
  if (inbound) contact.inboundDndSettings = { all: inbound }
  if ('unsubscribeEmail' in fields) contact.unsubscribeEmail = flag(fields, 'unsubscribeEmail')
  if (Array.isArray(fields.tags)) contact.tags = [...new Set(texts(fields, 'tags'))]
  if (Array.isArray(fields.customFields)) contact.customFields = [...fields.customFields]
  if (Array.isArray(fields.additionalEmails)) {
    contact.additionalEmails = values(fields.additionalEmails, 'email').map((email) => ({ email }))
  }
  if (Array.isArray(fields.additionalPhones)) {
    contact.additionalPhones = values(fields.additionalPhones, 'phone').map((phone) => ({ phone }))
  }
}

function values(items: readonly unknown[], name: string): string[] {
  return items.flatMap((item) => (typeof item === 'string' ? [item] : isFields(item) ? (text(item, name) ?? []) : []))
}

function dndSettings(given: Fields): DndSettings {
  const settings: DndSettings = {}
  for (const channel of DND_CHANNELS) {
    const one = setting(given[channel])
    if (one) settings[channel] = one
  }
  return settings
}

function setting(value: unknown) {
  if (!isFields(value)) return null
  const { status } = value
  if (status !== 'active' && status !== 'inactive' && status !== 'permanent') {
    throw unprocessable('status must be one of the following values: active, inactive, permanent')
  }
  const [message, code] = [text(value, 'message'), text(value, 'code')]
  return { status, ...(message ? { message } : {}), ...(code ? { code } : {}) } as const
}

function split(name: string): string[] {
  const [first = name, ...rest] = name.trim().split(/\s+/)
  return rest.length > 0 ? [first, rest.join(' ')] : [first]
}
