import { describe, expect, test } from 'vitest'
import { fractionUsed, initialSystem, readiness, reduce, type SystemFacts, snapshot } from '../../src/orchestrator/index.js'

const healthy = ['api_ghl', 'api_supabase', 'supabase_db'].reduce(
  (state, component) => reduce(state, { type: 'report', component, status: 'healthy', at: 1, by: 'health check' }),
  initialSystem(),
)
const good: SystemFacts = {
  state: healthy,
  rateLimits: [{ name: 'e-mail this month', used: 30, limit: 3000 }],
  openBreakers: [],
  pendingApprovals: 0,
  errorsLastHour: 4,
  timeZones: { version: '2026f', corrected: [], wrong: [] },
}
const failedOf = (facts: SystemFacts) => readiness(facts).failed.map(({ check }) => check)

describe('the readiness check', () => {
  test('is ready when everything was looked at and is fine', () => {
    expect(readiness(good)).toMatchObject({ ready: true, failed: [] })
    expect(readiness(good).passed.map(({ check }) => check)).toEqual([
      'api_ghl',
      'api_supabase',
      'supabase_db',
      'e-mail this month',
      'breakers',
      'approvals',
      'errors',
      'time zones',
      'status',
    ])
  })

  test('what was not measured is not ready (defects 24 and 26)', () => {
    expect(failedOf({ state: initialSystem() })).toEqual([
      'api_ghl',
      'api_supabase',
      'supabase_db',
      'rate limits',
      'breakers',
      'approvals',
      'errors',
      'time zones',
      'status',
    ])
  })

  test('an open breaker, five errors and a waiting approval are each seen (defect 24)', () => {
    expect(failedOf({ ...good, openBreakers: ['ghl_api'] })).toEqual(['breakers'])
    expect(failedOf({ ...good, errorsLastHour: 5 })).toEqual(['errors'])
    expect(failedOf({ ...good, pendingApprovals: 1 })).toEqual(['approvals'])
  })

  test.each([
    [79, 100, true],
    [80, 100, false],
    [0, 0, false],
    [1, -5, false],
    [Number.NaN, 100, false],
  ])('%d of %d used: passes = %s', (used, limit, passes) => {
    expect(readiness({ ...good, rateLimits: [{ name: 'x', used, limit }] }).ready).toBe(passes)
  })

  test('zones that are wrong are not ready; corrected ones are, and are named', () => {
    const said = (wrong: string[]) => {
      const { passed, failed } = readiness({ ...good, timeZones: { version: '2025c', corrected: ['America/Vancouver'], wrong } })
      return [...passed, ...failed].find(({ check }) => check === 'time zones')?.message
    }
    expect(said([])).toBe('The tz database is 2025c; newer laws are built in for America/Vancouver.')
    expect(said(['Asia/Tokyo'])).toMatch(/2025c and wrong for Asia\/Tokyo: update the runtime/)
    expect(failedOf({ ...good, timeZones: { version: null, corrected: [], wrong: ['Asia/Tokyo'] } })).toEqual(['time zones'])
  })

  test('a stop is not ready', () => {
    const state = reduce(healthy, { type: 'enter_maintenance', reason: 'r', at: 1, by: 'ann' })
    expect(failedOf({ ...good, state })).toEqual(['status'])
  })
})

test('a use that cannot be judged counts as used up', () => {
  for (const [used, limit] of [
    [Number.NaN, 100],
    [1, Number.NaN],
    [0, 0],
    [1, -5],
  ] as const) {
    // biome-ignore format: a table
    expect(fractionUsed({ name: 'x', used, limit })).toBe(1)
  }
})

describe('the snapshot', () => {
  test('1 % used is no warning, 90 % is a critical one (defect 25)', () => {
    const used = (n: number) => snapshot({ ...good, rateLimits: [{ name: 'e-mail today', used: n, limit: 100 }] }, 1)
    expect(used(1)).toMatchObject({ warnings: [], rateLimits: [{ fraction: 0.01 }] })
    expect(used(80).warnings).toEqual([{ level: 'warning', message: 'e-mail today is 80 % used.' }])
    expect(used(90).warnings).toEqual([{ level: 'critical', message: 'e-mail today is 90 % used.' }])
  })

  test('lists what is wrong, critical things first, and each advice once', () => {
    const down = (state: typeof healthy, component: string) =>
      reduce(state, { type: 'report', component, status: 'down', at: 2, by: 'health check' })
    const state = ['api_clay', 'api_clay', 'api_clay', 'api_ghl'].reduce(down, healthy)
    const page = snapshot({ ...good, state, openBreakers: ['ghl_api'] }, 3)
    expect(page).toMatchObject({ at: 3, status: 'critical', operational: false, openBreakers: ['ghl_api'] })
    expect(page.warnings.map(({ message }) => message)).toEqual([
      'api_ghl is down.',
      'api_clay is down.',
      'api_clay failed 3 times in a row.',
      'Circuit breakers not closed: ghl_api.',
    ])
    expect(page.recommendations).toEqual([...new Set(page.recommendations)])
    expect(page.recommendations.at(-1)).toBe('Clear this up before running campaigns.')
  })

  test('is plain data', () => {
    const page = snapshot(good, 1)
    expect(JSON.parse(JSON.stringify(page))).toEqual(page)
  })
})
