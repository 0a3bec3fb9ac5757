import { badRequest, created, notFound, ok, unprocessable } from './answer.js'
import { announceDnd } from './contacts.js'
import { conversationOf, storeMessage } from './delivery.js'
import { shownMessage } from './messages.js'
import { needText, nested, number, text } from './read.js'
import type { Context, Route } from './routes.js'
import { type FakeContact, type FakeConversation, MESSAGE_TYPES, type MessageType } from './state.js'
import { isoTime, needContact, needSameLocation, type World } from './world.js'

const READ = 'conversations.readonly'
const WRITE = 'conversations.write'
/** The words GHL acts on by itself; other languages and phrases it does not know. */
const STOP = /^\s*(stop|stopall|unsubscribe|cancel|end|quit)\s*[.!]?\s*$/i
const START = /^\s*(start|yes|unstop)\s*[.!]?\s*$/i

export const conversationRoutes: readonly Route[] = [
  { method: 'POST', path: '/conversations', scope: WRITE, handle: open },
  { method: 'GET', path: '/conversations/search', scope: READ, handle: search },
  { method: 'GET', path: '/conversations/{id}', scope: READ, handle: (context) => ok(shown(context.world, wanted(context))) },
  { method: 'DELETE', path: '/conversations/{id}', scope: WRITE, handle: remove },
  { method: 'GET', path: '/conversations/{id}/messages', scope: 'conversations/message.readonly', handle: listMessages },
  { method: 'POST', path: '/conversations/messages/inbound', scope: 'conversations/message.write', handle: inbound },
  { method: 'GET', path: '/conversations/preferences/unsubscriptions/status', handle: subscriptionStatus },
  { method: 'POST', path: '/conversations/preferences/unsubscriptions/user-change', handle: changeSubscription },
]

/** A message from the contact. STOP sets do-not-disturb for SMS, START lifts it. */
export function receive(
  world: World,
  contact: FakeContact,
  type: MessageType,
  body: string,
): { messageId: string; conversationId: string } {
  const at = world.clock.now()
  const message = storeMessage(world, {
    type,
    direction: 'inbound',
    contactId: contact.id,
    locationId: contact.locationId,
    source: 'contact',
    to: [],
    from: type === 'Email' ? contact.email : contact.phone,
    body,
    status: 'delivered',
    timeline: [{ status: 'delivered', at }],
  })
  const conversation = world.state.conversations.find(({ id }) => id === message.conversationId)
  if (conversation) conversation.unreadCount += 1
  const location = world.state.locations.find(({ id }) => id === contact.locationId)
  world.emit({
    type: 'InboundMessage',
    locationId: contact.locationId,
    contactId: contact.id,
    conversationId: message.conversationId,
    messageId: message.id,
    messageType: type,
    direction: 'inbound',
    body,
    status: 'delivered',
    from: message.from ?? undefined,
    to: (type === 'Email' ? location?.email : location?.phone) ?? undefined,
    dateAdded: isoTime(at),
  })
  if (type === 'SMS' && (STOP.test(body) || START.test(body))) {
    contact.dndSettings.SMS = STOP.test(body)
      ? { status: 'active', message: `Contact replied ${body.trim()}`, code: 'STOP' }
      : { status: 'inactive' }
    announceDnd(world, contact)
  }
  return { messageId: message.id, conversationId: message.conversationId }
}

function inbound(context: Context) {
  const { world, body, now } = context
  const type = MESSAGE_TYPES.find((known) => known === body.type)
  if (!type) throw unprocessable(`type must be one of the following values: ${MESSAGE_TYPES.join(', ')}`)
  const conversationId = text(body, 'conversationId')
  const conversation = world.state.conversations.find(({ id }) => id === conversationId)
  const contactId = text(body, 'contactId') ?? conversation?.contactId
  if (!contactId) throw badRequest('conversationId or contactId is required')
  const contact = needContact(context, contactId)
  const received = receive(world, contact, type, text(body, 'message') ?? '')
  return created({ success: true, ...received, message: 'Message added', contactId, dateAdded: isoTime(now) })
}

