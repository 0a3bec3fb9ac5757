import { badRequest, created, ok } from './answer.js'
import { applyFields, storeContact } from './contact-fields.js'
import { findTwin, mentions, searchContacts } from './contact-search.js'
import { fullName, listed, shown } from './contact-views.js'
import { type Fields, flag, needText, number, text } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeContact } from './state.js'
import { runWorkflows } from './workflows.js'
import { isoTime, needContact, type World } from './world.js'

const READ = 'contacts.readonly'
const WRITE = 'contacts.write'

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

function duplicate(contact: FakeContact, matchingField: string) {
  return badRequest('This location does not allow duplicated contacts.', {
    meta: { contactId: contact.id, contactName: fullName(contact), matchingField },
  })
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
