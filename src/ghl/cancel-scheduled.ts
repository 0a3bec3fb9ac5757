import type { Channel } from '../core/contact.js'
import type { GhlRequest, GhlResponse } from '../core/request.js'
import { isObject } from './body.js'
import { isSafeId } from './safe-id.js'

/** The id by which GHL knows a message it took, and cancels it; undefined where its answer to the send names none. */
export function messageIdIn(channel: Channel, answer: unknown): string | undefined {
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

/** The status of a cancellation: GHL answers 200 with `{ status: 404 }` when there was nothing left to cancel. */
export function cancellationStatus({ status, body }: Pick<GhlResponse, 'status' | 'body'>): number {
  return status >= 200 && status < 300 && isObject(body) && typeof body.status === 'number' ? body.status : status
}

/** `gone` = there was nothing left to cancel. */
export function readCancellation(response: GhlResponse): 'cancelled' | 'gone' | 'failed' {
  const status = cancellationStatus(response)
  if (status === 404) return 'gone'
  return response.status >= 200 && response.status < 300 && status < 400 ? 'cancelled' : 'failed'
}
