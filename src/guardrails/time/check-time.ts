import type { Channel, ContactFacts } from '../../core/contact.js'
import type { Recipient } from '../../core/message.js'
import type { Reason } from '../../core/reason.js'
import { because, deny, type Findings, hold } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { isOpenThroughout, type SendWindow, sendWindow } from './send-window.js'
import type { Whereabouts } from './zones.js'

/** When something leaves. */
export interface Departure {
  readonly channel: Channel
  /** ms since 1970; absent = now. */
  readonly sendAt?: number
  /** It may leave this many ms later. */
  readonly sendWithinMs?: number
  /** Absent = the contact itself. */
  readonly recipients?: readonly Recipient[]
}

const MINUTE = 60_000
const YEAR = 366 * 86_400_000

/** Whether a message leaves within the channel's hours where its recipient is. */
export function checkTime(
  departure: Departure,
  contact: ContactFacts | undefined,
  policy: GuardrailPolicy,
  now: number,
  found: Findings,
): void {
  const { channel, sendAt, sendWithinMs = 0 } = departure
  const at = sendAt ?? now
  if (!schedulable(sendAt, sendWithinMs, now, found)) return
  const recipient = whereabouts(contact, departure)
  const window = sendWindow(recipient, channel, policy, at)
  if (window.reason === 'unknown-timezone') unknownZone(policy, found)
  else if (window.reason === 'no-common-window') noCommonWindow(window, policy, found)
  else if (!window.allowed) outsideHours(window, channel, sendAt !== undefined, found)
  else if (sendWithinMs > 0 && !isOpenThroughout(recipient, channel, policy, at, at + sendWithinMs)) {
    const message = `GHL may move this send by up to ${Math.round(sendWithinMs / MINUTE)} minutes, out of the recipient's hours. Schedule it earlier or without the optimisation.`
    deny(found, because('time.schedule', message, { channel, sendWithinMs, zones: [...window.zones] }))
  }
}

/** Where the recipient of a message may be: what the contact says, and the number that is called or texted. */
export function whereabouts(
  contact: ContactFacts | undefined,
  { channel, recipients = [] }: Pick<Departure, 'channel' | 'recipients'>,
): Whereabouts {
  const number = channel === 'email' ? undefined : recipients.find(({ address }) => address !== undefined)?.address
  if (contact === undefined) return { phone: number }
  const { timeZone, country, state, postalCode, phones } = contact
  return { timeZone, country, state, postalCode, phone: number ?? phones[0] }
}

function schedulable(sendAt: number | undefined, sendWithinMs: number, now: number, found: Findings): boolean {
  if (sendAt === undefined && sendWithinMs === 0) return true
  const fault =
    sendAt !== undefined && !Number.isFinite(sendAt)
      ? 'is not a time'
      : sendAt !== undefined && sendAt < now - MINUTE
        ? 'lies in the past'
        : sendAt !== undefined && sendAt > now + YEAR
          ? 'lies more than a year ahead'
          : !Number.isFinite(sendWithinMs) || sendWithinMs < 0
            ? 'has an optimisation span that is not a time'
            : undefined
  if (fault === undefined) return true
  const data = sendAt !== undefined && Number.isFinite(sendAt) ? { sendAt, now } : { now }
  deny(found, because('time.schedule', `The scheduled time ${fault}. Give a time between now and a year from now.`, data))
  return false
}

function unknownZone(policy: GuardrailPolicy, found: Findings): void {
  const why = because(
    'time.unknown_zone',
    "Nobody knows the recipient's time zone, so its night cannot be kept. Set the contact's timezone, country or phone in GHL.",
  )
  refuseUnknown(policy, why, found)
}

function noCommonWindow({ zones, closed }: SendWindow, policy: GuardrailPolicy, found: Findings): void {
  const message = `The recipient may be in ${zones.length} zones that are never open together. Set the contact's timezone in GHL.`
  refuseUnknown(policy, because('time.no_common_window', message, { zones: [...zones], ...closed }), found)
}

function refuseUnknown({ hours }: GuardrailPolicy, why: Reason, found: Findings): void {
  if (hours.unknownZone === 'deny') deny(found, why)
  else hold(found, why)
}

function outsideHours(window: SendWindow, channel: Channel, scheduled: boolean, found: Findings): void {
  const { zones, nextAllowed, closed } = window
  const next = nextAllowed?.toISOString() ?? null
  const where = closed === undefined ? '' : ` (${closed.localTime.replace('T', ' ')} in ${closed.zone}, ${closed.rule})`
  const then = scheduled ? `Schedule it for ${next} or later within the hours.` : `Try again at ${next}.`
  const mend = zones.length > 1 ? ` It may be in ${zones.length} zones: the contact's timezone in GHL would settle that.` : ''
  // A scheduled time does not become right by waiting: the caller has to change it.
  const retry = scheduled || nextAllowed === null ? {} : { retryAt: nextAllowed.getTime() }
  const data = { channel, zones: [...zones], nextAllowed: next, zone: closed?.zone ?? null, localTime: closed?.localTime ?? null }
  const message = `It is outside the hours for ${channel} where the recipient is${where}. ${then}${mend}`
  deny(found, because('time.outside_hours', message, data, { ...retry, ...(closed && { rule: closed.rule }) }))
}
