import type { Channel } from '../core/contact.js'
import type { JsonObject } from '../core/json.js'
import type { Message, Recipient } from '../core/message.js'
import { BodyFault, isObject, optionalBoolean, optionalText, textList } from './body.js'
import { isSafeId } from './safe-id.js'

/** The `type`s of the message endpoint, spelt as GHL spells them. */
const MESSAGE_TYPES: Readonly<Record<string, Channel>> = {
  SMS: 'sms',
  RCS: 'rcs',
  Email: 'email',
  WhatsApp: 'whatsapp',
  IG: 'instagram',
  FB: 'facebook',
  Custom: 'custom',
  Live_Chat: 'live_chat',
  TIKTOK: 'tiktok',
}

const HOUR = 3_600_000
/** Send-time optimisation: GHL may choose any moment in this period. */
const PERIODS: Readonly<Record<string, number>> = { '24h': 24 * HOUR, '48h': 48 * HOUR, '72h': 72 * HOUR }
const YEAR = 365 * 24 * HOUR

const DOCUMENTED = new Set([
  ...['type', 'subType', 'contactId', 'message', 'html', 'subject', 'emailFrom', 'emailTo', 'emailCc', 'emailBcc'],
  ...['emailReplyMode', 'replyMessageId', 'threadId', 'templateId', 'appointmentId', 'attachments', 'fromNumber', 'toNumber'],
  ...['conversationId', 'conversationProviderId', 'customSubtypeId', 'forward', 'scheduledTimestamp', 'status'],
  ...['usesNativeSchedulingAi', 'optimizationPeriod', 'locationId', 'userId'],
])
/** 320 for the address (RFC 3696), the rest for a name before it. */
const MAX_ADDRESS = 1000
/** What an undocumented member that carries people would be called. */
const PEOPLE = /to$|cc|recipient|contact|phone|email|number|audience/i

export interface ReadMessage {
  readonly type: string
  readonly message: Message
  readonly contactIds: readonly string[]
}

/**
 * Reads the body of `POST /conversations/messages`: channel, everybody it reaches, what it says and when it leaves.
 * Throws `BodyFault` where a part cannot be read with certainty, because what cannot be read cannot be judged.
 */
export function readMessage(body: JsonObject, now: number): ReadMessage {
  for (const key of Object.keys(body)) {
    if (!DOCUMENTED.has(key) && PEOPLE.test(key))
      throw new BodyFault(`"${key}" is not a member of a message, and it may name people`)
  }
  const type = optionalText(body, 'type')
  const channel = type === undefined || !Object.hasOwn(MESSAGE_TYPES, type) ? undefined : MESSAGE_TYPES[type]
  if (type === undefined || channel === undefined) {
    throw new BodyFault(`"type" is not a channel; expected one of ${Object.keys(MESSAGE_TYPES).join(', ')}`)
  }
  const contactId = optionalText(body, 'contactId')
  if (contactId === undefined || contactId === '') throw new BodyFault('"contactId" is missing; it says whom the message is for')

  const forward = readForward(body)
  const contactIds = [contactId]
  for (const id of forward.contactIds) if (!contactIds.includes(id)) contactIds.push(id)
  if (!contactIds.every(isSafeId)) throw new BodyFault('a contact id holds characters no GHL id has')
  textList(body, 'attachments')
  if ((optionalText(body, 'emailReplyMode') ?? 'reply') !== 'reply')
    throw new BodyFault('"emailReplyMode" reaches everybody in the thread; reply to the contact and name the others in "emailCc"')

  const message: Draft = { channel, contactId, recipients: readRecipients(body, forward.recipients) }
  set(message, 'subject', optionalText(body, 'subject'))
  set(message, 'text', optionalText(body, 'message'))
  set(message, 'html', optionalText(body, 'html'))
  set(message, 'from', readSender(body, channel))
  set(message, 'templateId', optionalText(body, 'templateId') ?? forward.templateId)
  if (isReply(body)) message.isReply = true
  readTime(body, now, message)
  return { type, contactIds, message }
}

/** A thread or a message that is answered; forwarding answers nobody. */
function isReply(body: JsonObject): boolean {
  const thread = optionalText(body, 'replyMessageId') ?? optionalText(body, 'threadId') ?? ''
  return thread !== '' && (body.forward === undefined || body.forward === null)
}

type Draft = { -readonly [K in keyof Message]: Message[K] }

function set(message: Draft, key: 'subject' | 'text' | 'html' | 'from' | 'templateId', value: string | undefined): void {
  if (value !== undefined && value !== '') message[key] = value
}

