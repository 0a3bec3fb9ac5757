import type { Channel } from '../../core/contact.js'
import { clockOf, type ZoneClock } from '../../core/zone-clock.js'
import type { GuardrailPolicy, Hours } from '../policy.js'
import { hasPack, type PackChoice } from '../rules/has-pack.js'
import { type HolidaySet, isHoliday } from './holidays.js'
import { CALLING_LAWS, type CallingLaw } from './laws.js'
import type { Place } from './place.js'
import { TEXTING_HOURS, WORKING_HOURS } from './rules.js'
import { type Rests, type Windows, windowsOf } from './windows.js'
import type { Located } from './zones.js'

/** What has to be open for a message to leave: the windows of one rule on one clock. */
export interface Opening {
  readonly clock: ZoneClock
  readonly windows: Windows
  readonly rests?: Rests
  /** Id of the rule. */
  readonly rule: string
}

export type TimePolicy = Pick<GuardrailPolicy, 'hours'> & PackChoice

/** Everything that has to be open for a channel: laws of the places first, then the policy's own hours. */
export function openingsFor({ zones, places }: Located, channel: Channel, policy: TimePolicy): readonly Opening[] {
  const openings: Opening[] = []
  if (channel !== 'email') {
    for (const law of lawsAt(places, channel, policy)) {
      const windows = windowsOf(law.hours)
      for (const zone of lawZones(law, zones, places)) add(openings, zone, policy, windows, law.rule.id, law.holidays)
    }
  }
  const own = ownHours(channel, policy)
  if (own === 'always') return openings
  const rule = channel === 'email' ? WORKING_HOURS : TEXTING_HOURS
  const windows = windowsOf(own)
  for (const zone of zones) add(openings, zone, policy, windows, rule, undefined)
  return openings
}

/** The policy's hours of a channel: e-mail has its own, calls may have; everything else keeps those of SMS. */
export function ownHours(channel: Channel, { hours }: TimePolicy): Hours {
  if (channel === 'email') return hours.email
  return channel === 'call' ? (hours.call ?? hours.sms) : hours.sms
}

/** The calling laws that hold where somebody may be; a state's before its country's. */
export function lawsAt(places: readonly Place[], channel: Channel, policy: PackChoice): readonly CallingLaw[] {
  if (places.length === 0) return NONE
  return LAWS.filter(
    ({ rule }) =>
      rule.channels.includes(channel) && hasPack(policy, rule.pack) && places.some(({ id }) => isIn(id, rule.jurisdiction)),
  )
}

const NONE: readonly CallingLaw[] = []
const LAWS = [...CALLING_LAWS].sort((a, b) => b.rule.jurisdiction.length - a.rule.jurisdiction.length)

function isIn(place: string, jurisdiction: string): boolean {
  return place === jurisdiction || place.startsWith(`${jurisdiction}-`)
}

/** A state's law on the clocks of the state, where it has any of those asked; a country's on all. */
function lawZones({ rule }: CallingLaw, zones: readonly string[], places: readonly Place[]): readonly string[] {
  const own = places.find(({ id }) => id === rule.jurisdiction && id.includes('-'))?.zones ?? zones
  const common = zones.filter((zone) => own.includes(zone))
  return common.length > 0 ? common : zones
}

function add(
  openings: Opening[],
  zone: string,
  { hours }: TimePolicy,
  windows: Windows,
  rule: string,
  holidays: HolidaySet | undefined,
): void {
  const clock = clockOf(zone, hours.zoneChanges)
  if (clock === null) return
  if (holidays === undefined || !hours.holidays) openings.push({ clock, windows, rule })
  else openings.push({ clock, windows, rule, rests: (day) => isHoliday(holidays, day) })
}
