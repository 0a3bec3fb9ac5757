import type { Channel } from '../core/contact.js'
import type { JsonObject } from '../core/json.js'
import type { Message } from '../core/message.js'
import type { GhlRequest } from '../core/request.js'
import { isObject } from './body.js'
import { channelOf, nameOf } from './message-types.js'
import { isSafeId } from './safe-id.js'

/** When the message may have been stored by GHL, ms since 1970, both ends included. */
export interface SendWindow {
  readonly from: number
  readonly to: number
}

interface Place {
  readonly host: string
  readonly locationId?: string
}

/**
 * A message that was found was sent; its id is the one by which GHL cancels it, undefined where that is not clear.
 * `not_found` is no proof while GHL may still be working: only past the horizon does it mean anything.
 */
export type Finding = { readonly id: string | undefined } | 'ambiguous' | 'not_found'

/**
 * The reads that can show whether a message left: GHL has no idempotency key, so an unknown outcome is settled by
 * looking. Empty when contact or location are not known; then only a human can look.
 */
export function lookups(message: Message, at: Place & SendWindow): readonly GhlRequest[] {
  const { contactId, channel } = message
  if (contactId === undefined || at.locationId === undefined || !isSafeId(contactId)) return []
  const query = {
    locationId: at.locationId,
    contactId,
    startDate: new Date(at.from).toISOString(),
    endDate: new Date(at.to).toISOString(),
    limit: '100',
    // Without a channel the list holds everything but e-mail.
    ...(channel === 'email' ? { channel: 'Email' } : {}),
  }
  return [read('/conversations/messages/export', query, at)]
}

/** Lists leave the bodies of e-mails out: the reads that fetch those of the candidates in a list. */
export function detailRequests(message: Message, window: SendWindow, body: unknown, at: Place): readonly GhlRequest[] {
  return candidatesIn(message, window, listsIn(body).messages)
    .filter((candidate) => typeof candidate.body !== 'string')
    .flatMap(emailIdsOf)
    .filter(isSafeId)
    .map((id) => read(`/conversations/messages/email/${encodeURIComponent(id)}`, {}, at))
}

/** The ids of everything in the answers that may be the message. */
export function candidateIds(message: Message, window: SendWindow, body: unknown): readonly string[] {
  const ids = candidatesIn(message, window, listsIn(body).messages).flatMap((found) => idsOf(message, found))
  return [...new Set(ids)]
}

const NONE: ReadonlySet<unknown> = new Set()

/**
 * Looks for a message in what the lookups answered: one answer, or a list of answers with those of `detailRequests`.
 * Sent = exactly one outbound message to the contact, on the channel, in the window, with the same text, leaving out
 * those that others are known to have sent. Two of them, one that cannot be read, or a list that ends too early is
 * `ambiguous`: a human decides.
 */
export function findSent(message: Message, window: SendWindow, body: unknown, ofOthers = NONE): Finding {
  const { messages, complete } = listsIn(body, window)
  const candidates = candidatesIn(message, window, withDetails(without(ofOthers, messages)))
  const wanted = textOf(message.html) || textOf(message.text)
  // A template, a merge field or no text at all: what was sent does not read like what we hold.
  const readable = wanted !== '' && message.templateId === undefined && !wanted.includes('{{')
  const [only, more] = readable ? candidates.filter((candidate) => sameText(wanted, candidate)) : []
  if (more !== undefined) return 'ambiguous'
  if (only !== undefined) {
    const [id, another] = idsOf(message, only)
    return { id: another === undefined && id !== undefined && isSafeId(id) ? id : undefined }
  }
  const unread = candidates.some((candidate) => !readable || typeof candidate.body !== 'string')
  return unread || !complete ? 'ambiguous' : 'not_found'
}

/** Of an e-mail in a list, those of the e-mails it stands for. */
function idsOf({ channel }: Message, found: JsonObject): readonly string[] {
  const inList = channel === 'email' && found.messageType !== undefined
  return inList ? emailIdsOf(found) : typeof found.id === 'string' ? [found.id] : []
}

/** The messages without those of these ids; a list entry that stands for several e-mails keeps the others. */
function without(ids: ReadonlySet<unknown>, messages: readonly JsonObject[]): readonly JsonObject[] {
  if (ids.size === 0) return messages
  return messages.flatMap((found) => {
    const emails = emailIdsOf(found)
    if (emails.length === 0) return ids.has(found.id) ? [] : [found]
    const left = emails.filter((id) => !ids.has(id))
    return left.length === 0 ? [] : [standingFor(found, left)]
  })
}

