import { fromZonedTime } from 'date-fns-tz'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockOf } from '../../../src/core/zone-clock.js'
import { guardrailDefaults, guardrailPolicySchema, sendWindow, type Whereabouts } from '../../../src/guardrails/index.js'
import { nextOpening } from '../../../src/guardrails/time/next-opening.js'
import { windowsOf } from '../../../src/guardrails/time/windows.js'
import { firstAllowed } from './oracle.js'

const MINUTE = 60_000
const ZONES = [
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Asuncion',
  'America/Nuuk',
  'Atlantic/Azores',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Jerusalem',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Antarctica/Troll',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]
const zone = fc.constantFrom(...ZONES)
const minute = fc.integer({ min: Date.UTC(2026, 0) / MINUTE, max: Date.UTC(2028, 0) / MINUTE })
/** Around the changes of clocks as often as anywhere. */
const instant = fc.oneof(
  minute.map((at) => at * MINUTE),
  fc
    .record({
      change: fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-09-06', '2026-10-04', '2026-10-25', '2026-11-01'),
      near: fc.integer({ min: -2880, max: 2880 }),
    })
    .map(({ change, near }) => Date.parse(change) + near * MINUTE),
)
const time = fc
  .integer({ min: 0, max: 96 })
  .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`)
const span = fc.tuple(time, time).filter(([open, close]) => open < close)
const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
const hours = fc.oneof(
  fc.record({ days, span }).map(({ days, span: [open, close] }) => ({ days, open, close })),
  fc
    .dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6', '7'), fc.array(span, { maxLength: 3 }))
    .map((windows) => ({ windows })),
)
const policyOf = (email: unknown) => guardrailPolicySchema.parse({ hours: { email } })

test('a scan of every minute, with clocks read from Intl alone, finds the same next opening', () => {
  fc.assert(
    fc.property(fc.uniqueArray(zone, { minLength: 1, maxLength: 3 }), hours, instant, fc.nat(59_999), (zones, email, at, ms) => {
      const policy = policyOf(email)
      if (policy.hours.email === 'always') return
      const now = at + ms
      const windows = windowsOf(policy.hours.email)
      const openings = zones.flatMap((name) => {
        const clock = clockOf(name)
        return clock === null ? [] : [{ clock, windows, rule: 'test' }]
      })
      expect(nextOpening(openings, now)).toBe(firstAllowed(zones, policy.hours.email, now) ?? null)
    }),
    { numRuns: 400 },
  )
})

test('the next opening is open, the minute before it is not, and asking there changes nothing', () => {
  const recipient: fc.Arbitrary<Whereabouts> = fc.record(
    {
      timeZone: zone,
      phone: fc.constantFrom('+13055550123', '+15025550123', '+18505550123', '+447911123456', '+61412345678'),
      state: fc.constantFrom('TX', 'AL', 'RI', 'WA'),
      country: fc.constantFrom('US', 'FR', 'AU', 'NZ'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(recipient, fc.constantFrom('email', 'sms', 'call'), instant, (who, channel, now) => {
      const ask = (at: number) => sendWindow(who, channel, guardrailDefaults, at)
      const { allowed, nextAllowed, reason } = ask(now)
      if (allowed) {
        expect(nextAllowed?.getTime()).toBe(now)
      } else if (nextAllowed === null) {
        expect(reason).not.toBe('outside-window')
      } else {
        const next = nextAllowed.getTime()
        expect(next).toBeGreaterThan(now)
        expect(next % MINUTE).toBe(0)
        expect(ask(next).allowed).toBe(true)
        const before = ask(Math.max(now, next - MINUTE))
        expect([before.allowed, before.nextAllowed?.getTime()]).toEqual([false, next])
      }
    }),
    { numRuns: 500 },
  )
})

test('one more candidate zone never lets a message leave earlier', () => {
  fc.assert(
    fc.property(fc.uniqueArray(zone, { minLength: 1, maxLength: 4 }), zone, hours, instant, (zones, more, email, now) => {
      const policy = policyOf(email)
      const next = (names: readonly string[]) =>
        nextOpening(
          names.flatMap((name) => {
            const clock = clockOf(name)
            return clock === null ? [] : [{ clock, windows: windowsOf(policy.hours.email), rule: 'test' }]
          }),
          now,
        ) ?? Number.POSITIVE_INFINITY
      expect(next([...zones, more])).toBeGreaterThanOrEqual(next(zones))
      expect(next([...zones, more])).toBe(next([more, ...zones.toReversed()]))
    }),
    { numRuns: 300 },
  )
})

test('a wall time that exists once is the instant date-fns-tz says', () => {
  const opening = fc.tuple(zone, minute, fc.integer({ min: 4 * 60, max: 23 * 60 }))
  fc.assert(
    fc.property(opening, ([timeZone, at, minuteOfDay]) => {
      const open = `${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`
      const policy = policyOf({ days: [1, 2, 3, 4, 5, 6, 7], open, close: '24:00' })
      const window = sendWindow({ timeZone }, 'email', policy, at * MINUTE)
      if (window.allowed || window.nextAllowed === null) return
      const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(window.nextAllowed)
      expect(fromZonedTime(`${local}T${open}:00`, timeZone)).toEqual(window.nextAllowed)
    }),
    { numRuns: 200 },
  )
})
