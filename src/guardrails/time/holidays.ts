/** Legal holidays on which somebody forbids calls. */
export type HolidaySet = 'us-federal' | 'al' | 'la' | 'ms' | 'pa' | 'ri' | 'ut' | 'fr'

/** Whether a local day (days since 1970-01-01) is one of a set's holidays. */
export function isHoliday(set: HolidaySet, day: number): boolean {
  const year = new Date(day * DAY).getUTCFullYear()
  return holidaysOf(set, year).has(day)
}

const DAY = 86_400_000
const FEDERAL = '1/1 1/mon3 2/mon3 5/mon-1 6/19 7/4 9/mon1 10/mon2 11/11 11/thu4 12/25'

/**
 * Days as month/day, month/weekday with its number (-1 = the last), or days after Easter Sunday. Federal ones: 5 USC
 * 6103; the states' as dnc.com lists them for callers; France: Code du travail L3133-1. What governors proclaim by the
 * year is not in it.
 */
const SETS: Readonly<Record<HolidaySet, string>> = {
  'us-federal': FEDERAL,
  al: `${FEDERAL} 4/mon4 6/mon1`,
  la: '1/1 1/mon3 easter-47 easter-2 5/mon-1 6/19 7/4 9/mon1 11/11 11/thu4 12/25',
  ms: '1/1 1/mon3 2/mon3 4/mon-1 5/mon-1 7/4 9/mon1 11/11 11/thu4 12/25',
  pa: `${FEDERAL} easter-2 6/14`,
  ri: '1/1 1/mon3 5/mon-1 6/19 7/4 8/mon2 9/mon1 10/mon2 11/11 11/thu4 12/25',
  ut: `${FEDERAL} 7/24`,
  fr: '1/1 easter+1 5/1 5/8 easter+39 easter+50 7/14 8/15 11/1 11/11 12/25',
}

const known = new Map<string, ReadonlySet<number>>()
const MAX_KNOWN = 200

function holidaysOf(set: HolidaySet, year: number): ReadonlySet<number> {
  const key = `${set} ${year}`
  let days = known.get(key)
  if (days === undefined) {
    if (known.size >= MAX_KNOWN) known.clear()
    days = new Set(SETS[set].split(' ').flatMap((text) => daysOf(text, year, set !== 'fr')))
    known.set(key, days)
  }
  return days
}

/** In the US a holiday of a fixed date is observed on the Friday or Monday too when it falls on a weekend. */
function daysOf(text: string, year: number, observed: boolean): number[] {
  if (text.startsWith('easter')) return [easter(year) + Number(text.slice(6))]
  const [month = 1, date = ''] = [Number(text.slice(0, text.indexOf('/'))), text.slice(text.indexOf('/') + 1)]
  const fixed = Number(date)
  if (!Number.isNaN(fixed)) {
    const day = dayOf(year, month, fixed)
    const weekday = weekdayOf(day)
    return observed && weekday === 6 ? [day, day - 1] : observed && weekday === 0 ? [day, day + 1] : [day]
  }
  const weekday = WEEKDAYS.indexOf(date.slice(0, 3))
  const number = Number(date.slice(3))
  const edge = number > 0 ? dayOf(year, month, 1) : dayOf(year, month + 1, 0)
  const step = number > 0 ? (weekday - weekdayOf(edge) + 7) % 7 : -((weekdayOf(edge) - weekday + 7) % 7)
  return [edge + step + 7 * (number > 0 ? number - 1 : number + 1)]
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY
}

function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876. */
function easter(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return dayOf(year, Math.floor(f / 31), (f % 31) + 1)
}
