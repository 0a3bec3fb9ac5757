import type { JsonObject } from '../core/json.js'
import { BodyFault, isObject } from './body.js'

/** What a body does to the consent of a person: nothing, only less contact, or (somewhere in it) more. */
export type ConsentEffect = 'none' | 'tightens' | 'loosens'

/** Members of a contact that say whether it may be contacted. */
const DND_MEMBERS = ['dnd', 'dndSettings', 'inboundDndSettings', 'unsubscribeEmail']

/** What an upsert finds its contact by. */
const FINDS = ['email', 'phone', 'locationId']

/**
 * Reads what the body of a contact write does to do-not-disturb. `tightens` only when nothing else is in the body, of an
 * upsert: nothing but what finds the contact.
 * Everything that is not certainly a tightening counts as a loosening; so does `inboundDndSettings`, which can keep
 * a STOP from arriving.
 */
export function dndEffect(body: JsonObject, isUpsert = false): ConsentEffect {
  const present = Object.keys(body).filter((key) => DND_MEMBERS.includes(key))
  if (present.length === 0) return 'none'
  if (present.some((key) => !tightens(body, key))) return 'loosens'
  const rest = Object.keys(body).filter((key) => !present.includes(key))
  return rest.every((key) => isUpsert && FINDS.includes(key)) ? 'tightens' : 'none'
}

/**
 * Members that say where a person is, and so at what hours and under which law on consent it may be written to. A phone
 * number says it too where nothing else does, but mending numbers is everyday work.
 */
const PLACE_MEMBERS = ['timezone', 'country', 'state', 'postalCode']

/** Whether a contact write may change where a known contact is. A new contact has no place to change yet. */
export function movesContact(operationId: string, body: JsonObject): boolean {
  const known = operationId === 'PUT /contacts/{contactId}' || operationId === 'POST /contacts/upsert'
  return known && PLACE_MEMBERS.some((member) => body[member] !== undefined)
}

function tightens(body: JsonObject, key: string): boolean {
  const value = body[key]
  if (key === 'dnd' || key === 'unsubscribeEmail') return value === true
  if (key !== 'dndSettings' || !isObject(value)) return false
  const channels = Object.values(value)
  return (
    channels.length > 0 &&
    channels.every((channel) => isObject(channel) && ['active', 'permanent'].includes(String(channel.status)))
  )
}

/** Reads a subscription change: `tightens` when every part of it certainly unsubscribes. */
export function subscriptionEffect(body: JsonObject): ConsentEffect {
  const change = body.subscription_action
  const actions = Array.isArray(change) ? change : [change]
  if (actions.length === 0 || !actions.every(isObject)) {
    throw new BodyFault('"subscription_action" is not an object; it says what is subscribed or unsubscribed')
  }
  const unsubscribes = actions.every(
    ({ type, subtype_status }) => subtype_status === 'unsubscribed' && !(typeof type === 'string' && /resub/i.test(type)),
  )
  return unsubscribes ? 'tightens' : 'loosens'
}
