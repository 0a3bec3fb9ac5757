import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTION_RULES } from '../../src/core/action.js'
import {
  agentLimits,
  emailLimits,
  ghlLimits,
  keys,
  type LimitWindow,
  refusals,
  release,
  releasePace,
  remaining,
  reserve,
  smsLimits,
} from '../../src/limits/index.js'
import { createModel } from './model.js'

const HOUR = 3_600_000
const T0 = Date.parse('2026-03-08T04:00:00Z')
const hour = (limit: number, by = 1): LimitWindow => ({
  name: 'test.perHour',
  code: 'agent.hourly_limit',
  kind: 'rolling',
  key: 'q/test/hour',
  limit,
  by,
  lengthMs: HOUR,
})
const calendarDay = (limit: number, zone = 'UTC', by = 1): LimitWindow => ({
  name: 'test.perDay',
  code: 'email.daily_limit',
  kind: 'calendar',
  key: 'q/test/day',
  limit,
  by,
  period: 'day',
  zone,
})
const email = (domain: string, policy = {}) =>
  emailLimits(policy).windows({ location: 'loc1', zone: 'America/New_York', recipients: { total: 1, byDomain: { [domain]: 1 } } })

describe('laws', () => {
  const step = fc.record({
    wait: fc.oneof(fc.nat(5_000), fc.nat(200_000), fc.nat(4_000_000)),
    by: fc.integer({ min: 1, max: 4 }),
  })

  test('no real window ever holds more than the limit, whatever comes when', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 150 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom([HOUR, 30], [10_000, 10], [7_777, 4], [HOUR, 1]),
        (steps, limit, [lengthMs = HOUR, subBuckets = 30]) => {
          const model = createModel()
          const taken: { at: number; by: number }[] = []
          let now = T0
          for (const { wait, by } of steps) {
            now += Math.floor((wait * lengthMs) / HOUR)
            const window = { ...hour(limit, by), lengthMs, steps: subBuckets } as LimitWindow
            if (model.commit(reserve([window], now), now).ok) taken.push({ at: now, by })
          }
          for (const { at } of taken) {
            const inside = taken.filter((other) => other.at <= at && other.at > at - lengthMs)
            expect(inside.reduce((sum, { by }) => sum + by, 0)).toBeLessThanOrEqual(limit)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a rolling window is at most one sub-bucket too strict', () => {
    fc.assert(
      fc.property(fc.nat(HOUR * 5), fc.nat(HOUR * 2), (start, later) => {
        const model = createModel()
        const first = T0 + start
        model.commit(reserve([hour(1)], first), first)
        const passes = model.commit(reserve([hour(1)], first + later), first + later).ok
        if (later < HOUR) expect(passes).toBe(false)
        if (later >= HOUR + HOUR / 20) expect(passes).toBe(true)
      }),
    )
  })

  test('refusals says what the storage will say, and retryAt is the first instant at which it passes', () => {
    const zones = fc.constantFrom('America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC')
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        zones,
        fc.integer({ min: 1, max: 6 }),
        (steps, zone, limit) => {
          const model = createModel()
          const windowsOf = (by: number): LimitWindow[] => [
            hour(limit, by),
            calendarDay(limit * 2, zone, by),
            { name: 'test.pace', code: 'email.min_delay', kind: 'pace', key: 'q/test/pace', limit: 1, by: 1, everyMs: 30_000 },
          ]
          let now = T0
          for (const { wait, by } of steps) {
            now += wait
            const windows = windowsOf(by)
            const reasons = refusals(windows, model.entries, now)
            for (const { code, retryAt, data } of reasons) {
              const window = windows.filter((candidate) => candidate.code === code)
              if (retryAt === undefined) expect(data.by).toBeGreaterThan(Number(data.limit))
              else {
                expect(refusals(window, model.entries, retryAt - 1)).toHaveLength(1)
                expect(refusals(window, model.entries, retryAt)).toEqual([])
                // Refused at every instant before: look for one that is not by halving.
                for (let span = (retryAt - now) / 2; span >= 1; span /= 2) {
                  expect(refusals(window, model.entries, Math.floor(retryAt - span))).toHaveLength(1)
                }
              }
            }
            expect(model.commit(reserve(windows, now), now).ok).toBe(reasons.length === 0)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('what is given back can be taken again, and nothing more', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60 }), (steps) => {
        const model = createModel()
        const kept: { at: number; by: number }[] = []
        let now = T0
        for (const [{ wait, by }, failed] of steps) {
          now += wait
          const windows = [hour(10, by), calendarDay(30, 'UTC', by)]
          if (!model.commit(reserve(windows, now), now).ok) continue
          const reservedAt = now
          if (!failed) kept.push({ at: reservedAt, by })
          else {
            now += wait
            model.commit(release(windows, reservedAt), now)
          }
        }
        const today = kept.filter(({ at }) => Math.floor(at / 86_400_000) === Math.floor(now / 86_400_000))
        expect(remaining([calendarDay(30)], model.entries, now)[0]?.used).toBe(today.reduce((sum, { by }) => sum + by, 0))
      }),
      { numRuns: 100 },
    )
  })
})

