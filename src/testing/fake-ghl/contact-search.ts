import { ok, unprocessable } from './answer.js'
import { fullName, listed } from './contact-views.js'
import { type Fields, isFields, list, number, text } from './read.js'
import type { Context } from './routes.js'
import type { FakeContact } from './state.js'
import type { World } from './world.js'

const MAX_PAGE = 500

/** POST /contacts/search. */
export function searchContacts({ world, body, locationId }: Context) {
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

/** E-mail is looked for first, then the phone. */
export function findTwin(
  world: World,
  fields: Fields,
  locationId: string,
): { contact: FakeContact; field: 'email' | 'phone' } | null {
  const here = world.state.contacts.filter((contact) => contact.locationId === locationId)
  for (const field of ['email', 'phone'] as const) {
    const value = text(fields, field)?.toLowerCase()
    const contact = value ? here.find((other) => other[field]?.toLowerCase() === value) : undefined
    if (contact) return { contact, field }
  }
  return null
}

export function mentions(contact: FakeContact, query: string | null): boolean {
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
