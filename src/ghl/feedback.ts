import type { Channel } from '../core/contact.js'
import type { JsonObject } from '../core/json.js'
import { isObject } from './body.js'
import { dndOf } from './contact-facts.js'
import { channelOf } from './message-types.js'

/** What came back from a message or a person, whether a webhook or a poll told it. `at` = when it happened, ms. */
export type Feedback =
  | MailFeedback
  /** How a text, chat or other message fared. */
  | {
      readonly kind: 'status'
      readonly channel: Channel
      readonly messageId: string
      readonly status: string
      readonly contactId?: string
      readonly at: number
    }
  /** A person wrote. */
  | {
      readonly kind: 'inbound'
      readonly channel: Channel
      readonly contactId: string
      readonly messageId?: string
      readonly body: string
      readonly from?: string
      readonly to?: string
      readonly at: number
    }
  /** Do-not-disturb as it stands now: on everything, and on these channels and no other. Absent = the event does not say. */
  | {
      readonly kind: 'dnd'
      readonly contactId: string
      readonly all?: boolean
      readonly channels?: readonly Channel[]
      readonly at: number
    }

/** How an e-mail fared. */
export interface MailFeedback {
  readonly kind: 'delivered' | 'opened' | 'bounced' | 'soft_bounced' | 'complained' | 'unsubscribed'
  /** GHL's id of the e-mail, else its Message-ID. */
  readonly mailId?: string
  readonly recipient?: string
  /** The sender, as its header says. */
  readonly from?: string
  /** Of a bounce: the mailbox does not exist, rather than that ours was not welcome. */
  readonly noMailbox?: boolean
  readonly at: number
}

/** Reads a webhook's body. Undefined for events that say nothing about messages or people's wishes. */
export function readWebhook(body: JsonObject, now: number): Feedback | undefined {
  switch (body.type) {
    case 'LCEmailStats':
      return readMail(body, now)
    case 'OutboundMessage':
      return readOutbound(body, now)
    case 'InboundMessage':
      return readInbound(body, now)
    case 'ContactDndUpdate':
      return readDnd(body, now)
    default:
      return undefined
  }
}

/** When an event was sent, ms; undefined where it does not say. */
export function sentAt(body: JsonObject): number | undefined {
  return timeOf(body.timestamp)
}

/** Mailgun's words in `webhookPayload.event`. */
const MAIL_EVENTS: Readonly<Record<string, MailFeedback['kind']>> = {
  delivered: 'delivered',
  opened: 'opened',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
}

function readMail(body: JsonObject, now: number): Feedback | undefined {
  const payload = isObject(body.webhookPayload) ? body.webhookPayload : undefined
  if (payload === undefined) return undefined
  const { event } = payload
  const kind =
    event === 'failed'
      ? payload.severity === 'temporary'
        ? 'soft_bounced'
        : 'bounced'
      : typeof event === 'string' && Object.hasOwn(MAIL_EVENTS, event)
        ? MAIL_EVENTS[event]
        : undefined
  if (kind === undefined) return undefined
  const headers = isObject(payload.message) && isObject(payload.message.headers) ? payload.message.headers : {}
  const operations = isObject(payload['lc-operations']) ? payload['lc-operations'] : {}
  const mailId = text(operations.email_message_id) ?? text(headers['message-id']) ?? text(payload.id)
  const recipient = text(payload.recipient)
  const from = text(headers.from)
  return {
    kind,
    at: timeOf(payload.timestamp) ?? sentAt(body) ?? now,
    ...(mailId !== undefined && { mailId }),
    ...(recipient !== undefined && { recipient }),
    ...(from !== undefined && { from }),
    ...(kind === 'bounced' && { noMailbox: saysNoMailbox(payload) }),
  }
}

/**
 * Whether a permanent failure speaks of the mailbox. A receiver that refuses us for our reputation, our content or our
 * records (5.7.x) says nothing against the address: the domain pays for it, the person stays on the list.
 */
function saysNoMailbox(payload: JsonObject): boolean {
  const status = isObject(payload['delivery-status']) ? payload['delivery-status'] : {}
  const said = [status.message, status.description, status['enhanced-code'], payload.reason]
    .filter((part) => typeof part === 'string')
    .join(' ')
    .slice(0, 2000)
  return !/\b5\.7\.\d|\b(?:spam|blocked|blacklist|block ?list|reputation|dmarc|spf|dkim|policy|unauthenticated|rate limit)/i.test(
    said,
  )
}

function readOutbound(body: JsonObject, now: number): Feedback | undefined {
  const channel = channelOf(body.messageType)
  const messageId = text(body.messageId)
  const status = text(body.status)
  // E-mails tell more by their own event.
  if (channel === undefined || channel === 'email' || messageId === undefined || status === undefined) return undefined
  const contactId = text(body.contactId)
  const at = sentAt(body) ?? timeOf(body.dateAdded) ?? now
  return { kind: 'status', channel, messageId, status: status.slice(0, 40), at, ...(contactId !== undefined && { contactId }) }
}

function readInbound(body: JsonObject, now: number): Feedback | undefined {
  const channel = channelOf(body.messageType)
  const contactId = text(body.contactId)
  if (channel === undefined || channel === 'call' || contactId === undefined || body.direction === 'outbound') return undefined
  const [messageId, from, to] = [text(body.messageId), text(body.from), text(body.to)]
  return {
    kind: 'inbound',
    channel,
    contactId,
    body: typeof body.body === 'string' ? body.body : '',
    at: timeOf(body.dateAdded) ?? sentAt(body) ?? now,
    ...(messageId !== undefined && { messageId }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
}

function readDnd(body: JsonObject, now: number): Feedback | undefined {
  // The event's `id` is the contact's.
  const contactId = text(body.id) ?? text(body.contactId)
  if (contactId === undefined) return undefined
  const { all, channels } = dndOf(body)
  return {
    kind: 'dnd',
    contactId,
    at: sentAt(body) ?? now,
    // What is not told is not lifted.
    ...((body.dnd ?? null) !== null && { all }),
    ...((body.dndSettings ?? null) !== null && { channels }),
  }
}

const MAX_ID = 1000

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_ID ? value.trim() : undefined
}

/** ISO 8601, seconds or ms since 1970. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const at = Date.parse(value)
    return Number.isNaN(at) ? undefined : at
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return undefined
  return Math.floor(value < 1e11 ? value * 1000 : value)
}
