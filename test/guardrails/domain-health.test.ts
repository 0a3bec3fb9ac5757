import { expect, test } from 'vitest'
import { checkMessage, domainHealth, guardrailDefaults } from '../../src/guardrails/index.js'
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
