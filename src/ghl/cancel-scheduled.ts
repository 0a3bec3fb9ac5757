import type { Channel } from '../core/contact.js'
import type { GhlRequest, GhlResponse } from '../core/request.js'
import { isObject } from './body.js'
import { isSafeId } from './safe-id.js'

/** The id by which GHL cancels what it scheduled; undefined where its answer to the send names none. */
export function scheduledId(channel: Channel, answer: unknown): string | undefined {
  if (!isObject(answer)) return undefined
  const id = channel === 'email' ? answer.emailMessageId : answer.messageId
  return typeof id === 'string' && isSafeId(id) ? id : undefined
}

/** The call that takes a scheduled message back. */
export function cancelRequest(
  channel: Channel,
  messageId: string,
  at: { readonly host: string; readonly locationId?: string },
): GhlRequest {
  return {
    method: 'DELETE',
    host: at.host,
    path: `/conversations/messages/${channel === 'email' ? 'email/' : ''}${encodeURIComponent(messageId)}/schedule`,
    query: {},
    headers: { version: '2021-04-15', ...(at.locationId === undefined ? {} : { locationid: at.locationId }) },
  }
}

/** `gone` = there was nothing left to cancel. GHL says that with 200 and `{ status: 404 }`. */
export function readCancellation({ status, body }: GhlResponse): 'cancelled' | 'gone' | 'failed' {
  const inner = isObject(body) && typeof body.status === 'number' ? body.status : status
  if (status === 404 || (status < 300 && inner === 404)) return 'gone'
  return status >= 200 && status < 300 && inner < 400 ? 'cancelled' : 'failed'
}
