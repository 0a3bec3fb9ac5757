import { ACTION_RULES, type ActionRule, type ActionType, type Risk } from '../core/action.js'
import type { Message } from '../core/message.js'
import type { Permission } from '../core/permission.js'
import { type Reason, type ReasonCode, reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import { BodyFault, isObject } from './body.js'
import { type ConsentEffect, dndEffect, movesContact, subscriptionEffect } from './consent.js'
import { limitKeyOf, MESSAGE_SEND } from './limit-key.js'
import { type NamedAction, namedAction } from './named-actions.js'
import { findOperation, type Operation, type Reach } from './operations.js'
import { type Reached, reachedBy } from './reached.js'
import { readMessage } from './read-message.js'
import { TOKEN_CALLS } from './token-calls.js'
import { addressesIn, contactIdsIn, locationIdIn, peopleReached } from './touched.js'

/** What a request is and what it may cost, judged by what would really be sent. */
export interface Classified {
  /** The named action where the request is exactly that, else `ghl_request`. */
  readonly action: ActionType
  readonly operation: Operation
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly risk: Risk
  readonly permission: Permission
  readonly breaker: 'ghl_api' | 'email_sending'
  readonly limitKey: string
  /** Changes nothing and answers with no secrets. */
  readonly reads: boolean
  /** Only makes things safer: passes while everything else is stopped. */
  readonly protective: boolean
  /** Every contact it touches. */
  readonly contactIds: readonly string[]
  readonly locationId?: string
  /** The message, where the request sends exactly one and its text can be read. */
  readonly message?: Message
  /** People reached or records changed, at least; Infinity where that cannot be known. */
  readonly recipients: number
  readonly reach?: Reach
  readonly reached: Reached
  /** Addresses and numbers a contact write names, as they are written. */
  readonly addresses?: readonly string[]
}

const MESSAGES = 'POST /conversations/messages'
const UPSERT = 'POST /contacts/upsert'
const INBOUND = 'POST /conversations/messages/inbound'
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

/**
 * Says what a request is, by its method, host, path, query and body and by nothing else. `now` is ms since 1970.
 * Refuses what is sent elsewhere (`foreign_host`), what is not a documented operation (`unmapped_operation`), what answers
 * with live tokens (`hidden_member`), and what matters but cannot be read (`unreadable_body`; `permission.location` for a
 * request about two locations).
 */
export function classify(request: GhlRequest, allowedHosts: readonly string[], now: number): Classified | { refused: Reason } {
  if (!allowedHosts.includes(request.host)) {
    return refuse('foreign_host', `${request.host} is not a GHL host this gateway sends to.`, { host: request.host })
  }
  const found = OVERRIDES.some((name) => request.headers[name] !== undefined) ? null : findOperation(request.method, request.path)
  if (found === null) {
    const { method, path } = request
    return refuse(
      'unmapped_operation',
      `${method} ${path} is not an operation GHL documents, or its path is not written plainly; what is not known is not sent.`,
      { method, path },
    )
  }
  const { operation, params } = found
  if (TOKEN_CALLS.has(operation.id)) {
    return refuse(
      'hidden_member',
      `${operation.id} answers with live tokens, which belong to the host and never to an agent. Let the host make it, with a client that is not wrapped.`,
      { operation: operation.id },
    )
  }
  try {
    refuseUnread(operation, request)
    return operation.id === MESSAGES ? classifyMessage(operation, params, request, now) : classifyCall(operation, params, request)
  } catch (fault) {
    if (!(fault instanceof BodyFault)) throw fault
    return refuse(fault.code, `The request to ${operation.id} cannot be judged: ${fault.message}.`, {
      operation: operation.id,
    })
  }
}

function classifyMessage(operation: Operation, params: Record<string, string>, request: GhlRequest, now: number): Classified {
  const { type, message, contactIds } = readMessage(objectBody(request), now)
  const result = describe(operation, params, request, contactIds, messageAction(type, message), otherChannels)
  result.message = message
  result.recipients = message.recipients.length
  return result
}

function messageAction(type: string, message: Message): NamedAction | undefined {
  if (type === 'Email') return message.sendAt === undefined ? 'send_email' : 'schedule_email'
  return type === 'SMS' ? 'send_sms' : undefined
}

const OTHER_CHANNELS: ActionRule = { risk: 'high', permission: 'send_message', breaker: 'ghl_api', limitKey: MESSAGE_SEND }
const otherChannels = () => OTHER_CHANNELS

function classifyCall(operation: Operation, params: Record<string, string>, request: GhlRequest): Classified {
  const contactIds = contactIdsIn(operation, params, request)
  const result = describe(operation, params, request, contactIds, actionOf(operation, params, request), requestRule)
  result.recipients = peopleReached(operation, contactIds, request)
  result.reached = reachedBy(operation, params, contactIds, request)
  const addresses = operation.reach === undefined ? [] : addressesIn(operation, request)
  if (addresses.length > 0) result.addresses = addresses
  // "START" that nobody wrote is a consent that nobody gave.
  if (operation.id === INBOUND) result.risk = 'critical'
  if (operation.consent === 'dnd' && movesContact(operation.id, objectBody(request))) result.risk = 'critical'
  if (operation.consent === 'dnd') {
    const isUpsert = operation.id === UPSERT
    applyConsent(result, dndEffect(objectBody(request), isUpsert), isUpsert || operation.method === 'PUT')
  }
  if (operation.consent === 'subscription') applyConsent(result, subscriptionEffect(objectBody(request)), true)
  return result
}

type Draft = { -readonly [K in keyof Classified]: Classified[K] }

/** Built member by member: this runs for every call, and spreading objects took most of its time. */
function describe(
  operation: Operation,
  params: Record<string, string>,
  request: GhlRequest,
  contactIds: readonly string[],
  action: NamedAction | undefined,
  otherwise: (operation: Operation) => ActionRule,
): Draft {
  const rule = action === undefined ? otherwise(operation) : ACTION_RULES[action]
  const result: Draft = {
    action: action ?? 'ghl_request',
    operation,
    params,
    risk: rule.risk,
    permission: rule.permission,
    breaker: rule.breaker === 'email_sending' ? 'email_sending' : 'ghl_api',
    limitKey: rule.limitKey,
    reads: operation.kind === 'read' && !operation.secret,
    protective: operation.protective === true,
    contactIds,
    recipients: 0,
    reached: 'nobody',
  }
  const locationId = locationIdIn(operation, params, request)
  if (locationId !== undefined) result.locationId = locationId
  if (operation.reach !== undefined) result.reach = operation.reach
  return result
}

/** Less contact is always safe; more is the gravest thing a contact write can do. */
function applyConsent(result: Draft, effect: ConsentEffect, mayProtect: boolean): void {
  if (effect === 'loosens') {
    result.risk = 'critical'
    result.permission = 'manage_consent'
  } else if (effect === 'tightens' && mayProtect) {
    result.risk = 'low'
    result.permission = 'write_contacts'
    result.protective = true
  }
}

function actionOf(operation: Operation, params: Record<string, string>, { body }: GhlRequest): NamedAction | undefined {
  if (operation.id !== 'POST /contacts/bulk/tags/update/{type}') return namedAction(operation.id)
  const plain = (params.type === 'add' || params.type === 'remove') && isObject(body) && Array.isArray(body.contacts)
  return plain && (body.removeAllTags ?? false) === false ? 'bulk_update_contacts' : undefined
}

function requestRule(operation: Operation): ActionRule {
  const { risk, permission } = operation
  return { risk, permission, breaker: 'ghl_api', limitKey: limitKeyOf(operation) }
}

/** The operations that take a file; everything else is JSON, and a body nobody could read is not sent. */
const UPLOADS = new Set([
  'POST /conversations/messages/upload',
  'POST /forms/upload-custom-files',
  'POST /locations/{locationId}/customFields/upload',
  'POST /medias/upload-file',
  'POST /social-media-posting/{locationId}/csv',
])

function refuseUnread({ id }: Operation, { bodyFault, opaqueBody }: GhlRequest): void {
  if (bodyFault !== undefined) throw new BodyFault(bodyFault)
  if (opaqueBody !== undefined && !UPLOADS.has(id)) throw new BodyFault('its body is not JSON, which is all this operation takes')
}

function objectBody({ body, opaqueBody }: GhlRequest) {
  if (opaqueBody !== undefined || !isObject(body)) throw new BodyFault('its body is not a JSON object')
  return body
}

function refuse(code: ReasonCode, message: string, data: Reason['data']): { refused: Reason } {
  return { refused: reason('classify', code, message, data) }
}
