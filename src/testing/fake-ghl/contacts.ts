import { badRequest, created, ok, unprocessable } from './answer.js'
import { type Fields, flag, isFields, list, needText, nested, number, text, texts } from './read.js'
import type { Context, Route } from './routes.js'
import type { DndChannel, DndSettings, FakeContact } from './state.js'
import { runWorkflows } from './workflows.js'
import { isoTime, needContact, type World } from './world.js'

const READ = 'contacts.readonly'
const WRITE = 'contacts.write'
const MAX_PAGE = 500
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

export const contactRoutes: readonly Route[] = [
  { method: 'POST', path: '/contacts', scope: WRITE, handle: createContact },
  { method: 'GET', path: '/contacts', scope: READ, handle: listContacts },
  { method: 'POST', path: '/contacts/upsert', scope: WRITE, handle: upsertContact },
  { method: 'POST', path: '/contacts/search', scope: READ, handle: searchContacts },
  { method: 'GET', path: '/contacts/search/duplicate', scope: READ, handle: findDuplicate },
  { method: 'GET', path: '/contacts/{contactId}', scope: READ, handle: (context) => ok({ contact: shown(wanted(context)) }) },
  { method: 'PUT', path: '/contacts/{contactId}', scope: WRITE, handle: updateContact },
  { method: 'DELETE', path: '/contacts/{contactId}', scope: WRITE, handle: deleteContact },
]

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

function createContact(context: Context) {
  const { world, body } = context
  const locationId = needText(body, 'locationId')
  const twin = world.allowDuplicates ? null : findTwin(world, body, locationId)
  if (twin) throw duplicate(twin.contact, twin.field)
  const contact = storeContact(world, withoutId(body), locationId)
  announce(context, 'ContactCreate', contact)
  runWorkflows(
    world,
    contact,
    contact.tags.map((tag) => ({ tag })),
  )
  return created({ contact: shown(contact) })
}

function upsertContact(context: Context) {
  const { world, body } = context
  const locationId = needText(body, 'locationId')
  const twin = flag(body, 'createNewIfDuplicateAllowed') && world.allowDuplicates ? null : findTwin(world, body, locationId)
  if (!twin) {
    const contact = storeContact(world, withoutId(body), locationId)
    announce(context, 'ContactCreate', contact)
    runWorkflows(
      world,
      contact,
      contact.tags.map((tag) => ({ tag })),
    )
    return created({ new: true, contact: shown(contact) })
  }
  change(context, twin.contact)
  return ok({ new: false, contact: shown(twin.contact) })
}

function updateContact(context: Context) {
  const contact = wanted(context)
  change(context, contact)
  return ok({ succeded: true, contact: shown(contact) })
}

function deleteContact(context: Context) {
  const contact = wanted(context)
  const { contacts } = context.world.state
  contacts.splice(contacts.indexOf(contact), 1)
  announce(context, 'ContactDelete', contact)
  return ok({ succeded: true })
}

function listContacts({ world, query, locationId }: Context) {
  const all = world.state.contacts.filter(
    (contact) => contact.locationId === locationId && mentions(contact, text(query, 'query')),
  )
  const start = all.findIndex((contact) => contact.id === text(query, 'startAfterId')) + 1
  const contacts = all.slice(start, start + Math.min(number(query, 'limit') ?? 20, 100))
  return ok({ contacts: contacts.map(listed), meta: { total: all.length, startAfterId: contacts.at(-1)?.id ?? null } })
}

function searchContacts({ world, body, locationId }: Context) {
  const limit = number(body, 'pageLimit') ?? 20
  if (limit < 1 || limit > MAX_PAGE) throw unprocessable(`pageLimit must not be greater than ${MAX_PAGE}`)
  const filters = list(body, 'filters').filter(isFields)
  const all = world.state.contacts.filter(
    (contact) =>
      contact.locationId === locationId &&
      mentions(contact, text(body, 'query')) &&
      filters.every((filter) => passes(contact, filter)),
  )
  const after = list(body, 'searchAfter')[1]
  const start =
    after === undefined ? ((number(body, 'page') ?? 1) - 1) * limit : all.findIndex((contact) => contact.id === after) + 1
  const contacts = all.slice(start, start + limit)
  return ok({
    contacts: contacts.map((contact) => ({ ...listed(contact), searchAfter: [Date.parse(contact.dateAdded), contact.id] })),
    total: all.length,
  })
}

function findDuplicate({ world, query, locationId }: Context) {
  const fields = { email: query.email, phone: query.number }
  const twin = findTwin(world, fields, locationId)
  return ok({ contact: twin ? shown(twin.contact) : null })
}