describe('reserve', () => {
  test('sends are recorded with the reservation: of 40 back to back to one domain, 5 pass', () => {
    const model = createModel()
    const passed = Array.from({ length: 40 }, (_, i) => {
      const now = T0 + i * 30_000
      return model.commit(reserve(email('acme.example'), now), now).ok
    })
    expect(passed.filter(Boolean)).toHaveLength(5)
  })
  test('there is no check apart from the record: of 50 at the same instant, the limit passes', () => {
    const model = createModel()
    const windows = email('acme.example', { minDelayMs: 0, perDomainHour: 50 })
    const batches = Array.from({ length: 50 }, () => reserve(windows, T0))
    expect(batches.filter((batch) => model.commit(batch, T0).ok)).toHaveLength(20)
  })
  test('the denial of one window charges no other: a burnt domain leaves the month to the rest', () => {
    const model = createModel()
    const policy = { minDelayMs: 0, perHour: 1000, perDay: 1000 }
    const count = (attempts: number, domain: (i: number) => string) =>
      Array.from({ length: attempts }, (_, i) => model.commit(reserve(email(domain(i), policy), T0), T0).ok).filter(Boolean)
        .length
    expect(count(700, () => 'burnt.example')).toBe(5)
    expect(count(100, (i) => `d${i % 20}.example`)).toBe(100)
    expect(remaining(email('x.example', policy), model.entries, T0)[0]).toMatchObject({ used: 105 })
  })
  test('every window is one operation, in order, and the index of a failed one is that of its window', () => {
    const model = createModel()
    const windows = email('acme.example')
    const ops = reserve(windows, T0)
    expect(ops.map(({ key }) => windows.findIndex((window) => key.startsWith(window.key)))).toEqual([0, 1, 2, 3, 4])
    model.commit(ops, T0)
    expect(model.commit(reserve(windows, T0), T0)).toMatchObject({ ok: false, failed: 4 })
  })
  test('the bucket of a day names the date and the zone', () => {
    expect(reserve([calendarDay(5, 'America/New_York')], T0)[0]?.key).toBe('q/test/day/2026-03-07@America/New_York')
  })
  test('every counter expires once nobody looks at it, so that storage stays bounded', () => {
    for (const op of reserve(email('acme.example'), T0)) {
      if (op.op !== 'add') continue
      expect(op.expiresAt).toBeGreaterThan(T0 + (op.key.includes('hour') ? HOUR : 0))
      expect(op.expiresAt).toBeLessThan(T0 + 33 * 86_400_000)
    }
  })
  test('the same texts are handed to storage again within a sub-bucket', () => {
    const [a] = reserve([hour(5)], T0)
    const [b] = reserve([hour(5)], T0 + 1000)
    expect(a?.op === 'add' && b?.op === 'add' && a.plus === b.plus).toBe(true)
  })
  test('keys lists what remaining looks at, each once', () => {
    const seen = new Set<string>()
    const windows = email('acme.example')
    remaining(
      windows,
      (key) => {
        seen.add(key)
        return null
      },
      T0,
    )
    expect(new Set(keys(windows, T0))).toEqual(seen)
    expect(keys(windows, T0)).toHaveLength(seen.size)
  })
  test('a process whose clock runs a minute behind still sees what the others took', () => {
    const model = createModel()
    const edge = Math.ceil(T0 / 120_000) * 120_000
    model.commit(reserve([hour(1)], edge), edge)
    expect(model.commit(reserve([hour(1)], edge - 60_000), edge - 60_000).ok).toBe(false)
  })
})

