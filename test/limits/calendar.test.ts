import { describe, expect, test } from 'vitest'
import { periodAt } from '../../src/limits/index.js'

const at = (text: string) => Date.parse(text)
const iso = (ms: number) => new Date(ms).toISOString()
const day = (zone: string, text: string) => {
  const { name, start, end } = periodAt(zone, 'day', at(text))
  return { name, start: iso(start), end: iso(end), hours: (end - start) / 3_600_000 }
}

describe('a calendar day', () => {
  test.each([
    ['an ordinary day', 'America/New_York', '2026-01-17T17:00:00Z', '2026-01-17', '2026-01-17T05:00:00.000Z', 24],
    [
      'the day New York springs forward',
      'America/New_York',
      '2026-03-08T17:00:00Z',
      '2026-03-08',
      '2026-03-08T05:00:00.000Z',
      23,
    ],
    ['the day New York falls back', 'America/New_York', '2026-11-01T17:00:00Z', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    [
      'Lord Howe turns by half an hour',
      'Australia/Lord_Howe',
      '2026-04-04T20:00:00Z',
      '2026-04-05',
      '2026-04-04T13:00:00.000Z',
      24.5,
    ],
    [
      'Lord Howe turns back by half an hour',
      'Australia/Lord_Howe',
      '2026-10-04T00:00:00Z',
      '2026-10-04',
      '2026-10-03T13:30:00.000Z',
      23.5,
    ],
    ['Chatham at +13:45', 'Pacific/Chatham', '2026-01-17T10:15:00Z', '2026-01-18', '2026-01-17T10:15:00.000Z', 24],
    ['Kiritimati at +14', 'Pacific/Kiritimati', '2026-01-17T09:59:59Z', '2026-01-17', '2026-01-16T10:00:00.000Z', 24],
    ['Baker Island at -12', 'Etc/GMT+12', '2026-01-17T11:59:59Z', '2026-01-16', '2026-01-16T12:00:00.000Z', 24],
    ['leap day', 'America/New_York', '2028-02-29T12:00:00Z', '2028-02-29', '2028-02-29T05:00:00.000Z', 24],
    ['Santiago has no midnight', 'America/Santiago', '2026-09-06T12:00:00Z', '2026-09-06', '2026-09-06T04:00:00.000Z', 23],
    ['Havana has midnight twice', 'America/Havana', '2025-11-02T12:00:00Z', '2025-11-02', '2025-11-02T04:00:00.000Z', 25],
    // Laws younger than the data of many runtimes (tz 2026e and f).
    ['Havana keeps its summer time', 'America/Havana', '2026-11-01T12:00:00Z', '2026-11-01', '2026-11-01T04:00:00.000Z', 24],
    ['Winnipeg keeps -05', 'America/Winnipeg', '2026-12-01T05:30:00Z', '2026-12-01', '2026-12-01T05:00:00.000Z', 24],
  ])('%s', (_, zone, now, date, start, hours) => {
    expect(day(zone, now)).toEqual({ name: `${date}@${zone}`, start, end: iso(at(start) + hours * 3_600_000), hours })
  })
  test('a date a zone skipped never happens: Samoa went from the 29th to the 31st', () => {
    expect(day('Pacific/Apia', '2011-12-30T09:00:00Z').name).toBe('2011-12-29@Pacific/Apia')
    expect(day('Pacific/Apia', '2011-12-30T10:00:00Z').name).toBe('2011-12-31@Pacific/Apia')
  })
  test('a day that began does not begin again where clocks go back over midnight', () => {
    // St John's turned back at 00:01: the date went 30, 31, 30, 31.
    const minutes = Array.from({ length: 180 }, (_, i) => at('2010-11-07T01:30:00Z') + i * 60_000)
    const names = minutes.map((now) => {
      // Another day in between, so that nothing is answered from memory.
      periodAt('America/St_Johns', 'day', 0)
      return periodAt('America/St_Johns', 'day', now).name
    })
    expect(new Set(names).size).toBe(2)
    expect(names).toEqual([...names].sort())
  })
})

describe('a calendar month', () => {
  test.each([
    ['February of a leap year', '2028-02-29T23:00:00Z', '2028-02@UTC', '2028-03-01T00:00:00.000Z'],
    ['the end of January', '2026-01-31T23:59:59.999Z', '2026-01@UTC', '2026-02-01T00:00:00.000Z'],
    ['December ends in the next year', '2026-12-31T12:00:00Z', '2026-12@UTC', '2027-01-01T00:00:00.000Z'],
  ])('%s', (_, now, name, end) => {
    const period = periodAt('UTC', 'month', at(now))
    expect([period.name, iso(period.end)]).toEqual([name, end])
  })
  test('a month starts and ends at local midnight, across a change of the clocks', () => {
    const { start, end } = periodAt('America/New_York', 'month', at('2026-11-15T12:00:00Z'))
    expect([iso(start), iso(end)]).toEqual(['2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'])
  })
})

test('periods join without gap or overlap in every zone', () => {
  for (const zone of Intl.supportedValuesOf('timeZone').filter((_, i) => i % 8 === 0)) {
    let { end } = periodAt(zone, 'month', at('2026-01-15T12:00:00Z'))
    for (let i = 0; i < 12; i++) {
      expect(periodAt(zone, 'month', end - 1).end).toBe(end)
      const following = periodAt(zone, 'month', end)
      expect(following.start).toBe(end)
      end = following.end
    }
  }
})
