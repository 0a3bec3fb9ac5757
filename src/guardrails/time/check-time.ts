import type { Channel, ContactFacts } from '../../core/contact.js'
import { because, deny, type Findings, hold } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { hoursFor, isOpenThroughout, type SendWindow, sendWindow } from './send-window.js'
import type { Whereabouts } from './zones.js'

/** When something leaves. */
export interface Departure {
  readonly channel: Channel
  /** ms since 1970; absent = now. */
  readonly sendAt?: number
  /** It may leave this many ms later. */
  readonly sendWithinMs?: number
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
  const window = sendWindow(whereabouts(contact), channel, policy, at)
  if (window.reason === 'unknown-timezone') unknownZone(policy, found)
  else if (window.reason === 'no-common-window') noCommonWindow(window, policy, found)
  else if (!window.allowed) outsideHours(window, channel, sendAt !== undefined, found)
  else if (sendWithinMs > 0 && !isOpenThroughout(window.zones, hoursFor(channel, policy), at, at + sendWithinMs)) {
    deny(
      found,
      because(
        'time.schedule',
        `GHL may move this send by up to ${Math.round(sendWithinMs / MINUTE)} minutes, out of the recipient's hours. Schedule it earlier or without the optimisation.`,
        {
          channel,
          sendWithinMs,
          zones: [...window.zones],
        },
      ),
    )
  }
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
    "Nobody knows the recipient's time zone, so its night cannot be kept. Set the contact's timezone or country in GHL.",
  )
  if (policy.hours.unknownZone === 'deny') deny(found, why)
  else hold(found, why)
}

function noCommonWindow({ zones }: SendWindow, policy: GuardrailPolicy, found: Findings): void {
  const why = because(
    'time.no_common_window',
    `The recipient may be in ${zones.length} zones that are never open together. Set the contact's timezone in GHL.`,
    {
      zones: [...zones],
    },
  )
  if (policy.hours.unknownZone === 'deny') deny(found, why)
  else hold(found, why)
}

function outsideHours({ zones, nextAllowed }: SendWindow, channel: Channel, scheduled: boolean, found: Findings): void {
  const next = nextAllowed?.toISOString() ?? null
  const where = zones.length === 1 ? (zones[0] ?? '') : `${zones.length} possible zones`
  const then = scheduled ? `Schedule it for ${next} or later within the hours.` : `Try again at ${next}.`
  deny(
    found,
    because(
      'time.outside_hours',
      `It is outside the hours for ${channel} where the recipient is (${where}). ${then}`,
      { channel, zones: [...zones], nextAllowed: next },
      // A scheduled time does not become right by waiting: the caller has to change it.
      scheduled || nextAllowed === null ? {} : { retryAt: nextAllowed.getTime() },
    ),
  )
}

function whereabouts(contact: ContactFacts | undefined): Whereabouts {
  if (contact === undefined) return {}
  const { timeZone, country, state, postalCode, phones } = contact
  return { timeZone, country, state, postalCode, phone: phones[0] }
}