function open(context: Context) {
  const contact = needContact(context, needText(context.body, 'contactId'))
  const id = conversationOf(context.world, contact.id, contact.locationId)
  return created({ success: true, conversation: { id, contactId: contact.id, locationId: contact.locationId } })
}

function search({ world, query, locationId }: Context) {
  const [contactId, id] = [text(query, 'contactId'), text(query, 'id')]
  const found = world.state.conversations.filter(
    (conversation) =>
      !conversation.deleted &&
      conversation.locationId === locationId &&
      (!contactId || conversation.contactId === contactId) &&
      (!id || conversation.id === id),
  )
  return ok({ conversations: found.slice(0, number(query, 'limit') ?? 20).map((one) => shown(world, one)), total: found.length })
}

function remove(context: Context) {
  wanted(context).deleted = true
  return ok({ success: true })
}

function listMessages(context: Context) {
  const { world, query } = context
  const conversation = wanted(context)
  const newestFirst = world.state.messages
    .filter((message) => message.conversationId === conversation.id && message.status !== 'cancelled')
    .reverse()
  const start = newestFirst.findIndex((message) => message.id === text(query, 'lastMessageId')) + 1
  const page = newestFirst.slice(start, start + (number(query, 'limit') ?? 20))
  const list = {
    lastMessageId: page.at(-1)?.id ?? '',
    nextPage: start + page.length < newestFirst.length,
    messages: page.map(shownMessage),
  }
  return ok(world.messageList === 'nested' ? { messages: list } : list)
}

function wanted(context: Context): FakeConversation {
  const found = context.world.state.conversations.find(({ id, deleted }) => id === context.params.id && !deleted)
  if (!found) throw notFound('Conversation not found')
  needSameLocation(context, found.locationId)
  return found
}

function shown(world: World, conversation: FakeConversation) {
  const last = world.state.messages.findLast((message) => message.conversationId === conversation.id)
  const contact = world.state.contacts.find(({ id }) => id === conversation.contactId)
  const name = [contact?.firstName, contact?.lastName].filter((part) => part).join(' ')
  return {
    ...conversation,
    type: 'TYPE_PHONE',
    lastMessageBody: last?.body ?? '',
    lastMessageType: last ? `TYPE_${last.type.toUpperCase()}` : '',
    fullName: name,
    contactName: name,
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
  }
}

function subscriptionStatus(context: Context) {
  const contact = needContact(context, text(context.query, 'contactId') ?? '')
  return ok({
    contactId: contact.id,
    email: contact.email,
    unsubscribedAll: contact.unsubscribeEmail,
    subtypes: Object.entries(contact.subscriptions).map(([subtypeId, status]) => ({ subtypeId, status })),
  })
}

/** `resub_all` takes a legal reason, as it loosens what the person asked for. */
function changeSubscription(context: Context) {
  const { body } = context
  const contact = needContact(context, needText(body, 'contactId'))
  const action = nested(body, 'subscription_action')
  const type = text(action, 'type') ?? ''
  const subscribes = type === 'resub_all' || text(action, 'subtype_status') === 'subscribed'
  if (subscribes && !text(body, 'legal_reason')) throw unprocessable('legal_reason should not be empty')
  const subtype = text(action, 'subtype_id') ?? text(action, 'subtype_name')
  if (type === 'resub_all' || type === 'unsub_all') {
    contact.unsubscribeEmail = type === 'unsub_all'
    contact.subscriptions = {}
  } else if (subtype) contact.subscriptions[subtype] = subscribes ? 'subscribed' : 'unsubscribed'
  else throw unprocessable('subscription_action.type must be resub_all or unsub_all, or subtype_id must be given')
  return created({ success: true })
}
