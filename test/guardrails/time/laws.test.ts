import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../src/core/contact.js'
import {
  checkMessage,
  guardrailDefaults,
  guardrailPolicySchema,
  sendWindow,
  TIME_RULES,
  textLimits,
  type Whereabouts,
} from '../../../src/guardrails/index.js'
import { isHoliday } from '../../../src/guardrails/time/holidays.js'
import { contact, sms } from '../../../src/testing/builders.js'
import { facts } from '../facts.js'

/** The laws alone: the product's own hours never close. */
const lawful = guardrailPolicySchema.parse({ hours: { email: 'always', sms: 'always' } })
const festive = guardrailPolicySchema.parse({ hours: { email: 'always', sms: 'always', holidays: true } })
const ask = (recipient: Whereabouts, channel: Channel, at: string, policy = lawful) => {
  const { allowed, nextAllowed, closed } = sendWindow(recipient, channel, policy, Date.parse(at))
  return allowed ? 'open' : `${closed?.rule} ${closed?.localTime} -> ${nextAllowed?.toISOString().slice(0, 16)}`
}

describe('calling laws, whatever the policy’s own hours are', () => {
  test.each<[string, Whereabouts, Channel, string, string]>([
    ['federal', { phone: '+12125550123' }, 'sms', '2026-06-10T01:00Z', 'law.tcpa-hours 2026-06-09T21:00 -> 2026-06-10T12:00'],
    ['federal', { phone: '+12125550123' }, 'sms', '2026-06-10T00:59Z', 'open'],
    [
      'federal, in a territory',
      { country: 'PR' },
      'call',
      '2026-06-10T01:00Z',
      'law.tcpa-hours 2026-06-09T21:00 -> 2026-06-10T12:00',
    ],
    [
      'Florida by number',
      { phone: '+13055550123' },
      'sms',
      '2026-06-10T00:30Z',
      'law.fl-ftsa 2026-06-09T20:30 -> 2026-06-10T12:00',
    ],
    [
      'Florida by state, with a number from elsewhere',
      { phone: '+12125550123', state: 'FL', timeZone: 'America/New_York' },
      'call',
      '2026-06-10T00:30Z',
      'law.fl-ftsa 2026-06-09T20:30 -> 2026-06-10T12:00',
    ],
    [
      'Florida by ZIP',
      { country: 'US', postalCode: '33101' },
      'sms',
      '2026-06-10T00:30Z',
      'law.fl-ftsa 2026-06-09T20:30 -> 2026-06-10T12:00',
    ],
    ['Oklahoma', { phone: '+14055550123' }, 'sms', '2026-06-10T01:00Z', 'law.ok-otsa 2026-06-09T20:00 -> 2026-06-10T13:00'],
    ['Washington', { phone: '+12065550123' }, 'call', '2026-06-10T03:15Z', 'law.wa 2026-06-09T20:15 -> 2026-06-10T15:00'],
    ['Texas, Monday', { phone: '+12145550123' }, 'sms', '2026-06-08T13:30Z', 'law.tx-sb140 2026-06-08T08:30 -> 2026-06-08T14:00'],
    ['Texas, Sunday', { phone: '+12145550123' }, 'sms', '2026-06-07T15:00Z', 'law.tx-sb140 2026-06-07T10:00 -> 2026-06-07T17:00'],
    [
      'Connecticut',
      { phone: '+12035550123' },
      'sms',
      '2026-06-08T12:30Z',
      'law.state-days.ct 2026-06-08T08:30 -> 2026-06-08T13:00',
    ],
    [
      'Alabama, Sunday',
      { phone: '+12055550123' },
      'call',
      '2026-06-07T15:00Z',
      'law.state-days.al 2026-06-07T10:00 -> 2026-06-08T13:00',
    ],
    ['Alabama, texts', { phone: '+12055550123' }, 'sms', '2026-06-07T15:00Z', 'open'],
    [
      'Kentucky',
      { phone: '+15025550123' },
      'call',
      '2026-06-08T13:30Z',
      'law.state-days.ky 2026-06-08T09:30 -> 2026-06-08T14:00',
    ],
    [
      'Rhode Island, Saturday',
      { phone: '+14015550123' },
      'call',
      '2026-06-06T21:00Z',
      'law.state-days.ri 2026-06-06T17:00 -> 2026-06-08T13:00',
    ],
    ['France, lunch', { country: 'FR' }, 'call', '2026-06-10T11:00Z', 'law.fr-hours 2026-06-10T13:00 -> 2026-06-10T12:00'],
    ['France, texts', { country: 'FR' }, 'sms', '2026-06-10T02:00Z', 'open'],
    ['Germany', { phone: '+4915112345678' }, 'call', '2026-06-10T02:00Z', 'open'],
    ['e-mail', { state: 'FL', country: 'US' }, 'email', '2026-06-10T04:00Z', 'open'],
  ])('%s: %j %s at %s', (_, recipient, channel, at, expected) => expect(ask(recipient, channel, at)).toBe(expected))

  test('a law’s hours are kept on the clocks of its state, not on others', () => {
    // 08:30 in Los Angeles, 11:30 in New York: Kentucky's 10:00 is no matter on the Pacific.
    expect(ask({ timeZone: 'America/Los_Angeles', phone: '+15025550123' }, 'call', '2026-06-08T15:30Z')).toBe('open')
  })

  test('packs switch them off', () => {
    const only = (...packs: ('us-federal' | 'us-states')[]) =>
      sendWindow({ phone: '+13055550123' }, 'sms', { ...lawful, packs }, Date.parse('2026-06-10T00:30Z')).allowed
    expect([only(), only('us-federal'), only('us-states')]).toEqual([true, true, false])
  })

  test('where they and the policy close, the message names the rule, the local time and when it opens', () => {
    const florida = facts({ now: Date.parse('2026-06-10T00:30Z'), contact: contact({ phones: ['+13055550123'], state: 'FL' }) })
    const message = sms({ recipients: [{ kind: 'contact' }] })
    const evidence = { source: 'ghl', dataId: 'contact_1', verifiedAt: florida.now }
    expect(checkMessage(message, guardrailDefaults, { ...florida, grounding: evidence })).toMatchObject({
      reasons: [
        {
          code: 'time.outside_hours',
          rule: 'law.fl-ftsa',
          data: { zone: 'America/New_York', localTime: '2026-06-09T20:30', nextAllowed: '2026-06-10T12:00:00.000Z' },
          retryAt: Date.parse('2026-06-10T12:00Z'),
          message: expect.stringMatching(/2026-06-09 20:30 in America\/New_York, law\.fl-ftsa.*Try again at 2026-06-10T12:00/),
        },
      ],
    })
  })

  test('a scheduled text is judged by the law of its own day and hour', () => {
    const sunday = Date.parse('2026-03-08T15:00Z')
    const texan = facts({ contact: contact({ phones: ['+12145550123'], state: 'TX', timeZone: 'America/Chicago' }) })
    const message = sms({ recipients: [{ kind: 'contact' }], sendAt: sunday })
    expect(checkMessage(message, guardrailDefaults, texan)).toMatchObject({ reasons: [{ rule: 'law.tx-sb140' }] })
    expect(checkMessage({ ...message, sendAt: sunday + 3 * 3_600_000 }, guardrailDefaults, texan).verdict).toBe('allow')
  })
})

