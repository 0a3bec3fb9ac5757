import { changesOf, type ZoneChange, type ZoneChanges } from './zone-changes.js'

/** A zone's clock: how far it is ahead of UTC at any instant. */
export interface ZoneClock {
  readonly zone: string
  /** What the runtime's data do not know yet, in order; see zone-changes.ts. */
  readonly changes: readonly ZoneChange[]
  readonly format: Intl.DateTimeFormat
  /** Read once and kept: asking `Intl` takes 9 us. */
  readonly weeks: Map<number, Week>
}

/** Offsets in minutes within one week of UTC. No zone has changed twice within a week since 2000. */
interface Week {
  readonly before: number
  /** First minute with the other offset, minutes since 1970; Infinity where nothing changes. */
  readonly changesAt: number
  readonly after: number
}

/** Wall time of one zone at one instant. */
export interface Wall {
  /** Days since 1970-01-01 in local dates. */
  readonly day: number
  /** Minutes since local midnight. */
  readonly minute: number
}

const MINUTE = 60_000
const DAY_MINUTES = 1440
const WEEK_MINUTES = 7 * DAY_MINUTES

/** Memo of pure answers, bounded: making a formatter takes 160 us. */
type Clocks = Map<string, ZoneClock | null>
const standard: Clocks = new Map()
const special = new WeakMap<ZoneChanges, Clocks>()
const MAX_ZONES = 1000
const MAX_NAME = 64
const MAX_WEEKS = 200

/** The clock of an IANA zone, null for a name this runtime does not know. */
export function clockOf(zone: string, changes?: ZoneChanges): ZoneClock | null {
  const clocks = clocksFor(changes)
  const known = clocks.get(zone)
  if (known !== undefined) return known
  if (clocks.size >= MAX_ZONES) clocks.clear()
  const clock = makeClock(zone, changes)
  clocks.set(zone, clock)
  return clock
}

/** True for an IANA zone name this runtime knows: `Area/City` or `UTC`. Bare offsets and abbreviations are no zones. */
export function isZone(name: string | undefined): name is string {
  return name !== undefined && (name === 'UTC' || name.includes('/')) && clockOf(name) !== null
}

/** What a clock shows at an instant, ms. */
export function wallAt(clock: ZoneClock, at: number): Wall {
  const local = Math.floor(at / MINUTE) + offsetAt(clock, at)
  const day = Math.floor(local / DAY_MINUTES)
  return { day, minute: local - day * DAY_MINUTES }
}

/** Minutes a clock is ahead of UTC at an instant, ms. */
export function offsetAt(clock: ZoneClock, at: number): number {
  const minute = Math.floor(at / MINUTE)
  const changed = clock.changes.length === 0 ? undefined : changeAt(clock, minute)
  if (changed !== undefined && changed.offset !== null) return changed.offset
  const { before, changesAt, after } = weekOf(clock, Math.floor(minute / WEEK_MINUTES))
  return minute < changesAt ? before : after
}

/** An instant (ms) after `at` until which the offset stays what it is at `at`: the next change, or a week's end. */
export function steadyUntil(clock: ZoneClock, at: number): number {
  const minute = Math.floor(at / MINUTE)
  const next = clock.changes.find(({ from }) => from > minute)?.from ?? Number.POSITIVE_INFINITY
  const week = Math.floor(minute / WEEK_MINUTES)
  const end = (week + 1) * WEEK_MINUTES
  const { changesAt } = weekOf(clock, week)
  return Math.min(next, minute < changesAt ? Math.min(changesAt, end) : end) * MINUTE
}

function changeAt({ changes }: ZoneClock, minute: number): ZoneChange | undefined {
  let found: ZoneChange | undefined
  for (const change of changes) if (change.from <= minute) found = change
  return found
}

function weekOf({ weeks, format }: ZoneClock, week: number): Week {
  const known = weeks.get(week)
  if (known !== undefined) return known
  if (weeks.size >= MAX_WEEKS) weeks.clear()
  const read = readWeek(format, week * WEEK_MINUTES)
  weeks.set(week, read)
  return read
}

function readWeek(format: Intl.DateTimeFormat, start: number): Week {
  const before = readOffset(format, start)
  const after = readOffset(format, start + WEEK_MINUTES)
  if (before === after) return { before, changesAt: Number.POSITIVE_INFINITY, after }
  let low = start
  let high = start + WEEK_MINUTES
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(format, middle) === before) low = middle
    else high = middle
  }
  return { before, changesAt: high, after }
}

function clocksFor(changes: ZoneChanges | undefined): Clocks {
  if (changes === undefined) return standard
  let clocks = special.get(changes)
  if (clocks === undefined) {
    clocks = Object.keys(changes).length === 0 ? standard : new Map()
    special.set(changes, clocks)
  }
  return clocks
}

function makeClock(zone: string, given: ZoneChanges = {}): ZoneClock | null {
  if (zone.length > MAX_NAME) return null
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: zone })
  } catch {
    return null
  }
  const changes = changesOf([zone, format.resolvedOptions().timeZone], given)
  // Data that give the first change know of the law, and of what came after it.
  const first = changes[0]
  const known = first === undefined || readOffset(format, first.from) === first.offset
  return { zone, changes: known ? [] : changes, format, weeks: new Map() }
}

const FIELDS = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
} as const

/** `minute` since 1970. */
function readOffset(format: Intl.DateTimeFormat, minute: number): number {
  const read: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(minute * MINUTE)) read[type] = Number(value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute: past = 0 } = read
  return Math.round(Date.UTC(year, month - 1, day, hour, past) / MINUTE) - minute
}