function readRecipients(body: JsonObject, forwarded: readonly Recipient[]): readonly Recipient[] {
  const recipients: Recipient[] = []
  const add = (kind: Recipient['kind'], text: string) => recipients.push({ kind, address: oneAddress(text) })
  for (const to of [optionalText(body, 'emailTo'), optionalText(body, 'toNumber')])
    if (to !== undefined && to !== '') add('to', to)
  if (recipients.length === 0) recipients.push({ kind: 'contact' })
  for (const cc of textList(body, 'emailCc')) add('cc', cc)
  for (const bcc of textList(body, 'emailBcc')) add('bcc', bcc)
  recipients.push(...forwarded)
  return recipients
}

interface Forward {
  readonly recipients: readonly Recipient[]
  readonly contactIds: readonly string[]
  readonly templateId?: string
}

const NO_FORWARD: Forward = { recipients: [], contactIds: [] }

/** Members of a forward that say whom it is for; which of two GHL would take is not documented. */
const FORWARDED_TO = ['toEmail', 'forwardToEmail', 'recipientContactId', 'recipientConversationId']
const FORWARD_MEMBERS = new Set([
  ...FORWARDED_TO,
  ...['isForwarded', 'forwardWholeThread', 'messageId', 'emailMessageId', 'sourceContactId', 'sourceConversationId'],
])

/** A forward carries an earlier message, unread by us, to somebody else. */
function readForward(body: JsonObject): Forward {
  const forward = body.forward
  if (forward === undefined || forward === null) return NO_FORWARD
  if (!isObject(forward)) throw new BodyFault('"forward" is not an object')
  const unknown = Object.keys(forward).find((key) => !FORWARD_MEMBERS.has(key))
  if (unknown !== undefined) throw new BodyFault(`"forward.${unknown}" is not a member of a forward, and it may name people`)
  const named = FORWARDED_TO.filter((key) => optionalText(forward, key) !== undefined)
  if (named.length > 1) throw new BodyFault(`"forward" says twice whom it is for (${named.join(', ')}); name one`)
  const toEmail = optionalText(forward, 'toEmail') ?? optionalText(forward, 'forwardToEmail')
  const recipientId = optionalText(forward, 'recipientContactId')
  const sourceId = optionalText(forward, 'sourceContactId')
  const messageId = optionalText(forward, 'messageId') ?? optionalText(forward, 'emailMessageId')
  const recipients: Recipient[] = []
  if (toEmail !== undefined) recipients.push({ kind: 'forward', address: oneAddress(toEmail) })
  else if (named.length > 0) recipients.push({ kind: 'forward' })
  return {
    recipients,
    contactIds: [recipientId, sourceId].filter((id) => id !== undefined),
    ...(messageId === undefined && !optionalBoolean(forward, 'isForwarded') ? {} : { templateId: messageId ?? 'forward' }),
  }
}

function readSender(body: JsonObject, channel: Channel): string | undefined {
  const from = channel === 'email' ? optionalText(body, 'emailFrom') : optionalText(body, 'fromNumber')
  if (from === undefined || from === '') return undefined
  const address = oneAddress(from)
  // GHL puts its own sender in the place of what is none, and the health of that domain would not be asked.
  const at = address.indexOf('@')
  if (channel === 'email' && !(at > 0 && at === address.lastIndexOf('@') && address.includes('.', at)))
    throw new BodyFault('"emailFrom" is not one e-mail address')
  return address
}

function readTime(body: JsonObject, now: number, message: Draft): void {
  const period = optionalText(body, 'optimizationPeriod')
  if (period !== undefined && !Object.hasOwn(PERIODS, period)) throw new BodyFault('"optimizationPeriod" is not 24h, 48h or 72h')
  const optimised = optionalBoolean(body, 'usesNativeSchedulingAi') || period !== undefined
  if (optimised) message.sendWithinMs = PERIODS[period ?? '72h'] ?? 72 * HOUR

  const seconds = body.scheduledTimestamp
  if (seconds === undefined || seconds === null) return
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds <= 0) {
    throw new BodyFault('"scheduledTimestamp" is not a whole number of seconds since 1970 (UTC)')
  }
  if (seconds * 1000 > now + 10 * YEAR) {
    throw new BodyFault('"scheduledTimestamp" is more than ten years ahead; GHL counts in seconds, this looks like milliseconds')
  }
  message.sendAt = seconds * 1000
}

/** The address in `Name <a@b.example>` or a bare one. Throws where a text could stand for several. */
function oneAddress(text: string): string {
  if (text.length > MAX_ADDRESS) throw new BodyFault(`an address is longer than ${MAX_ADDRESS} characters`)
  const bare = /^[^<>,;@]*<([^<>]+)>\s*$/.exec(text)?.[1] ?? text
  if (bare.trim() === '' || /[<>,;"\p{Cc}\p{Cf}]/u.test(bare) || (bare.includes('@') && /\s/.test(bare.trim()))) {
    throw new BodyFault('an address is empty, holds more than one or an invisible character; give each its own entry')
  }
  return bare.trim()
}
