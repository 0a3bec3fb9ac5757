import { expect, test } from 'vitest'
import { dayOf } from '../../src/guardrails/health/index.js'
import {
  checkMessage,
  countersAt,
  type DomainCounters,
  domainHealth,
  guardrailDefaults,
  type HealthEvent,
  type HealthRecord,
  NO_HEALTH,
  recordEvent,
  senderDomain,
} from '../../src/guardrails/index.js'
import { email } from '../../src/testing/builders.js'
import { codes, facts, NOW } from './facts.js'

const DAY = 86_400_000
const health = (counters: Partial<Parameters<typeof domainHealth>[0]>, now?: number) =>
  domainHealth({ totalSent: 200, bounces: 0, complaints: 0, ...counters }, guardrailDefaults, now)

test('defect 22: 5 % bounces stop a domain whatever its score', () => {
  expect(domainHealth({ totalSent: 100, bounces: 100, complaints: 0 }, 'original').healthy).toBe(true)
  expect(health({ bounces: 10 })).toMatchObject({ healthy: false, reasons: [{ rule: 'health.bounces' }] })
})

test('defect 22: one bounce or complaint in a small sample is no verdict', () => {
  expect(health({ totalSent: 10, bounces: 1 }).healthy).toBe(true)
  expect(health({ totalSent: 150, complaints: 1, opens: 0 }).healthy).toBe(true)
  expect(health({ totalSent: 150, complaints: 2 })).toMatchObject({ healthy: false })
})

test('defect 22: opens that are not tracked cost nothing', () => expect(health({}).score).toBe(100))

test('defect 22: a bounce stop rests 24 h, a complaint stop 48 h, then the domain may come back', () => {
  expect(health({ bounces: 10, lastBounceAt: NOW })).toMatchObject({ coolingUntil: NOW + DAY })
  expect(health({ complaints: 3, lastComplaintAt: NOW })).toMatchObject({ coolingUntil: NOW + 2 * DAY })
  expect(health({ bounces: 10, lastBounceAt: NOW }, NOW + DAY)).toMatchObject({ healthy: true })
})

test('defect 22: a score below 50 cools as well, and comes back from 60 only', () => {
  const bad = { totalSent: 2000, bounces: 110, complaints: 3, opens: 100, lastBounceAt: NOW }
  expect(health(bad)).toMatchObject({ score: 10, coolingUntil: NOW + 3 * DAY })
  expect(health(bad, NOW + 9 * DAY).healthy).toBe(false)
})

test.each([
  [{ totalSent: Number.NaN, bounces: 500 }, 'totalSent'],
  [{ bounces: '500' }, 'bounces'],
  [{ complaints: undefined }, 'complaints'],
  [{ replies: -1 }, 'replies'],
  [{ week: { totalSent: 5, bounces: Number.POSITIVE_INFINITY, complaints: 0 } }, 'week.bounces'],
  [{ restUntil: Number.NaN }, 'restUntil'],
])('what is no count says nothing of a domain, least of all that it is healthy: %o', (counters, name) => {
  for (const policy of [guardrailDefaults, 'original'] as const)
    expect(() => domainHealth({ totalSent: 200, bounces: 0, complaints: 0, ...counters } as DomainCounters, policy)).toThrow(
      new RegExp(`^\`${name}\` is .+, expected a number from 0\\.$`),
    )
})

test('an event nobody counts is an error with the nearest name', () => {
  const record = (event: string) =>
    recordEvent(NO_HEALTH, event as HealthEvent, { count: 1, at: NOW, now: NOW, sent: {} }, guardrailDefaults)
  expect(() => record('bounced')).toThrow(
    '`event` is "bounced", expected one of open, reply, bounce, complaint, unsubscribe. Did you mean "bounce"?',
  )
  for (const event of ['constructor', undefined as never]) expect(() => record(event)).toThrow(TypeError)
})

test('a resting domain is refused until it has rested', () => {
  const senderHealth = health({ bounces: 10, lastBounceAt: NOW })
  const decision = checkMessage(email(), guardrailDefaults, facts({ senderHealth }))
  expect(decision).toMatchObject({ verdict: 'deny', reasons: [{ code: 'domain.cooling', retryAt: NOW + DAY }] })
})

test('an unhealthy domain is refused, an unnamed one warned about', () => {
  expect(codes(checkMessage(email(), guardrailDefaults, facts({ senderHealth: health({ bounces: 10 }) })))).toEqual([
    'domain.unhealthy',
  ])
  const { senderDomain: _none, ...rest } = facts()
  expect(checkMessage(email(), guardrailDefaults, rest).warnings).toMatchObject([{ code: 'domain.unknown' }])
})

test('trouble of a domain whose sends nobody counted is trouble', () => {
  const counters = { totalSent: 0, bounces: 5, complaints: 0, lastBounceAt: 1_000 }
  expect(domainHealth(counters, guardrailDefaults, 2_000)).toMatchObject({ healthy: false, coolingUntil: 1_000 + 24 * 3_600_000 })
})