function wanted(context: Context): FakeContact {
  return needContact(context, context.params.contactId ?? '')
}

function change(context: Context, contact: FakeContact): void {
  const before = { tags: contact.tags, dnd: consentOf(contact) }
  applyFields(contact, withoutId(context.body))
  contact.dateUpdated = isoTime(context.now)
  announce(context, 'ContactUpdate', contact)
  if (consentOf(contact) !== before.dnd) announceDnd(context.world, contact)
  if (contact.tags.join() !== before.tags.join()) {
    announce(context, 'ContactTagUpdate', contact)
    const gained = contact.tags.filter((tag) => !before.tags.includes(tag))
    runWorkflows(
      context.world,
      contact,
      gained.map((tag) => ({ tag })),
    )
  }
}

/** Sets the fields that are given; `tags` replaces all tags, as it does in GHL. */
function applyFields(contact: FakeContact, fields: Fields): void {
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

/** E-mail is looked for first, then the phone. */
function findTwin(world: World, fields: Fields, locationId: string): { contact: FakeContact; field: 'email' | 'phone' } | null {
  const here = world.state.contacts.filter((contact) => contact.locationId === locationId)
  for (const field of ['email', 'phone'] as const) {
    const value = text(fields, field)?.toLowerCase()
    const contact = value ? here.find((other) => other[field]?.toLowerCase() === value) : undefined
    if (contact) return { contact, field }
  }
  return null
}

function duplicate(contact: FakeContact, matchingField: string) {
  return badRequest('This location does not allow duplicated contacts.', {
    meta: { contactId: contact.id, contactName: fullName(contact), matchingField },
  })
}

function mentions(contact: FakeContact, query: string | null): boolean {
  if (!query) return true
  return [fullName(contact), contact.email, contact.phone].some((value) => value?.toLowerCase().includes(query.toLowerCase()))
}

/** One search filter, or a group of them. */
function passes(contact: FakeContact, filter: Fields): boolean {
  if (Array.isArray(filter.filters)) {
    const members = list(filter, 'filters').filter(isFields)
    return filter.group === 'OR' ? members.some((one) => passes(contact, one)) : members.every((one) => passes(contact, one))
  }
  const held: unknown = new Map<string, unknown>(Object.entries(contact)).get(String(filter.field))
  const given = Array.isArray(held) ? held : held === null || held === undefined ? [] : [held]
  const sought = Array.isArray(filter.value) ? filter.value : [filter.value]
  const same = given.some((one) => sought.some((other) => fold(one) === fold(other)))
  switch (filter.operator) {
    case 'eq':
      return same
    case 'not_eq':
      return !same
    case 'contains':
      return Array.isArray(held) ? same : given.some((one) => sought.some((other) => fold(one).includes(fold(other))))
    case 'not_contains':
      return !given.some((one) => sought.some((other) => fold(one).includes(fold(other))))
    case 'exists':
      return given.length > 0
    case 'not_exists':
      return given.length === 0
    default:
      throw unprocessable(`operator ${String(filter.operator)} is not valid`)
  }
}

const fold = (value: unknown): string => String(value).toLowerCase()

/** As GET /contacts/{id} shows it. */
export function shown(contact: FakeContact) {
  const { subscriptions, unsubscribeEmail, ...rest } = contact
  return {
    ...structuredClone(rest),
    ...(unsubscribeEmail ? { unsubscribeEmail } : {}),
    name: fullName(contact),
    emailLowerCase: contact.email?.toLowerCase() ?? null,
    type: 'lead',
  }
}

/** As lists show it: without the do-not-disturb settings. */
function listed(contact: FakeContact) {
  const { dndSettings, inboundDndSettings, ...rest } = shown(contact)
  return rest
}

function fullName(contact: FakeContact): string {
  return [contact.firstName, contact.lastName].filter((part) => part !== null).join(' ')
}

function split(name: string): string[] {
  const [first = name, ...rest] = name.trim().split(/\s+/)
  return rest.length > 0 ? [first, rest.join(' ')] : [first]
}

function withoutId(body: Fields): Fields {
  const { id, ...rest } = body
  return rest
}

const consentOf = (contact: FakeContact): string => JSON.stringify([contact.dnd, contact.dndSettings])

function announce({ world }: Context, type: string, contact: FakeContact): void {
  world.emit({ ...shown(contact), type })
}

export function announceDnd(world: World, contact: FakeContact): void {
  const { id, locationId, dnd, dndSettings, firstName, lastName, email, phone } = contact
  world.emit({
    type: 'ContactDndUpdate',
    id,
    locationId,
    dnd,
    dndSettings: structuredClone(dndSettings),
    firstName,
    lastName,
    email,
    phone,
  })
}
