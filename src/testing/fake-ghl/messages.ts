import { created, messageRefused, notFound, ok, unprocessable } from './answer.js'
import { cancelScheduled, dispatch, dndText, storeMessage } from './delivery.js'
import { type Fields, flag, needText, nested, number, text, texts } from './read.js'
import type { Context, Route } from './routes.js'
import { type FakeContact, type FakeMessage, MESSAGE_TYPES, type MessageType } from './state.js'
import { isoTime, needContact, needSameLocation } from './world.js'

const READ = 'conversations/message.readonly'
const WRITE = 'conversations/message.write'
const WHATSAPP_WINDOW_MS = 86_400_000
const HOUR_MS = 3_600_000

/** The numbers GHL gives its message types in reads. */
const TYPE_NUMBERS: Readonly<Record<MessageType, number>> = {
  SMS: 2,
  Email: 3,
  FB: 11,
  IG: 18,
  WhatsApp: 19,
  Custom: 20,
  Live_Chat: 29,
  RCS: 40,
  TIKTOK: 46,
}

export const messageRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations/messages', scope: WRITE, handle: send },
  { method: 'GET', path: '/conversations/messages/export', scope: READ, handle: exportMessages },
  {
    method: 'GET',
    path: '/conversations/messages/{id}',
    scope: READ,
    handle: (context) => ok(shownMessage(byId(context, 'id'))),
  },
  {
    method: 'GET',
    path: '/conversations/messages/email/{id}',
    scope: READ,
    handle: (context) => ok(shownEmail(byId(context, 'emailMessageId'))),
  },
  { method: 'DELETE', path: '/conversations/messages/{id}/schedule', scope: WRITE, handle: (context) => cancel(context, 'id') },
  {
    method: 'DELETE',
    path: '/conversations/messages/email/{id}/schedule',
    scope: WRITE,
    handle: (context) => cancel(context, 'emailMessageId'),
  },
]

/** POST /conversations/messages: there is no idempotency here; the same body twice is two messages. */
function send(context: Context) {
  const { world, body } = context
  const type = messageType(body)
  const contact = needContact(context, needText(body, 'contactId'))
  refuseWithoutConsent(contact, type, text(body, 'customSubtypeId'))
  const to = recipients(contact, type, body)
  if (type === 'WhatsApp') needWhatsAppWindow(context, contact)
  const hasContent = ['message', 'html', 'templateId'].some((name) => text(body, name)) || texts(body, 'attachments').length > 0
  if (!hasContent && !flag(nested(body, 'forward'), 'isForwarded')) {
    throw messageRefused('There is no message or attachments for this message. Skip sending.')
  }
  const message = storeMessage(world, {
    type,
    contactId: contact.id,
    locationId: contact.locationId,
    source: 'api',
    to,
    cc: texts(body, 'emailCc'),
    bcc: texts(body, 'emailBcc'),
    from: text(body, type === 'Email' ? 'emailFrom' : 'fromNumber'),
    subject: text(body, 'subject'),
    body: text(body, 'message'),
    html: text(body, 'html'),
    templateId: text(body, 'templateId'),
    threadId: text(body, 'threadId'),
    attachments: texts(body, 'attachments'),
    scheduledFor: sendTime(context),
  })
  const { status } = message
  dispatch(world, message)
  return created({
    conversationId: message.conversationId,
    messageId: message.id,
    ...(message.emailMessageId ? { emailMessageId: message.emailMessageId } : {}),
    msg: status === 'scheduled' ? 'Message scheduled successfully.' : 'Message queued successfully.',
    status,
  })
}

function messageType(body: Fields): MessageType {
  const type = MESSAGE_TYPES.find((known) => known === body.type)
  if (!type) throw unprocessable(`type must be one of the following values: ${MESSAGE_TYPES.join(', ')}`)
  return type
}

function refuseWithoutConsent(contact: FakeContact, type: MessageType, subtype: string | null): void {
  const refused = dndText(contact, type)
  if (refused) throw messageRefused(refused)
  if (type !== 'Email') return
  const preference = subtype ? contact.subscriptions[subtype] : undefined
  const left = preference ? preference === 'unsubscribed' : contact.unsubscribeEmail
  if (left) throw messageRefused(`Cannot send email as ${contact.email ?? contact.id} has unsubscribed`)
}

function recipients(contact: FakeContact, type: MessageType, body: Fields): string[] {
  const forward = text(nested(body, 'forward'), 'toEmail')
  if (type === 'Email') {
    const own = [contact.email, ...contact.additionalEmails.map(({ email }) => email)].filter((email) => email !== null)
    const to = text(body, 'emailTo') ?? own[0]
    if (!to || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to)) throw messageRefused("Unable to send e-mail, contact's e-mail is invalid")
    if (!own.some((email) => email.toLowerCase() === to.toLowerCase())) {
      throw messageRefused("Unable to send e-mail, emailTo is not one of the contact's addresses")
    }
    return forward ? [to, forward] : [to]
  }
  if (type !== 'SMS' && type !== 'RCS' && type !== 'WhatsApp') return [contact.id]
  const to = text(body, 'toNumber') ?? contact.phone
  if (!to) throw messageRefused('Missing phone number')
  if (!/^\+[1-9]\d{6,14}$/.test(to.replace(/[\s().-]/g, ''))) throw messageRefused('Invalid country calling code')
  return [to]
}

