import type { Json } from '../core/json.js'
import type { GhlRequest } from '../core/request.js'
import { BodyFault, isObject, readTexts, typeName } from './body.js'
import { findOperation, type Operation } from './operations.js'
import { isSafeId } from './safe-id.js'

/** Body members that hold the ids of many contacts, in the operations that have them. */
const CONTACT_LISTS: Readonly<Record<string, string>> = {
  'POST /contacts/bulk/tags/update/{type}': 'contacts',
  'POST /contacts/bulk/business': 'ids',
}

/** Every contact a request names, in its path, query or body. Throws `BodyFault` where an id is no id. */
export function contactIdsIn(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: GhlRequest,
): readonly string[] {
  const { contactId } = params
  const body = isObject(request.body) ? request.body : undefined
  const inQuery = request.query.contactId
  if (body === undefined && inQuery === undefined) return contactId === undefined ? [] : [contactId]

  const ids = new Set<string>()
  if (contactId !== undefined) ids.add(contactId)
  addIds(ids, inQuery, 'contactId')
  if (body !== undefined) {
    addIds(ids, body.contactId, 'contactId')
    addIds(ids, body.contactIds, 'contactIds')
    if (isObject(body.contactDetails)) addIds(ids, body.contactDetails.id, 'contactDetails.id')
    if (isObject(body.recipients)) addIds(ids, body.recipients.contactIds, 'recipients.contactIds')
    const list = CONTACT_LISTS[operation.id]
    if (list !== undefined) addIds(ids, body[list], list)
  }
  // Only one of them would be looked up; a list of people is what bulk operations are for.
  if (ids.size > 1 && operation.reach !== undefined && operation.risk === 'high' && !operation.bulk)
    throw new BodyFault(`it names ${ids.size} contacts; this operation is about one`)
  return [...ids]
}

/** Members of a contact write, and of a text-to-pay link, that hold addresses. */
const ADDRESSES = ['email', 'additionalEmails', 'phone', 'additionalPhones', 'phoneNo', 'emailCc', 'emailBcc']

/** The addresses and numbers a contact write names: whoever has one of them may be written to by what it starts. */
export function addressesIn(operation: Operation, { body }: GhlRequest): readonly string[] {
  if (!isObject(body)) return []
  const holder = operation.consent === 'dnd' ? body : body.sentTo
  return isObject(holder) ? ADDRESSES.flatMap((member) => addressesOf(holder[member])) : []
}

function addressesOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value]
  if (Array.isArray(value)) return value.flatMap((item: Json) => addressesOf(item))
  return isObject(value) ? [value.email, value.phone, value.value].flatMap((item) => addressesOf(item)) : []
}

/** Where the official client looks for the location whose token it takes. */
const LOCATION_HEADERS = ['locationid', 'x-location-id', 'location-id'] as const
const LOCATION_FIELDS = ['locationId', 'location_id'] as const

/** The location a request is about, wherever it says so. Throws `BodyFault` when it names two. */
export function locationIdIn(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: GhlRequest,
): string | undefined {
  const { query, headers } = request
  const body = isObject(request.body) ? request.body : undefined
  const ids = new Set<string>()
  addIds(ids, params.locationId, 'locationId')
  addIds(ids, request.tokenLocation, 'locationId')
  for (const name of LOCATION_HEADERS) addIds(ids, headers[name], name)
  for (const name of LOCATION_FIELDS) {
    addIds(ids, query[name], name)
    addIds(ids, body?.[name], name)
  }
  if (operation.locationIdLocation === 'altId') {
    if ((query.altType ?? 'location') === 'location') addIds(ids, query.altId, 'altId')
    if ((body?.altType ?? 'location') === 'location') addIds(ids, body?.altId, 'altId')
  }
  if (ids.size > 1)
    throw new BodyFault(`it names ${ids.size} locations (${[...ids].join(', ')}); a request is about one`, 'permission.location')
  return ids.values().next().value
}

/** The same of a request that was judged; undefined where it names none. */
export function locationOf(request: GhlRequest): string | undefined {
  const found = findOperation(request.method, request.path)
  return found === null ? undefined : locationIdIn(found.operation, found.params, request)
}

function addIds(ids: Set<string>, value: Json | undefined, name: string): void {
  if (value === undefined || value === null || value === '') return
  const texts = typeof value === 'string' ? [value] : readTexts(value)
  if (texts === null) throw new BodyFault(`"${name}" is ${typeName(value)}, expected an id`)
  for (const text of texts) {
    if (!isSafeId(text)) throw new BodyFault(`"${name}" holds characters no GHL id has`)
    ids.add(text)
  }
}

/**
 * How many people a request reaches, or records it changes, at least: 0 for a read, Infinity where a whole
 * segment, tag or unreadable list is meant.
 */
export function peopleReached(operation: Operation, contactIds: readonly string[], request: GhlRequest): number {
  if (operation.kind === 'read' || operation.protective) return 0
  if (operation.bulk) return countOf(operation, contactIds, request)
  return operation.reach === undefined ? 0 : Math.max(1, contactIds.length)
}

function countOf(operation: Operation, contactIds: readonly string[], request: GhlRequest): number {
  const body = isObject(request.body) ? request.body : undefined
  if (body === undefined) return Number.POSITIVE_INFINITY
  if (operation.countField === 'recipients.contactIds') return campaignSize(body.recipients, body)
  const counted = operation.countField === undefined ? undefined : body[operation.countField]
  if (Array.isArray(counted)) return counted.length
  return operation.countField === undefined && contactIds.length > 0 ? contactIds.length : Number.POSITIVE_INFINITY
}

/** Named contacts can be counted; tags, segments and feeds that mail again by themselves cannot. */
function campaignSize(recipients: Json | undefined, body: { readonly [key: string]: Json }): number {
  if (!isObject(recipients) || body.scheduleType === 'rss') return Number.POSITIVE_INFINITY
  const named = readTexts(recipients.contactIds)
  const others = Object.keys(recipients).some((key) => !['type', 'contactIds', 'freezeList'].includes(key))
  if (named === null || others || (recipients.type !== undefined && recipients.type !== 'contact'))
    return Number.POSITIVE_INFINITY
  const resend = isObject(body.scheduleConfig) ? body.scheduleConfig.resend : undefined
  return resend === undefined || resend === null ? named.length : 2 * named.length
}
