import type { GhlRequest } from '../core/request.js'
import { isObject } from './body.js'
import type { Operation } from './operations.js'

/**
 * Whom a call makes GHL write to without a message of ours: the contacts it names, the contact of the appointment it
 * names, or somebody it does not name. Tags given to many at once are taken for what they usually start; one tag, a tag taken
 * away or a setting reaches nobody by itself.
 */
export type Reached = 'nobody' | 'named' | 'appointment' | 'unnamed'

const BOOKING = 'POST /calendars/events/appointments'
const MOVING = 'PUT /calendars/events/appointments/{eventId}'
const REMOVAL = 'DELETE /calendars/events/{eventId}'
const BULK_TAGS = 'POST /contacts/bulk/tags/update/{type}'

/** Beside everything that is a send: what tells a customer about a change it does not say the contact of. */
const TELLS_SOMEBODY = [
  'PUT /calendars/services/bookings/{bookingId}',
  'DELETE /calendars/services/bookings/{bookingId}',
  'POST /payments/orders/{orderId}/fulfillments',
]

export function reachedBy(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  contactIds: readonly string[],
  request: GhlRequest,
): Reached {
  const { id, kind, risk, reach } = operation
  if (reach !== 'direct' && reach !== 'indirect') return 'nobody'
  if (risk !== 'high' && risk !== 'critical') return 'nobody'
  if (operation.protective || isSilent(id, request) || (id === BULK_TAGS && params.type === 'remove')) return 'nobody'
  if (contactIds.length > 0) return 'named'
  if (id === MOVING || id === REMOVAL) return 'appointment'
  return kind === 'send' || kind === 'bulk' || TELLS_SOMEBODY.includes(id) ? 'unnamed' : 'nobody'
}

/** `toNotify: false` keeps GHL from telling the contact of an appointment and from starting automations; a removal has no such member. */
function isSilent(id: string, { body }: GhlRequest): boolean {
  return (id === BOOKING || id === MOVING) && isObject(body) && body.toNotify === false
}