function needWhatsAppWindow({ world, body, now }: Context, contact: FakeContact): void {
  if (text(body, 'templateId')) return
  const heard = world.state.messages.some(
    (message) =>
      message.contactId === contact.id &&
      message.type === 'WhatsApp' &&
      message.direction === 'inbound' &&
      now - message.createdAt <= WHATSAPP_WINDOW_MS,
  )
  if (!heard) throw messageRefused('Cannot send message outside the 24 hour WhatsApp window, use a template.')
}

/** When it will leave, ms; null = now. `scheduledTimestamp` is in seconds, UTC. */
function sendTime({ body, now }: Context): number | null {
  const seconds = number(body, 'scheduledTimestamp')
  if (body.scheduledTimestamp !== undefined && (seconds === null || !Number.isInteger(seconds))) {
    throw unprocessable('scheduledTimestamp must be an integer number')
  }
  // A time in ms would be tens of thousands of years ahead: say so instead of keeping the message for ever.
  if (seconds !== null && seconds > 1e11) throw unprocessable('scheduledTimestamp must be a UTC timestamp in seconds')
  const asked = seconds !== null && seconds * 1000 > now ? seconds * 1000 : null
  if (!flag(body, 'usesNativeSchedulingAi')) return asked
  // GHL picks the moment itself, within this period; the fake picks the middle.
  const hours = Number.parseInt(text(body, 'optimizationPeriod') ?? '24h', 10)
  return (asked ?? now) + (hours * HOUR_MS) / 2
}

function byId(context: Context, field: 'id' | 'emailMessageId'): FakeMessage {
  const message = context.world.state.messages.find((other) => other[field] === context.params.id)
  if (!message || message.status === 'cancelled') throw notFound('Message not found')
  needSameLocation(context, message.locationId)
  return message
}

/** Always 200; only the body says whether anything was cancelled. */
function cancel(context: Context, field: 'id' | 'emailMessageId') {
  const message = context.world.state.messages.find((other) => other[field] === context.params.id)
  if (message) needSameLocation(context, message.locationId)
  return message && cancelScheduled(context.world, message)
    ? ok({ status: 200, message: 'The scheduled message was cancelled' })
    : ok({ status: 404, message: 'Failed cancel the scheduled message' })
}

/** Oldest first unless `sortOrder=desc`. Without a `channel` it holds everything but e-mail. */
function exportMessages({ world, query, locationId }: Context) {
  const limit = Math.min(number(query, 'limit') ?? 100, 500)
  const all = world.state.messages.filter((message) => message.locationId === locationId && isAskedFor(message, query))
  if (text(query, 'sortOrder') === 'desc') all.reverse()
  const start = all.findIndex((message) => message.id === text(query, 'cursor')) + 1
  const messages = all.slice(start, start + limit)
  const more = start + limit < all.length
  return ok({ messages: messages.map(shownMessage), total: all.length, nextCursor: more ? messages.at(-1)?.id : null })
}

function isAskedFor(message: FakeMessage, query: Fields): boolean {
  const [contactId, conversationId, channel] = [text(query, 'contactId'), text(query, 'conversationId'), text(query, 'channel')]
  const [from, to] = [timeOf(text(query, 'startDate')), timeOf(text(query, 'endDate'))]
  return (
    message.status !== 'cancelled' &&
    (channel === null ? message.type !== 'Email' : message.type.toLowerCase() === channel.toLowerCase()) &&
    (contactId === null || message.contactId === contactId) &&
    (conversationId === null || message.conversationId === conversationId) &&
    (from === null || message.createdAt >= from) &&
    (to === null || message.createdAt <= to)
  )
}

function timeOf(given: string | null): number | null {
  if (given === null) return null
  const at = Date.parse(given)
  if (Number.isNaN(at)) throw unprocessable('startDate and endDate must be valid ISO 8601 date strings')
  return at
}

/** As GET /conversations/messages/{id} shows it. */
export function shownMessage(message: FakeMessage) {
  return {
    id: message.id,
    type: TYPE_NUMBERS[message.type],
    messageType: `TYPE_${message.type.toUpperCase()}`,
    locationId: message.locationId,
    contactId: message.contactId,
    conversationId: message.conversationId,
    dateAdded: isoTime(message.createdAt),
    // Lists and reads leave e-mail bodies out; the e-mail endpoint has them.
    ...(message.type === 'Email' ? {} : { body: message.body ?? '' }),
    direction: message.direction,
    status: message.status,
    contentType: message.html ? 'text/html' : 'text/plain',
    attachments: message.attachments,
    source: message.source === 'api' ? 'api' : 'app',
    ...(message.emailMessageId ? { meta: { email: { messageIds: [message.emailMessageId] } } } : {}),
  }
}

function shownEmail(message: FakeMessage) {
  return {
    id: message.emailMessageId,
    altId: message.id,
    threadId: message.threadId ?? message.emailMessageId,
    locationId: message.locationId,
    contactId: message.contactId,
    conversationId: message.conversationId,
    dateAdded: isoTime(message.createdAt),
    subject: message.subject ?? '',
    body: message.html ?? message.body ?? '',
    direction: message.direction,
    status: message.status,
    contentType: 'text/html',
    attachments: message.attachments,
    provider: 'Leadconnector Gmail',
    from: message.from ?? '',
    to: message.to,
    cc: message.cc,
    bcc: message.bcc,
    source: message.source === 'api' ? 'api' : 'app',
  }
}
