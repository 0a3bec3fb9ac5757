import type { JsonObject } from '../core/json.js'
import type { GhlRequest } from '../core/request.js'
import { isObject } from './body.js'
import type { Feedback } from './feedback.js'
import { channelOf } from './message-types.js'
import { isSafeId } from './safe-id.js'

interface Place {
  readonly host: string
  readonly locationId: string
}

/** Messages a page of the export holds. */
const PAGE = '100'

/** One page of everything that was written since, oldest first. Without `channel` GHL's list holds all but e-mail. */
export function exportRequest(
  at: Place & { readonly since: number; readonly channel?: 'Email'; readonly cursor?: string },
): GhlRequest {
  return read('/conversations/messages/export', at, {
    locationId: at.locationId,
    startDate: new Date(at.since).toISOString(),
    sortBy: 'createdAt',
    sortOrder: 'asc',
    limit: PAGE,
    ...(at.channel !== undefined && { channel: at.channel }),
    ...(at.cursor !== undefined && { cursor: at.cursor }),
  })
}

/** The read that shows an e-mail whole: lists leave out who it was for and what an answer says. */
export function mailRequest(mailId: string, at: Place): GhlRequest {
  return read(`/conversations/messages/email/${encodeURIComponent(mailId)}`, at, {})
}

/** What a list says of one message. `mail` = an e-mail that has to be read whole before anything follows from it. */
export interface Polled {
  readonly at: number
  readonly feedback?: Feedback
  readonly mail?: { readonly id: string; readonly fate: 'failed' | 'inbound'; readonly messageId: string }
}

/** Reads a page of the export. Null when it is none. */
export function readExport(body: unknown): { readonly polled: readonly Polled[]; readonly cursor?: string } | null {
  if (!isObject(body) || !Array.isArray(body.messages)) return null
  const polled = body.messages.filter(isObject).flatMap(readEntry)
  const { nextCursor } = body
  return typeof nextCursor === 'string' && nextCursor !== '' ? { polled, cursor: nextCursor } : { polled }
}

function readEntry(entry: JsonObject): readonly Polled[] {
  const { id, contactId, direction } = entry
  const channel = channelOf(entry.messageType)
  const at = typeof entry.dateAdded === 'string' ? Date.parse(entry.dateAdded) : Number.NaN
  if (channel === undefined || channel === 'call' || typeof id !== 'string' || Number.isNaN(at)) return []
  const whose = typeof contactId === 'string' ? { contactId } : {}
  const status = typeof entry.status === 'string' ? entry.status : ''
  if (channel === 'email') return readMailEntry(entry, id, status, at)
  if (direction === 'inbound') {
    if (typeof contactId !== 'string') return []
    const body = typeof entry.body === 'string' ? entry.body : ''
    return [{ at, feedback: { kind: 'inbound', channel, contactId, messageId: id, body, at } }]
  }
  return status === '' ? [] : [{ at, feedback: { kind: 'status', channel, messageId: id, status, at, ...whose } }]
}

function readMailEntry({ direction, meta }: JsonObject, messageId: string, status: string, at: number): readonly Polled[] {
  const ids = isObject(meta) && isObject(meta.email) && Array.isArray(meta.email.messageIds) ? meta.email.messageIds : []
  const mailId = ids.find((each): each is string => typeof each === 'string' && isSafeId(each))
  if (mailId === undefined) return []
  if (direction === 'inbound') return [{ at, mail: { id: mailId, fate: 'inbound', messageId } }]
  if (status === 'failed') return [{ at, mail: { id: mailId, fate: 'failed', messageId } }]
  const opened: readonly Polled[] = ['opened', 'read', 'clicked'].includes(status)
    ? [{ at, feedback: { kind: 'opened', mailId, at } }]
    : []
  const arrived = opened.length > 0 || status === 'delivered'
  return arrived ? [{ at, feedback: { kind: 'delivered', mailId, at } }, ...opened] : []
}

/** What an e-mail read whole says. A failure without GHL's reason counts for the domain and against no address. */
export function readMailWhole(
  body: unknown,
  { id: mailId, fate, messageId }: NonNullable<Polled['mail']>,
  at: number,
): Feedback | undefined {
  if (!isObject(body)) return undefined
  const mail = isObject(body.emailMessage) ? body.emailMessage : body
  const [to, from] = [addressIn(mail.to), addressIn(mail.from)]
  if (fate === 'inbound') {
    const { contactId } = mail
    if (typeof contactId !== 'string') return undefined
    const text = typeof mail.body === 'string' ? mail.body : ''
    return {
      kind: 'inbound',
      channel: 'email',
      contactId,
      messageId,
      body: text,
      at,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }
  }
  const said = typeof mail.error === 'string' ? mail.error : ''
  return {
    kind: 'bounced',
    mailId,
    at,
    noMailbox: NO_MAILBOX.test(said),
    ...(to !== undefined && { recipient: to }),
    ...(from !== undefined && { from }),
  }
}

const NO_MAILBOX =
  /\b5\.1\.[0-36]\b|no such|does not exist|unknown user|user unknown|(?:mailbox|recipient|address) (?:not found|unknown|rejected)/i

function addressIn(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first.trim() !== '' ? first.trim() : undefined
}

function read(path: string, { host, locationId }: Place, query: GhlRequest['query']): GhlRequest {
  return { method: 'GET', host, path, query, headers: { version: '2021-04-15', locationid: locationId } }
}
