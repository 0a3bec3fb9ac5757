import type { Channel } from '../../core/contact.js'
import { type Wall, wallAt } from '../../core/zone-clock.js'
import { nextOpening } from './next-opening.js'
import { type Opening, openingsFor, ownHours, type TimePolicy } from './openings.js'
import { isOpen } from './windows.js'
import { locate, type Whereabouts } from './zones.js'

export interface SendWindow {
  readonly allowed: boolean
  /** `now` when allowed, else the first minute at which it is; null when nobody can say. */
  readonly nextAllowed: Date | null
  /** Every zone that was asked; all of them have to be open. */
  readonly zones: readonly string[]
  readonly reason: 'ok' | 'outside-window' | 'unknown-timezone' | 'no-common-window'
  /** What was shut, where something was: the rule, and what the clock shows where it is, `2026-06-09T20:30`. */
  readonly closed?: { readonly rule: string; readonly zone: string; readonly localTime: string }
}

/**
 * Whether a channel's hours, and the calling laws of where the recipient may be, let a message leave, and from when
 * on: exact to the minute, searched 15 days ahead. `now` is ms since 1970. Never throws; an unknown zone or an
 * instant no clock can show is not allowed.
 */
export function sendWindow(recipient: Whereabouts, channel: Channel, policy: TimePolicy, now: number): SendWindow {
  const located = locate(recipient, channel)
  const { zones } = located
  const openings = openingsFor(located, channel, policy)
  if (!isReadable(now) || (openings.length === 0 && ownHours(channel, policy) !== 'always'))
    return { allowed: false, nextAllowed: null, zones, reason: 'unknown-timezone' }
  const shut = firstShut(openings, now)
  if (shut === undefined) return { allowed: true, nextAllowed: new Date(now), zones, reason: 'ok' }
  const closed = { rule: shut.rule, zone: shut.clock.zone, localTime: textOf(wallAt(shut.clock, now)) }
  const next = nextOpening(openings, now)
  if (next === null) return { allowed: false, nextAllowed: null, zones, reason: 'no-common-window', closed }
  return { allowed: false, nextAllowed: new Date(next), zones, reason: 'outside-window', closed }
}

/** Whether every minute from `from` to `to` is open; a span over a day counts as not, unless nothing ever shuts. */
export function isOpenThroughout(
  recipient: Whereabouts,
  channel: Channel,
  policy: TimePolicy,
  from: number,
  to: number,
): boolean {
  const openings = openingsFor(locate(recipient, channel), channel, policy)
  if (openings.length === 0) return true
  if (to - from > DAY) return false
  for (let at = from; at < to; at += MINUTE) if (firstShut(openings, at) !== undefined) return false
  return firstShut(openings, Math.max(from, to - 1)) === undefined
}

function firstShut(openings: readonly Opening[], at: number): Opening | undefined {
  for (const opening of openings) {
    if (!isOpen(opening.windows, wallAt(opening.clock, at), opening.rests)) return opening
  }
  return undefined
}

function textOf({ day, minute }: Wall): string {
  return new Date(day * DAY + minute * MINUTE).toISOString().slice(0, 16)
}

const MINUTE = 60_000
const DAY = 86_400_000
/** A year short of what a Date can hold. */
const LAST_INSTANT = 8.6e15

function isReadable(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) < LAST_INSTANT
}
