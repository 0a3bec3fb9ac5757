import type { Channel } from '../../core/contact.js'
import type { GuardrailPolicy, Hours } from '../policy.js'
import { nextOpening } from './next-opening.js'
import { isOpen, windowsOf } from './windows.js'
import { wallAt } from './zone-clock.js'
import { candidateZones, type Whereabouts } from './zones.js'

export interface SendWindow {
  readonly allowed: boolean
  /** `now` when allowed, else the first minute at which it is; null when nobody can say. */
  readonly nextAllowed: Date | null
  /** Every zone that was asked; all of them have to be open. */
  readonly zones: readonly string[]
  readonly reason: 'ok' | 'outside-window' | 'unknown-timezone' | 'no-common-window'
}

/**
 * Whether a channel's hours are open where the recipient is, and from when on. `now` is ms since 1970.
 * Never throws; an unknown zone or an instant no clock can show is not allowed.
 */
export function sendWindow(
  recipient: Whereabouts,
  channel: Channel,
  policy: Pick<GuardrailPolicy, 'hours'>,
  now: number,
): SendWindow {
  const hours = hoursFor(channel, policy)
  if (hours === 'always') return { allowed: true, nextAllowed: new Date(now), zones: [], reason: 'ok' }
  const zones = candidateZones(recipient, channel)
  if (zones.length === 0 || !isReadable(now)) return { allowed: false, nextAllowed: null, zones, reason: 'unknown-timezone' }
  if (isOpenIn(zones, hours, now)) return { allowed: true, nextAllowed: new Date(now), zones, reason: 'ok' }
  const next = nextOpening(zones, windowsOf(hours), now)
  if (next === null) return { allowed: false, nextAllowed: null, zones, reason: 'no-common-window' }
  return { allowed: false, nextAllowed: new Date(next), zones, reason: 'outside-window' }
}

/** E-mail has hours of its own; everything else keeps the stricter channel's, SMS. */
export function hoursFor(channel: Channel, { hours }: Pick<GuardrailPolicy, 'hours'>): Hours {
  return channel === 'email' ? hours.email : hours.sms
}

/** Whether every minute from `from` to `to` is open; a span over a day counts as not. */
export function isOpenThroughout(zones: readonly string[], hours: Hours, from: number, to: number): boolean {
  if (hours === 'always') return true
  if (to - from > DAY) return false
  for (let at = from; at < to; at += MINUTE) if (!isOpenIn(zones, hours, at)) return false
  return isOpenIn(zones, hours, Math.max(from, to - 1))
}

function isOpenIn(zones: readonly string[], hours: Hours, at: number): boolean {
  const windows = windowsOf(hours)
  for (const zone of zones) if (!isOpen(windows, wallAt(zone, at))) return false
  return true
}

const MINUTE = 60_000
const DAY = 86_400_000
/** A year short of what a Date can hold. */
const LAST_INSTANT = 8.6e15

function isReadable(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) < LAST_INSTANT
}
