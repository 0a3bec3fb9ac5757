import type { Channel } from '../../core/contact.js'
import type { Hours } from '../policy.js'
import type { Pack, Rule } from '../rules/rule.js'
import type { HolidaySet } from './holidays.js'

/** When, and how often, a law lets somebody be called or texted. */
export interface CallingLaw {
  readonly rule: Rule
  readonly hours: Exclude<Hours, 'always'>
  /** Closed as well where the policy keeps legal holidays. */
  readonly holidays?: HolidaySet
  /** Most that one person may get. */
  readonly atMost?: { readonly max: number; readonly perMs: number }
}

const TEXTS_AND_CALLS: readonly Channel[] = ['sms', 'rcs', 'call']
const CALLS: readonly Channel[] = ['call']
const HOUR = 3_600_000
const DAYS = { 'Mon-Sun': [1, 2, 3, 4, 5, 6, 7], 'Mon-Sat': [1, 2, 3, 4, 5, 6], 'Mon-Fri': [1, 2, 3, 4, 5], Sat: [6], Sun: [7] }
const THREE_A_DAY = { max: 3, perMs: 24 * HOUR }
/** Where the statute itself was not read. */
const TABLES = 'tables of clickpointsoftware.com (July 2025) and dropcowboy.com (November 2025)'

/** Laws of calling hours. Times are minutes of the called person's local day, half-open. */
export const CALLING_LAWS: readonly CallingLaw[] = [
  law('law.tcpa-hours', 'us-federal', 'US', TEXTS_AND_CALLS, 'Mon-Sun 08:00-21:00', '47 CFR 64.1200(c)(1)'),
  law('law.fl-ftsa', 'us-states', 'US-FL', TEXTS_AND_CALLS, 'Mon-Sun 08:00-20:00', 'Fla. Stat. 501.616(6), 501.059', {
    atMost: THREE_A_DAY,
  }),
  law(
    'law.ok-otsa',
    'us-states',
    'US-OK',
    TEXTS_AND_CALLS,
    'Mon-Sun 08:00-20:00',
    'Okla. Stat. tit. 15, 775C, as dnc.com reads it',
    {
      atMost: THREE_A_DAY,
    },
  ),
  law('law.wa', 'us-states', 'US-WA', TEXTS_AND_CALLS, 'Mon-Sun 08:00-20:00', 'RCW 19.158.040(2)'),
  law(
    'law.tx-sb140',
    'us-states',
    'US-TX',
    TEXTS_AND_CALLS,
    'Mon-Sat 09:00-21:00, Sun 12:00-21:00',
    'SB 140 of 2025, as telnyx.com and foster.com read it',
  ),
  law('law.va-sb1339', 'us-states', 'US-VA', TEXTS_AND_CALLS, 'Mon-Sun 08:00-21:00', 'SB 1339 of 2025, as mwcllc.com reads it'),
  law(
    'law.state-days.ct',
    'us-states',
    'US-CT',
    TEXTS_AND_CALLS,
    'Mon-Sun 09:00-20:00',
    'Public Act 23-98; hours as dropcowboy.com has them, older tables say 21:00',
  ),
  law(
    'law.state-days.md',
    'us-states',
    'US-MD',
    TEXTS_AND_CALLS,
    'Mon-Sun 08:00-20:00',
    'Stop the Spam Calls Act of 2023, as wmar2news.com reports it',
    {
      atMost: THREE_A_DAY,
    },
  ),
  law('law.state-days.al', 'us-states', 'US-AL', CALLS, 'Mon-Sat 08:00-20:00', TABLES, { holidays: 'al' }),
  law('law.state-days.il', 'us-states', 'US-IL', CALLS, 'Mon-Sun 09:00-21:00', `${TABLES}, for recorded voices`),
  law('law.state-days.ky', 'us-states', 'US-KY', CALLS, 'Mon-Sun 10:00-21:00', TABLES),
  law(
    'law.state-days.la',
    'us-states',
    'US-LA',
    CALLS,
    'Mon-Sat 08:00-20:00',
    'La. PSC General Order R-29617, as dnc.com quotes it',
    {
      holidays: 'la',
    },
  ),
  law('law.state-days.ma', 'us-states', 'US-MA', CALLS, 'Mon-Sun 08:00-20:00', TABLES),
  law('law.state-days.mi', 'us-states', 'US-MI', CALLS, 'Mon-Sun 09:00-21:00', TABLES),
  law('law.state-days.mn', 'us-states', 'US-MN', CALLS, 'Mon-Sun 09:00-21:00', TABLES),
  law('law.state-days.ms', 'us-states', 'US-MS', CALLS, 'Mon-Sat 08:00-20:00', TABLES, { holidays: 'ms' }),
  law(
    'law.state-days.ne',
    'us-states',
    'US-NE',
    CALLS,
    'Mon-Sat 08:00-21:00, Sun 13:00-21:00',
    '291 Neb. Admin. Code ch. 11, as clickpointsoftware.com reads it, for recorded voices',
  ),
  law('law.state-days.nm', 'us-states', 'US-NM', CALLS, 'Mon-Sun 09:00-21:00', TABLES),
  law('law.state-days.nv', 'us-states', 'US-NV', CALLS, 'Mon-Sun 09:00-20:00', TABLES),
  law('law.state-days.pa', 'us-states', 'US-PA', CALLS, 'Mon-Sun 08:00-21:00', 'holidays as dnc.com lists them', {
    holidays: 'pa',
  }),
  law('law.state-days.ri', 'us-states', 'US-RI', CALLS, 'Mon-Fri 09:00-18:00, Sat 10:00-17:00', `${TABLES}; Saturdays unread`, {
    holidays: 'ri',
  }),
  law('law.state-days.ut', 'us-states', 'US-UT', CALLS, 'Mon-Sun 08:00-21:00', 'holidays as dnc.com lists them', {
    holidays: 'ut',
  }),
  law('law.fr-hours', 'eu', 'FR', CALLS, 'Mon-Fri 10:00-13:00 14:00-20:00', 'décret 2022-1313, as afffect.fr reads it', {
    holidays: 'fr',
    atMost: { max: 4, perMs: 30 * 24 * HOUR },
  }),
]

function law(
  id: string,
  pack: Pack,
  jurisdiction: string,
  channels: readonly Channel[],
  times: string,
  source: string,
  more: Omit<CallingLaw, 'rule' | 'hours'> = {},
): CallingLaw {
  const what = channels === CALLS ? 'Calls' : 'Calls and texts'
  const often = more.atMost === undefined ? '' : `, at most ${more.atMost.max} per person in ${more.atMost.perMs / HOUR} hours`
  const holidays = more.holidays === undefined ? '' : ', not on legal holidays where those are kept'
  const says = `${what} ${times} in the called person's zone${often}${holidays}.`
  const rule: Rule = { id, pack, channels, jurisdiction, verdict: 'block', says, asOf: '2026-11-25', source }
  return { rule, hours: hoursOf(times), ...more }
}

/** `Mon-Sat 09:00-21:00, Sun 12:00-21:00` as a policy would write it. */
function hoursOf(times: string): Exclude<Hours, 'always'> {
  const windows: Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', [string, string][]>> = {}
  for (const part of times.split(', ')) {
    const [days = '', ...spans] = part.split(' ')
    for (const day of DAYS[days as keyof typeof DAYS]) {
      windows[String(day) as '1'] = spans.map((span) => [span.slice(0, 5), span.slice(6)])
    }
  }
  return { windows }
}
