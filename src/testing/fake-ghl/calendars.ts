import { badRequest, created, notFound, ok, unprocessable } from './answer.js'
import { dispatch, dndText, storeMessage } from './delivery.js'
import { flag, needText, number, text } from './read.js'
import type { Context, Route } from './routes.js'
import type { FakeAppointment, FakeContact } from './state.js'
import { runWorkflows } from './workflows.js'
import { isoTime, needContact, needSameLocation } from './world.js'

const READ = 'calendars/events.readonly'
const WRITE = 'calendars/events.write'
const HOUR_MS = 3_600_000

export const calendarRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/calendars',
    scope: 'calendars.readonly',
    handle: ({ world, locationId }) => ok({ calendars: world.state.calendars.filter((one) => one.locationId === locationId) }),
  },
  { method: 'GET', path: '/calendars/events', scope: READ, handle: listEvents },
  { method: 'POST', path: '/calendars/events/appointments', scope: WRITE, handle: book },
  {
    method: 'GET',
    path: '/calendars/events/appointments/{eventId}',
    scope: READ,
    handle: (context) => ok({ appointment: wanted(context) }),
  },
  { method: 'PUT', path: '/calendars/events/appointments/{eventId}', scope: WRITE, handle: edit },
  { method: 'DELETE', path: '/calendars/events/{eventId}', scope: WRITE, handle: remove },
  {
    method: 'GET',
    path: '/contacts/{contactId}/appointments',
    scope: 'contacts.readonly',
    handle: (context) => {
      const contact = needContact(context, context.params.contactId ?? '')
      return ok({ events: context.world.state.appointments.filter((one) => one.contactId === contact.id && !one.deleted) })
    },
  },
]

/** Books, and tells the contact unless `toNotify` is false. */
function book(context: Context) {
  const { world, body, now } = context
  const contact = needContact(context, needText(body, 'contactId'))
  const startTime = needTime(needText(body, 'startTime'))
  const appointment: FakeAppointment = {
    id: world.nextId('appointment'),
    calendarId: needText(body, 'calendarId'),
    locationId: contact.locationId,
    contactId: contact.id,
    title: text(body, 'title') ?? '',
    appointmentStatus: text(body, 'appointmentStatus') ?? 'confirmed',
    assignedUserId: text(body, 'assignedUserId'),
    address: text(body, 'address'),
    notes: text(body, 'description'),
    startTime,
    endTime: needTime(text(body, 'endTime') ?? isoTime(Date.parse(startTime) + HOUR_MS)),
    notified: false,
    deleted: false,
    dateAdded: isoTime(now),
    dateUpdated: isoTime(now),
  }
  needFreeSlot(context, appointment)
  world.state.appointments.push(appointment)
  notify(context, appointment, contact)
  announce(context, 'AppointmentCreate', appointment)
  return created(appointment)
}

function edit(context: Context) {
  const { body, now } = context
  const appointment = wanted(context)
  const moved: FakeAppointment = {
    ...appointment,
    title: text(body, 'title') ?? appointment.title,
    appointmentStatus: text(body, 'appointmentStatus') ?? appointment.appointmentStatus,
    startTime: needTime(text(body, 'startTime') ?? appointment.startTime),
    endTime: needTime(text(body, 'endTime') ?? appointment.endTime),
    dateUpdated: isoTime(now),
  }
  needFreeSlot(context, moved)
  Object.assign(appointment, moved)
  notify(context, appointment, needContact(context, appointment.contactId))
  announce(context, 'AppointmentUpdate', appointment)
  return ok(appointment)
}

function remove(context: Context) {
  const appointment = wanted(context, 'eventId')
  appointment.deleted = true
  announce(context, 'AppointmentDelete', appointment)
  return ok({ succeeded: true })
}

function listEvents({ world, query, locationId }: Context) {
  const [from, to, calendarId] = [number(query, 'startTime'), number(query, 'endTime'), text(query, 'calendarId')]
  const events = world.state.appointments.filter((one) => {
    const start = Date.parse(one.startTime)
    const inside = (from === null || start >= from) && (to === null || start <= to)
    return one.locationId === locationId && !one.deleted && inside && (!calendarId || one.calendarId === calendarId)
  })
  return ok({ events })
}

function needFreeSlot({ world, body }: Context, wish: FakeAppointment): void {
  if (flag(body, 'ignoreFreeSlotValidation')) return
  const taken = world.state.appointments.some(
    (other) =>
      other.id !== wish.id &&
      !other.deleted &&
      other.appointmentStatus !== 'cancelled' &&
      other.calendarId === wish.calendarId &&
      Date.parse(other.startTime) < Date.parse(wish.endTime) &&
      Date.parse(wish.startTime) < Date.parse(other.endTime),
  )
  if (taken) throw badRequest('The slot you have selected is no longer available.')
}

function notify({ world, body }: Context, appointment: FakeAppointment, contact: FakeContact): void {
  if (body.toNotify === false) return
  const type = contact.email ? 'Email' : 'SMS'
  const to = contact.email ?? contact.phone
  if (to && !dndText(contact, type)) {
    const about = `Your appointment on ${appointment.startTime}: ${appointment.appointmentStatus}`
    const { locationId } = contact
    dispatch(
      world,
      storeMessage(world, { type, contactId: contact.id, locationId, source: 'calendar', to: [to], subject: about, body: about }),
    )
    appointment.notified = true
  }
  runWorkflows(world, contact, [{ appointment: true }])
}

function needTime(value: string): string {
  if (Number.isNaN(Date.parse(value))) throw unprocessable('startTime and endTime must be valid ISO 8601 date strings')
  return value
}

function wanted(context: Context, name = 'eventId'): FakeAppointment {
  const found = context.world.state.appointments.find(({ id, deleted }) => id === context.params[name] && !deleted)
  if (!found) throw notFound('Appointment not found')
  needSameLocation(context, found.locationId)
  return found
}

function announce({ world }: Context, type: string, appointment: FakeAppointment): void {
  world.emit({ type, locationId: appointment.locationId, appointment: { ...appointment } })
}