function standingFor(entry: JsonObject, messageIds: readonly string[]): JsonObject {
  return { ...entry, meta: { email: { messageIds } } }
}

function candidatesIn(message: Message, { from, to }: SendWindow, messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.filter((found) => {
    const at = timeOf(found)
    const ours = found.source === undefined || found.source === null || found.source === 'api'
    const inTime =
      at === undefined || (at >= from && at <= to) || (message.sendAt !== undefined && Math.abs(at - message.sendAt) < 60_000)
    return (
      ours &&
      inTime &&
      found.direction === 'outbound' &&
      (found.contactId === undefined || found.contactId === message.contactId) &&
      isChannel(found.messageType, message.channel)
    )
  })
}

/** The messages of an answer, in each of the shapes GHL gives them, and whether the list reaches back to `from`. */
function listsIn(body: unknown, window?: SendWindow): { messages: readonly JsonObject[]; complete: boolean } {
  const answers: readonly unknown[] = Array.isArray(body) ? body : [body]
  const messages: JsonObject[] = []
  let complete = answers.length > 0
  for (const answer of answers) {
    const list = isObject(answer) && isObject(answer.messages) ? answer.messages : answer
    if (isObject(list) && Array.isArray(list.messages)) {
      const found = list.messages.filter(isObject)
      messages.push(...found)
      if (typeof list.nextCursor === 'string' && list.nextCursor !== '') complete = false
      // Pages of a conversation are newest first: one that reaches back beyond the window is enough.
      const oldest = Math.min(...found.map((item) => timeOf(item) ?? Number.POSITIVE_INFINITY))
      if (list.nextPage === true && !(window !== undefined && oldest < window.from)) complete = false
    } else if (isObject(answer) && typeof answer.direction === 'string') messages.push(answer)
    else complete = false
  }
  return { messages, complete }
}

/** Puts the bodies that single e-mail answers brought into the list entries they belong to. */
function withDetails(messages: readonly JsonObject[]): readonly JsonObject[] {
  const byId = new Map(messages.filter(({ messageType }) => messageType === undefined).map((detail) => [detail.id, detail]))
  const used = new Set<unknown>()
  const listed = messages.filter(({ messageType }) => messageType !== undefined)
  const unique = new Map(listed.map((entry) => [entry.id ?? entry, entry]))
  const merged = [...unique.values()].map((entry) => {
    const detail = emailIdsOf(entry).find((id) => byId.has(id))
    if (detail === undefined) return entry
    used.add(detail)
    return { ...standingFor(entry, [detail]), body: byId.get(detail)?.body ?? entry.body ?? null }
  })
  return [...merged, ...[...byId.values()].filter(({ id }) => !used.has(id))]
}

function emailIdsOf({ meta }: JsonObject): readonly string[] {
  const ids = isObject(meta) && isObject(meta.email) ? meta.email.messageIds : undefined
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}

/** `TYPE_SMS`, `SMS` and the like; single e-mails have no type of their own. */
function isChannel(messageType: unknown, channel: Channel): boolean {
  if (messageType === undefined) return channel === 'email'
  const name = nameOf(messageType)
  if (name?.startsWith('custom')) return channel === 'custom' || name === `custom${channel}`
  return channelOf(messageType) === channel
}

/** Equal, or ours inside a longer one: GHL adds opt-out lines and layouts around what it was given. */
function sameText(wanted: string, candidate: JsonObject): boolean {
  const found = textOf(candidate.body)
  return found === wanted || (wanted.length >= 20 && found.includes(wanted))
}

/** What a reader sees of a text or HTML, with white space made one. */
function textOf(value: unknown): string {
  if (typeof value !== 'string') return ''
  return value
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;|&#160;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&quot;|&#34;/gi, '"')
    .replace(/&#39;|&apos;/gi, "'")
    .replace(/&amp;/gi, '&')
    .replace(/\s+/g, ' ')
    .trim()
}

function timeOf({ dateAdded }: JsonObject): number | undefined {
  const ms = typeof dateAdded === 'number' ? dateAdded : typeof dateAdded === 'string' ? Date.parse(dateAdded) : Number.NaN
  return Number.isFinite(ms) ? ms : undefined
}

function read(path: string, query: GhlRequest['query'], { host, locationId }: Place): GhlRequest {
  return {
    method: 'GET',
    host,
    path,
    query,
    headers: { version: '2021-04-15', ...(locationId === undefined ? {} : { locationid: locationId }) },
  }
}