describe('release', () => {
  test('a refund after the window rolled over creates no credit', () => {
    const model = createModel()
    const windows = [hour(1), calendarDay(1)]
    model.commit(reserve(windows, T0), T0)
    const later = T0 + 3 * 86_400_000
    model.commit(release(windows, T0), later)
    expect(remaining(windows, model.entries, later).map(({ used }) => used)).toEqual([0, 0])
    expect(model.commit(reserve([hour(1, 2)], later), later).ok).toBe(false)
  })
  test('a refund after midnight gives back to yesterday, not to today', () => {
    const model = createModel()
    const evening = Date.parse('2026-03-07T23:59:00Z')
    const morning = Date.parse('2026-03-08T00:01:00Z')
    model.commit(reserve([calendarDay(1)], evening), evening)
    model.commit(reserve([calendarDay(1)], morning), morning)
    model.commit(release([calendarDay(1)], evening), morning)
    expect(model.commit(reserve([calendarDay(1)], morning), morning).ok).toBe(false)
  })
  test('a minimum delay is given back when nobody has gone since', () => {
    const model = createModel()
    const windows = email('acme.example')
    const first = model.commit(reserve(windows, T0), T0)
    model.commit(releasePace(windows, first.ok ? first.versions : []), T0 + 1)
    expect(model.commit(reserve(windows, T0 + 2), T0 + 2).ok).toBe(true)
  })
  test('a minimum delay somebody else has taken since stays taken', () => {
    const model = createModel()
    const windows = email('acme.example')
    const first = model.commit(reserve(windows, T0), T0)
    model.commit(reserve(windows, T0 + 30_000), T0 + 30_000)
    expect(model.commit(releasePace(windows, first.ok ? first.versions : []), T0 + 30_001).ok).toBe(false)
    expect(model.commit(reserve(windows, T0 + 30_002), T0 + 30_002).ok).toBe(false)
  })
})

describe('agents', () => {
  test('sending and scheduling an e-mail count under the key the roles limit', () => {
    const limits = agentLimits({ email_send: 1 })
    const model = createModel()
    const run = (action: 'send_email' | 'schedule_email') =>
      model.commit(reserve(limits.windows({ agent: 'outreach', limitKey: ACTION_RULES[action].limitKey }), T0), T0).ok
    expect([run('send_email'), run('schedule_email')]).toEqual([true, false])
  })
  test('making the limits again, as a restart does, does not reset the count', () => {
    const model = createModel()
    const run = () => model.commit(reserve(agentLimits({ k: 1 }).windows({ agent: 'a', limitKey: 'k' }), T0), T0).ok
    expect([run(), run()]).toEqual([true, false])
  })
  test('agents, and the actions of one agent, do not share a count', () => {
    const model = createModel()
    const limits = agentLimits({ k: 1, other: 1 })
    const run = (agent: string, limitKey: string) => model.commit(reserve(limits.windows({ agent, limitKey }), T0), T0).ok
    expect([run('a', 'k'), run('b', 'k'), run('a', 'other'), run('a', 'k')]).toEqual([true, true, true, false])
  })
  test('a key without a limit has no window, hostile names included', () => {
    for (const limitKey of ['read', '__proto__', 'constructor', 'toString']) {
      expect(agentLimits({ k: 1 }).windows({ agent: 'a', limitKey })).toEqual([])
    }
  })
  test('the refusal names the agent and the numbers', () => {
    const windows = agentLimits({ email_send: 0 }).windows({ agent: 'outreach', limitKey: 'email_send' })
    expect(refusals(windows, new Map(), T0)).toMatchObject([
      { code: 'agent.hourly_limit', rule: 'agent.email_send', data: { limit: 0, used: 0, scope: 'outreach' } },
    ])
  })
})

test('GHL: 100 calls in any 10 seconds and 200000 per UTC day, per location', () => {
  const windows = ghlLimits().windows({ location: 'loc1', calls: 3 })
  expect(windows).toMatchObject([
    { code: 'ghl.rate_limit', limit: 100, by: 3, lengthMs: 10_000 },
    { code: 'ghl.daily_limit', limit: 200_000, by: 3, zone: 'UTC' },
  ])
  const model = createModel()
  const passed = Array.from({ length: 200 }, (_, i) => model.commit(reserve(windows, T0 + i * 45), T0 + i * 45).ok)
  expect(passed.filter(Boolean)).toHaveLength(33)
})
test('e-mail, SMS and GHL calls of one location are counted apart', () => {
  const request = { location: 'loc1', zone: 'UTC', recipients: { total: 1, byDomain: { 'a.example': 1 } } }
  const all = [
    ...emailLimits().windows(request),
    ...smsLimits().windows(request),
    ...ghlLimits().windows({ location: 'loc1', calls: 1 }),
    ...agentLimits({ k: 1 }).windows({ agent: 'loc1', limitKey: 'k' }),
  ]
  const ops = reserve(all, T0)
  expect(new Set(ops.map(({ key }) => key)).size).toBe(ops.length)
})
