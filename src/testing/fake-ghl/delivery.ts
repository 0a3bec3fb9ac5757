import type { FakeContact, FakeMessage, MessageStatus } from './state.js'
import { isoTime, type World } from './world.js'

/** How a message ends. */
export interface Delivery {
  /** `sent` = nothing more is ever heard of it. */
  readonly status: 'sent' | 'delivered' | 'failed' | 'undelivered'
  /** By the fake's clock, after it left; default 0 (the next request or `tick()`). */
  readonly afterMs?: number
  /** Of a failed e-mail: `permanent` (default) is a hard bounce. */
  readonly severity?: 'permanent' | 'temporary'
  readonly code?: number
  readonly error?: string
  /** What the reader of a delivered e-mail does next. `unsubscribed` also ends mail to the contact. */
  readonly reader?: readonly ('opened' | 'clicked' | 'complained' | 'unsubscribed')[]
}

export type DeliveryScript = (message: Readonly<FakeMessage>) => Delivery | Delivery['status']

export const deliverAll: DeliveryScript = () => 'delivered'

export type MessageDraft = Pick<FakeMessage, 'type' | 'contactId' | 'locationId' | 'source' | 'to'> & Partial<FakeMessage>

/** Stores a message. It has not left yet. */
export function storeMessage(world: World, draft: MessageDraft): FakeMessage {
  const at = world.clock.now()
  const status: MessageStatus = draft.status ?? (draft.scheduledFor ? 'scheduled' : 'queued')
  const message: FakeMessage = {
    id: world.nextId('message'),
    emailMessageId: draft.type === 'Email' ? world.nextId('email') : null,
    direction: 'outbound',
    conversationId: conversationOf(world, draft.contactId, draft.locationId),
    cc: [],
    bcc: [],
    from: null,
    subject: null,
    body: null,
    html: null,
    templateId: null,
    threadId: null,
    attachments: [],
    timeline: [{ status, at }],
    createdAt: at,
    scheduledFor: null,
    sentAt: null,
    error: null,
    ...draft,
    status,
  }
  world.state.messages.push(message)
  return message
}

/** Sends a stored message now, or at its scheduled time. */
export function dispatch(world: World, message: FakeMessage): void {
  if (message.scheduledFor === null) leave(world, message, world.clock.now())
  else world.agenda.at(message.scheduledFor, () => fireScheduled(world, message))
}

/** False when it is not scheduled any more. */
export function cancelScheduled(world: World, message: FakeMessage): boolean {
  if (message.status !== 'scheduled') return false
  setStatus(message, 'cancelled', world.clock.now())
  return true
}

function fireScheduled(world: World, message: FakeMessage): void {
  if (message.status !== 'scheduled') return
  const at = message.scheduledFor ?? world.clock.now()
  const contact = world.state.contacts.find(({ id }) => id === message.contactId)
  const error = contact ? (world.recheckScheduled ? dndText(contact, message.type) : null) : 'Contact not found'
  if (error === null) leave(world, message, at)
  else fail(world, message, at, { status: 'failed', error })
}

function leave(world: World, message: FakeMessage, at: number): void {
  message.sentAt = at
  setStatus(message, 'sent', at)
  announce(world, message)
  if (message.type === 'Email') emailEvent(world, message, 'accepted', at)
  const planned = world.script(message)
  const delivery = typeof planned === 'string' ? { status: planned } : planned
  if (delivery.status !== 'sent') {
    const due = at + (delivery.afterMs ?? 0)
    world.agenda.at(due, () => finish(world, message, delivery, due))
  }
}

function finish(world: World, message: FakeMessage, delivery: Delivery, at: number): void {
  if (delivery.status !== 'delivered') {
    fail(world, message, at, delivery)
    return
  }
  setStatus(message, 'delivered', at)
  if (message.type === 'Email') emailEvent(world, message, 'delivered', at)
  else announce(world, message)
  for (const event of delivery.reader ?? []) {
    if (event === 'opened' || event === 'clicked') setStatus(message, event, at)
    if (event === 'unsubscribed') {
      const contact = world.state.contacts.find(({ id }) => id === message.contactId)
      if (contact) contact.unsubscribeEmail = true
    }
    emailEvent(world, message, event, at)
  }
}

function fail(world: World, message: FakeMessage, at: number, delivery: Delivery): void {
  message.error = delivery.error ?? (message.type === 'Email' ? 'No such mailbox' : 'Message was not delivered')
  setStatus(message, delivery.status, at)
  if (message.type !== 'Email') {
    announce(world, message)
    return
  }
  emailEvent(world, message, 'failed', at, {
    severity: delivery.severity ?? 'permanent',
    'delivery-status': { code: delivery.code ?? (delivery.severity === 'temporary' ? 421 : 550), message: message.error },
  })
}

function setStatus(message: FakeMessage, status: MessageStatus, at: number): void {
  message.status = status
  message.timeline.push({ status, at })
}

function announce(world: World, message: FakeMessage): void {
  world.emit({
    type: 'OutboundMessage',
    locationId: message.locationId,
    contactId: message.contactId,
    conversationId: message.conversationId,
    messageId: message.id,
    ...(message.emailMessageId ? { emailMessageId: message.emailMessageId, subject: message.subject } : {}),
    messageType: message.type,
    direction: 'outbound',
    body: message.body ?? message.html ?? '',
    status: message.status,
    source: message.source === 'api' ? 'api' : message.source === 'contact' ? 'app' : 'workflow',
    dateAdded: isoTime(message.createdAt),
  })
}

/** LC Email's own event, in the words of its mail provider. */
function emailEvent(world: World, message: FakeMessage, event: string, at: number, more: object = {}): void {
  const recipient = message.to[0] ?? ''
  world.emit({
    type: 'LCEmailStats',
    locationId: message.locationId,
    companyId: world.companyId,
    webhookPayload: {
      event,
      id: world.nextId('mail_event'),
      timestamp: Math.floor(at / 1000),
      recipient,
      'recipient-domain': recipient.split('@')[1] ?? '',
      message: {
        headers: {
          'message-id': `${message.id}@mail.example.com`,
          to: recipient,
          from: message.from ?? '',
          subject: message.subject ?? '',
        },
      },
      'lc-operations': { email_message_id: message.emailMessageId },
      ...more,
    },
  })
}

/** The text GHL refuses a type with while do-not-disturb holds; null when the contact may be written to. */
export function dndText(contact: FakeContact, type: FakeMessage['type']): string | null {
  const channel =
    type === 'Email' || type === 'SMS' || type === 'WhatsApp' || type === 'FB' ? type : type === 'RCS' ? 'SMS' : null
  const setting = channel ? contact.dndSettings[channel]?.status : undefined
  const blocked = contact.dnd || setting === 'active' || setting === 'permanent'
  return blocked ? `Cannot send message as DND is active for ${type}.` : null
}

/** The contact's conversation, opened when there is none. */
export function conversationOf(world: World, contactId: string, locationId: string): string {
  const at = world.clock.now()
  const open = world.state.conversations.find((conversation) => conversation.contactId === contactId && !conversation.deleted)
  if (open) {
    open.dateUpdated = at
    return open.id
  }
  const id = world.nextId('conversation')
  world.state.conversations.push({
    id,
    contactId,
    locationId,
    unreadCount: 0,
    starred: false,
    deleted: false,
    dateAdded: at,
    dateUpdated: at,
  })
  return id
}