describe('legal holidays', () => {
  test('are kept where a law forbids calls on them, once the policy asks for it', () => {
    const thanksgiving = ['call', '2026-11-26T16:00Z'] as const
    expect(ask({ phone: '+12055550123' }, ...thanksgiving)).toBe('open')
    expect(ask({ phone: '+12055550123' }, ...thanksgiving, festive)).toBe(
      'law.state-days.al 2026-11-26T10:00 -> 2026-11-27T14:00',
    )
    expect(ask({ phone: '+12125550123' }, ...thanksgiving, festive)).toBe('open')
    expect(ask({ country: 'FR' }, 'call', '2026-07-14T09:00Z', festive)).toBe('law.fr-hours 2026-07-14T11:00 -> 2026-07-15T08:00')
  })

  test('are computed for any year', () => {
    const days = (set: 'us-federal' | 'fr' | 'la', year: number) =>
      Array.from({ length: 366 }, (_, index) => Date.UTC(year, 0, 1) / 86_400_000 + index)
        .filter((day) => new Date(day * 86_400_000).getUTCFullYear() === year && isHoliday(set, day))
        .map((day) => new Date(day * 86_400_000).toISOString().slice(5, 10))
        .join(' ')
    expect(days('us-federal', 2026)).toBe('01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25')
    expect(days('us-federal', 2022)).toBe('01-01 01-17 02-21 05-30 06-19 06-20 07-04 09-05 10-10 11-11 11-24 12-25 12-26')
    expect(days('fr', 2026)).toBe('01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25')
    expect(days('fr', 2038)).toContain('04-26')
    expect(days('la', 2026)).toMatch(/02-17.*04-03/)
  })
})

describe('how often one person may be called or texted', () => {
  const limits = (recipient: Whereabouts, channel: Channel) => textLimits(recipient, channel, guardrailDefaults)

  test('three times a day in Florida, Oklahoma and Maryland, four calls in 30 days in France', () => {
    const day = { max: 3, perMs: 86_400_000 }
    expect(limits({ phone: '+13055550123' }, 'sms')).toEqual([{ ...day, rule: 'law.fl-ftsa' }])
    expect(limits({ phone: '+14055550123', state: 'FL' }, 'call').map(({ rule }) => rule)).toEqual(['law.fl-ftsa', 'law.ok-otsa'])
    expect(limits({ state: 'MD' }, 'sms')).toEqual([{ ...day, rule: 'law.state-days.md' }])
    expect(limits({ country: 'FR' }, 'call')).toEqual([{ max: 4, perMs: 30 * 86_400_000, rule: 'law.fr-hours' }])
  })

  test('as often as one likes elsewhere, and by e-mail', () => {
    expect(limits({ phone: '+12125550123' }, 'sms')).toEqual([])
    expect(limits({ phone: '+13055550123' }, 'email')).toEqual([])
    expect(textLimits({ state: 'FL' }, 'sms', { ...guardrailDefaults, packs: ['us-federal'] })).toEqual([])
  })
})

test('every rule of time is told once, with a source and a date', () => {
  const ids = TIME_RULES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { says, source, asOf, channels } of TIME_RULES) {
    expect(says).toMatch(/\.$/)
    expect(source).not.toBe('')
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(channels.length).toBeGreaterThan(0)
  }
})