const record = (events: readonly (readonly [HealthEvent, number, number?])[], sent: Record<number, { sent: number }>) =>
  events.reduce<HealthRecord>(
    (before, [event, at, count = 1]) => recordEvent(before, event, { count, at, now: at, sent }, guardrailDefaults),
    NO_HEALTH,
  )
const at = (from: HealthRecord, now: number) => domainHealth(countersAt(from, now), guardrailDefaults, now)
const today = dayOf(NOW)

test('a bad week is not hidden by a good month', () => {
  const sent = { [today - 20]: { sent: 2000 }, [today]: { sent: 100 } }
  expect(at(record([['bounce', NOW, 5]], sent), NOW)).toMatchObject({ healthy: false, reasons: [{ rule: 'health.bounces' }] })
  expect(at(record([['bounce', NOW, 4]], sent), NOW).healthy).toBe(true)
})

test('events of a day are judged for 30 days', () => {
  const bad = record([['bounce', NOW, 20]], { [today]: { sent: 200 } })
  expect(countersAt(bad, NOW + 29 * DAY).bounces).toBe(20)
  expect(countersAt(bad, NOW + 30 * DAY)).toMatchObject({ bounces: 0, totalSent: 0 })
})

test('two complaints in seven days stop a small sender for 48 hours, two in 8 days do not', () => {
  const sent = { [today]: { sent: 900 } }
  expect(
    at(
      record(
        [
          ['complaint', NOW - DAY],
          ['complaint', NOW],
        ],
        sent,
      ),
      NOW,
    ),
  ).toMatchObject({
    healthy: false,
    coolingUntil: NOW + 2 * DAY,
    reasons: [{ rule: 'health.weekly-complaints' }],
  })
  expect(
    at(
      record(
        [
          ['complaint', NOW - 7 * DAY],
          ['complaint', NOW],
        ],
        sent,
      ),
      NOW,
    ).healthy,
  ).toBe(true)
  expect(at(record([['complaint', NOW, 2]], { [today]: { sent: 2000 } }), NOW).healthy).toBe(true)
})

test('a stop is left from a score of 60 only, though 50 would do without one', () => {
  // 0.2 % complaints and few opens: 40 + 20 points away.
  const counters = { totalSent: 2000, bounces: 0, complaints: 3, opens: 580 }
  expect(domainHealth(counters, guardrailDefaults, NOW)).toMatchObject({ score: 50, healthy: true })
  const rested = domainHealth({ ...counters, restUntil: NOW - 1 }, guardrailDefaults, NOW)
  expect(rested).toMatchObject({ healthy: false, reasons: [{ rule: 'health.score', data: { needed: 60 } }] })
  expect(domainHealth({ ...counters, opens: 1000, restUntil: NOW - 1 }, guardrailDefaults, NOW)).toMatchObject({
    score: 60,
    healthy: true,
  })
})

test('a rest lasts its time though the rate falls meanwhile, and is forgotten once the domain is back', () => {
  const stopped = record([['bounce', NOW, 10]], { [today]: { sent: 100 } })
  const later = recordEvent(
    stopped,
    'open',
    { count: 1, at: NOW + DAY / 2, now: NOW + DAY / 2, sent: { [today]: { sent: 900 } } },
    guardrailDefaults,
  )
  expect(at(later, NOW + DAY / 2)).toMatchObject({ healthy: false, coolingUntil: NOW + DAY })
  expect(at(later, NOW + DAY).healthy).toBe(true)
  const back = recordEvent(later, 'reply', { count: 1, at: NOW + DAY, now: NOW + DAY, sent: {} }, guardrailDefaults)
  expect(back.restUntil).toBeUndefined()
})

test('a rate that may still be mended is a warning with its level', () => {
  const warned = (bounces: number, complaints = 0) =>
    health({ totalSent: 2000, bounces, complaints }).warnings.map(({ data }) => data.level)
  expect([warned(39), warned(40), warned(60), warned(0, 2)]).toEqual([[], [0.02], [0.03], [0.001]])
  const decision = checkMessage(email(), guardrailDefaults, facts({ senderHealth: health({ totalSent: 2000, bounces: 40 }) }))
  expect(decision).toMatchObject({ verdict: 'allow', warnings: [{ code: 'domain.at_risk', rule: 'health.bounces-warning' }] })
})

test.each([
  ['Sam <SAM@Mail.Agency.example.>', 'agency.example'],
  ['agency.example', 'agency.example'],
  ['sam@bücher.example', 'xn--bcher-kva.example'],
  ['sam@xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['', 'unknown'],
  ['sam', 'unknown'],
  [undefined, 'unknown'],
])('the sender %s is %s', (from, domain) => expect(senderDomain(from)).toBe(domain))

test('a sender nobody knows is judged by what all of those did', () => {
  const { senderDomain: _none, ...rest } = facts({ senderHealth: health({ bounces: 10, lastBounceAt: NOW }, NOW) })
  expect(codes(checkMessage(email(), guardrailDefaults, rest))).toEqual(['domain.cooling'])
})
