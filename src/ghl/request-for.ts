import type { Action } from '../core/action.js'
import { freezeJson, JsonFaultError } from '../core/json.js'
import { type Reason, type ReasonCode, reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import { findOperation } from './operations.js'
import { isSafeId } from './safe-id.js'

export interface RequestPlace {
  /** GHL host with port. */
  readonly host: string
  readonly locationId?: string
  /** ms since 1970 */
  readonly now: number
}

/** What differs from one action to the next; host, headers and freezing are added in one place. */
interface Draft {
  readonly method: string
  readonly path: string
  readonly query?: Record<string, string | readonly string[]>
  readonly body?: unknown
  readonly version?: string
}

class Refusal extends Error {
  readonly code: ReasonCode
  constructor(code: ReasonCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * The GHL call that does an action. Refused: actions GHL has no call for (`unsupported_action`), ids that cannot be
 * part of a path, an action that needs a location where none is known (`invalid_action`), values JSON cannot carry
 * (`unreadable_body`).
 */
export function requestFor(action: Action, at: RequestPlace): GhlRequest | { refused: Reason } {
  try {
    return finish(draft(action, at), at)
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, error.message, action)
    if (error instanceof JsonFaultError)
      return refuse('unreadable_body', `The request body cannot be sent: ${error.message}.`, action)
    throw error
  }
}

function draft(action: Action, at: RequestPlace): Draft {
  switch (action.type) {
    case 'read_contact':
      return { method: 'GET', path: `/contacts/${segment('contactId', action.contactId)}` }
    case 'search_contacts':
      return {
        method: 'POST',
        path: '/contacts/search',
        body: { locationId: location(at), pageLimit: action.limit ?? 20, query: action.query, filters: action.filters },
      }
    case 'read_pipeline':
      return { method: 'GET', path: '/opportunities/pipelines', query: { locationId: location(at) } }
    case 'read_calendar':
      return {
        method: 'GET',
        path: '/calendars/events',
        query: {
          locationId: location(at),
          startTime: String(milliseconds('from', action.from)),
          endTime: String(milliseconds('to', action.to)),
          ...(action.calendarId === undefined ? {} : { calendarId: action.calendarId }),
          ...(action.userId === undefined ? {} : { userId: action.userId }),
        },
      }
    case 'get_templates':
      return {
        method: 'GET',
        path: '/emails/builder',
        query: { locationId: location(at), limit: String(action.limit ?? 20) },
      }
    case 'create_contact':
      return { method: 'POST', path: '/contacts/', body: { locationId: location(at), ...action.contact } }
    case 'update_contact':
      return { method: 'PUT', path: `/contacts/${segment('contactId', action.contactId)}`, body: action.contact }
    case 'add_tag':
    case 'remove_tag':
      return {
        method: action.type === 'add_tag' ? 'POST' : 'DELETE',
        path: `/contacts/${segment('contactId', action.contactId)}/tags`,
        body: { tags: action.tags },
      }
    case 'create_task':
      return {
        method: 'POST',
        path: `/contacts/${segment('contactId', action.contactId)}/tasks`,
        body: {
          title: action.title,
          body: action.body,
          dueDate: new Date(milliseconds('dueDate', action.dueDate)).toISOString(),
          completed: false,
          assignedTo: action.assignedTo,
        },
      }
    case 'update_opportunity':
      return { method: 'PUT', path: `/opportunities/${segment('opportunityId', action.opportunityId)}`, body: action.opportunity }
    case 'create_calendar_event':
      return { method: 'POST', path: '/calendars/events/appointments', body: { locationId: location(at), ...action.event } }
    case 'update_calendar_event':
      return { method: 'PUT', path: `/calendars/events/appointments/${segment('eventId', action.eventId)}`, body: action.event }
    case 'delete_calendar_event':
      return { method: 'DELETE', path: `/calendars/events/${segment('eventId', action.eventId)}` }
    case 'send_email':
      return { method: 'POST', path: '/conversations/messages', body: emailBody(action) }
    case 'schedule_email':
      return {
        method: 'POST',
        path: '/conversations/messages',
        body: { ...emailBody(action), scheduledTimestamp: Math.ceil(milliseconds('sendAt', action.sendAt) / 1000) },
      }
    case 'send_sms':
      return {
        method: 'POST',
        path: '/conversations/messages',
        body: {
          type: 'SMS',
          contactId: action.contactId,
          message: action.message,
          toNumber: action.to,
          fromNumber: action.from,
          attachments: action.attachments,
        },
      }
    case 'trigger_workflow':
      return {
        method: 'POST',
        path: `/contacts/${segment('contactId', action.contactId)}/workflow/${segment('workflowId', action.workflowId)}`,
        body: { eventStartTime: action.eventStartTime },
      }
    case 'bulk_update_contacts':
      return {
        method: 'POST',
        path: `/contacts/bulk/tags/update/${action.mode}`,
        body: { contacts: action.contactIds, tags: action.tags, locationId: location(at) },
      }
    case 'bulk_send_email':
      // Where GHL expects the time of a scheduled campaign is documented nowhere.
      if (action.sendAt !== undefined)
        throw new Refusal(
          'unsupported_action',
          'A campaign cannot be scheduled from here: leave sendAt out, or pass a ghl_request with the scheduleConfig GHL showed you.',
        )
      return {
        method: 'POST',
        path: `/emails/locations/${segment('locationId', location(at))}/campaigns/emails/${segment('campaignId', action.campaignId)}/schedule`,
        body: {
          scheduleType: 'immediate',
          timeZone: 'UTC',
          recipients: { type: 'contact', contactIds: action.contactIds, freezeList: true },
          scheduleConfig: {},
        },
      }
    case 'delete_contact':
      return { method: 'DELETE', path: `/contacts/${segment('contactId', action.contactId)}` }
    case 'bulk_create_contacts':
      throw new Refusal('unsupported_action', 'GHL has no call that creates many contacts; use one create_contact for each.')
    case 'bulk_delete':
      throw new Refusal('unsupported_action', 'GHL has no call that deletes many contacts; use one delete_contact for each.')
    case 'ghl_request':
      return requestDraft(action)
  }
}

function requestDraft(action: Extract<Action, { type: 'ghl_request' }>): Draft {
  if (/[?#]/.test(action.path)) throw new Refusal('invalid_action', 'The path holds a "?" or "#"; put parameters into "query".')
  const query: Record<string, string | readonly string[]> = {}
  for (const [key, value] of Object.entries(action.query ?? {})) query[key] = Array.isArray(value) ? value : String(value)
  return {
    method: action.method,
    path: action.path,
    query,
    ...(action.body === undefined ? {} : { body: action.body }),
    ...(action.version === undefined ? {} : { version: action.version }),
  }
}

/** Built member by member: this runs for every action. */
function finish({ method, path, query = {}, body, version }: Draft, at: RequestPlace): GhlRequest {
  const headers: Record<string, string> = {}
  const known = version ?? findOperation(method, path)?.operation.version
  if (known !== undefined) headers.version = known
  if (at.locationId !== undefined) headers.locationid = at.locationId
  const request: { -readonly [K in keyof GhlRequest]: GhlRequest[K] } = { method, host: at.host, path, query, headers }
  if (body !== undefined) request.body = freezeJson(body)
  return Object.freeze(request)
}

type Email = Extract<Action, { type: 'send_email' | 'schedule_email' }>

/** What GHL calls the members of an e-mail that may be left out. */
const EMAIL_MEMBERS = [
  ['html', 'html'],
  ['message', 'text'],
  ['emailTo', 'to'],
  ['emailCc', 'cc'],
  ['emailBcc', 'bcc'],
  ['emailFrom', 'from'],
  ['templateId', 'templateId'],
  ['threadId', 'threadId'],
  ['replyMessageId', 'replyMessageId'],
  ['attachments', 'attachments'],
] as const

function emailBody(action: Email): Record<string, unknown> {
  const body: Record<string, unknown> = { type: 'Email', contactId: action.contactId, subject: action.subject }
  for (const [theirs, ours] of EMAIL_MEMBERS) if (action[ours] !== undefined) body[theirs] = action[ours]
  return body
}

/** An id as one segment of a path. Anything that could become two segments, or none, is refused. */
function segment(name: string, id: string): string {
  if (!isSafeId(id)) {
    throw new Refusal('invalid_action', `\`${name}\` holds characters no GHL id has; it cannot be part of a path.`)
  }
  return encodeURIComponent(id)
}

function location({ locationId }: RequestPlace): string {
  if (locationId !== undefined) return locationId
  throw new Refusal(
    'invalid_action',
    'This action is about a location and none is known; give the gateway or its transport a locationId.',
  )
}

function milliseconds(name: string, time: number | string): number {
  const ms = typeof time === 'number' ? time : Date.parse(time)
  // 1e11 ms is 1973, 1e11 s the year 5138: below it, a number was meant as seconds.
  if (ms >= 1e11 && ms <= 8.64e15) return ms
  throw new Refusal(
    'invalid_action',
    `\`${name}\` is not ms since 1970 or ISO 8601 with an offset; a small number looks like seconds.`,
  )
}

function refuse(code: ReasonCode, message: string, action: Action): { refused: Reason } {
  return { refused: reason('classify', code, message, { action: action.type }) }
}
