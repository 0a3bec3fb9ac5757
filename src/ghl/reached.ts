import type { GhlRequest } from '../core/request.js'
import { isObject } from './body.js'
import type { Operation } from './operations.js'

/**
 * Whom a call makes GHL write to without a message of ours: the contacts it names, the contact of the appointment it
 * names, or somebody it does not name. A tag or a setting reaches nobody by itself, whatever it may start later.
 */
export type Reached = 'nobody' | 'named' | 'appointment' | 'unnamed'

const BOOKING = 'POST /calendars/events/appointments'
const APPOINTMENTS = ['PUT /calendars/events/appointments/{eventId}', 'DELETE /calendars/events/{eventId}']

/** Beside everything that is a send: what tells a customer about a change it does not say the contact of. */
const TELLS_SOMEBODY = [
  'PUT /calendars/services/bookings/{bookingId}',
  'DELETE /calendars/services/bookings/{bookingId}',
  'POST /payments/orders/{orderId}/fulfillments',
]

export function reachedBy(operation: Operation, contactIds: readonly string[], request: GhlRequest): Reached {
  const { id, kind, risk, reach } = operation
  if (reach !== 'direct' && reach !== 'indirect') return 'nobody'
  if (risk !== 'high' && risk !== 'critical') return 'nobody'
  if (operation.protective || isSilent(id, request)) return 'nobody'
  if (contactIds.length > 0) return 'named'
  if (APPOINTMENTS.includes(id)) return 'appointment'
  return kind === 'send' || kind === 'bulk' || TELLS_SOMEBODY.includes(id) ? 'unnamed' : 'nobody'
}

/** `toNotify: false` keeps GHL from telling the contact of an appointment, and from starting automations. */
function isSilent(id: string, { body }: GhlRequest): boolean {
  return (id === BOOKING || APPOINTMENTS.includes(id)) && isObject(body) && body.toNotify === false
}
