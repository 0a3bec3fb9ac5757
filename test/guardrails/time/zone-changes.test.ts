import { describe, expect, test } from 'vitest'
import { clockOf, offsetAt, steadyUntil } from '../../../src/core/zone-clock.js'
import { guardrailDefaults, guardrailPolicySchema, isZone, sendWindow, zoneDataReport } from '../../../src/guardrails/index.js'

const hoursOff = (zone: string, at: string) => {
  const clock = clockOf(zone)
  return clock === null ? Number.NaN : offsetAt(clock, Date.parse(at)) / 60
}

describe('laws younger than the runtime’s data', () => {
  test.each([
    ['America/Vancouver', '2026-10-31T12:00Z', -7],
    ['America/Vancouver', '2026-11-01T08:59Z', -7],
    ['America/Vancouver', '2026-12-01T00:00Z', -7],
    ['Canada/Pacific', '2026-12-01T00:00Z', -7],
    ['america/vancouver', '2026-12-01T00:00Z', -7],
    ['America/Edmonton', '2026-12-01T00:00Z', -6],
    ['America/Yellowknife', '2026-12-01T00:00Z', -6],
    ['America/Inuvik', '2027-01-15T00:00Z', -6],
    ['America/Winnipeg', '2026-10-31T12:00Z', -5],
    ['America/Winnipeg', '2026-12-01T00:00Z', -5],
    ['America/Rankin_Inlet', '2026-12-01T00:00Z', -6],
    ['Africa/Casablanca', '2026-09-20T00:59Z', 1],
    ['Africa/Casablanca', '2026-09-20T01:00Z', 0],
    ['Africa/Casablanca', '2027-06-01T00:00Z', 0],
    ['America/Havana', '2026-12-01T00:00Z', -4],
    ['America/Havana', '2027-06-01T00:00Z', -4],
    ['America/Havana', '2027-12-01T00:00Z', -5],
    ['America/Denver', '2026-12-01T00:00Z', -7],
  ])('%s at %s is %d hours from UTC', (zone, at, expected) => expect(hoursOff(zone, at)).toBe(expected))

  test('at 18:30 in Vancouver it is closed, also where the runtime says 17:30', () => {
    const ask = (policy = guardrailDefaults) =>
      sendWindow({ timeZone: 'America/Vancouver' }, 'email', policy, Date.parse('2026-11-24T01:30Z')).nextAllowed?.toISOString()
    expect(ask()).toBe('2026-11-24T15:00:00.000Z')
  })

  test('a host adds its own, and takes ours back', () => {
    const policy = guardrailPolicySchema.parse({
      hours: {
        zoneChanges: {
          'Europe/Berlin': [
            { fromUtc: '2026-10-25T01:00:00Z', offsetMinutes: 120 },
            { fromUtc: '2027-03-28T01:00:00Z', offsetMinutes: null },
          ],
          'America/Havana': [],
        },
      },
    })
    const opens = (timeZone: string, at: string, rules = policy) =>
      sendWindow({ timeZone }, 'email', rules, Date.parse(at)).nextAllowed?.toISOString().slice(0, 16)
    expect(opens('Europe/Berlin', '2026-12-01T03:00Z')).toBe('2026-12-01T06:00')
    expect(opens('Europe/Berlin', '2026-12-01T03:00Z', guardrailDefaults)).toBe('2026-12-01T07:00')
    expect(opens('Europe/Berlin', '2027-12-01T03:00Z')).toBe('2027-12-01T07:00')
    const raw = new Intl.DateTimeFormat('en', { timeZone: 'America/Havana', hour: 'numeric', hourCycle: 'h23' })
    const runtime = Number(raw.format(Date.parse('2026-12-01T12:00Z'))) - 12
    expect(opens('America/Havana', '2026-12-01T05:00Z')).toBe(`2026-12-01T${8 - runtime}:00`)
  })

  test.each([
    [{ 'Europe/Berlin': [{ fromUtc: 'soon', offsetMinutes: 0 }] }],
    [{ 'Europe/Berlin': [{ fromUtc: '2026-10-25T01:00:00Z', offsetMinutes: 0.5 }] }],
    [{ 'Europe/Berlin': [{ fromUtc: '2026-10-25T01:00:00Z' }] }],
  ])('what is no change is an error: %j', (zoneChanges) => {
    expect(guardrailPolicySchema.safeParse({ hours: { zoneChanges } }).success).toBe(false)
  })
})

test('the report names the zones that are corrected, and finds nothing wrong on a runtime we support', () => {
  const { corrected, wrong } = zoneDataReport()
  expect(wrong).toEqual([])
  const runtime = new Intl.DateTimeFormat('en', { timeZone: 'America/Vancouver', timeZoneName: 'longOffset' })
  const knowsBritishColumbia = runtime.format(Date.parse('2026-12-01T00:00Z')).endsWith('-07:00')
  expect(corrected.includes('America/Vancouver')).toBe(!knowsBritishColumbia)
})

test.each(['2026-03-08', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'])(
  'offsets change when Intl says so, around %s',
  (date) => {
    for (const zone of [
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Antarctica/Troll',
      'America/Nuuk',
      'Asia/Beirut',
    ]) {
      const clock = clockOf(zone)
      if (clock === null) throw new Error(`${zone} is not known here`)
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
      const from = Date.parse(date) - 12 * 3_600_000
      for (let at = from; at < from + 36 * 3_600_000; at += 15 * 60_000) {
        expect(offsetAt(clock, at)).toBe((Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - at) / 60_000)
        expect(steadyUntil(clock, at)).toBeGreaterThan(at)
        expect(offsetAt(clock, steadyUntil(clock, at) - 1)).toBe(offsetAt(clock, at))
      }
    }
  },
)

test('a name that is no zone is remembered as such and never throws', () => {
  for (const name of ['', 'UTC+1', 'a/b', '../etc', 'x'.repeat(100_000), `${'x'.repeat(70)}/y`]) expect(isZone(name)).toBe(false)
})
