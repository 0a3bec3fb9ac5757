import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freezeJson } from '../../src/core/json.js'
import {
  checkSystem,
  initialSystem,
  isOperational,
  readSystem,
  reduce,
  type SystemEvent,
  type SystemState,
  statusOf,
  systemPolicy,
  validateEvent,
} from '../../src/orchestrator/index.js'

const origin = { at: Date.UTC(2026, 6, 1, 12), by: 'ann' }
const report = (component: string, status: 'healthy' | 'degraded' | 'down' | 'unknown'): SystemEvent => ({
  type: 'report',
  component,
  status,
  ...origin,
})
const stop: SystemEvent = { type: 'emergency_stop', reason: 'a leak', ...origin }
const lift: SystemEvent = { type: 'lift_emergency_stop', ...origin }
const enter: SystemEvent = { type: 'enter_maintenance', reason: 'new CRM fields', ...origin }
const leave: SystemEvent = { type: 'leave_maintenance', ...origin }
const given = (...events: readonly SystemEvent[]) => events.reduce((state, event) => reduce(state, event), initialSystem())
const checked = given(report('api_ghl', 'healthy'), report('api_supabase', 'healthy'), report('supabase_db', 'healthy'))
const send = { agent: 'outreach', locationId: 'loc_1', channel: 'email', reads: false, protective: false }
const codes = (state: SystemState, subject: Partial<typeof send> = {}) => {
  const decision = checkSystem(state, { ...send, ...subject })
  return decision.verdict === 'allow' ? [] : decision.reasons.map(({ code }) => code)
}

describe('status', () => {
  test('a healthy system is operational', () => {
    expect([statusOf(checked), isOperational(checked)]).toEqual(['healthy', true])
  })

  test('maintenance stops operations, leaving it resumes them', () => {
    const state = reduce(checked, enter)
    expect([statusOf(state), isOperational(state)]).toEqual(['maintenance', false])
    const resumed = reduce(state, leave)
    expect([statusOf(resumed), isOperational(resumed)]).toEqual(['healthy', true])
  })

  test('an emergency shutdown stops operations', () => {
    const state = reduce(checked, stop)
    expect([statusOf(state), isOperational(state)]).toEqual(['emergency', false])
  })

  test('component health updates, with failures in a row and the last success', () => {
    const state = given(report('api_clay', 'healthy'), report('api_clay', 'degraded'), { ...origin, type: 'report', component: 'api_clay', status: 'down', error: '503', at: origin.at + 5 }) // biome-ignore format: one line says it
    expect(state.components.api_clay).toEqual({
      status: 'down',
      failures: 2,
      lastCheck: origin.at + 5,
      lastSuccess: origin.at,
      error: '503',
    })
    expect(reduce(state, report('api_clay', 'healthy')).components.api_clay).toMatchObject({ failures: 0, error: null })
  })

  test('a critical API down makes the system critical, another one degrades it', () => {
    expect(statusOf(reduce(checked, report('api_ghl', 'down')))).toBe('critical')
    expect(statusOf(reduce(checked, report('api_linkedin', 'down')))).toBe('degraded')
  })

  test('the database down is critical by default and only degrades with the policy of the replaced system (defect 26)', () => {
    const state = reduce(checked, report('supabase_db', 'down'))
    expect([statusOf(state), statusOf(state, 'original')]).toEqual(['critical', 'degraded'])
  })

  test('three down are critical, three degraded are degraded, two are healthy', () => {
    const down = ['HUNTER', 'CRAFTER', 'QUEEN'].reduce((state, name) => reduce(state, report(name, 'down')), checked)
    const two = ['HUNTER', 'CRAFTER'].reduce((state, name) => reduce(state, report(name, 'degraded')), checked)
    expect([statusOf(down), statusOf(two), statusOf(reduce(two, report('QUEEN', 'degraded')))]).toEqual([
      'critical',
      'healthy',
      'degraded',
    ])
  })

  test('what nobody has checked is not called healthy, and does not stop the gateway (defect 26)', () => {
    const state = initialSystem()
    expect([statusOf(state), isOperational(state), statusOf(state, 'original')]).toEqual(['unchecked', true, 'healthy'])
    expect(codes(state)).toEqual([])
  })
})

describe('stops', () => {
  test('nothing but its own event lifts an emergency stop (defect 5)', () => {
    const anything = fc.constantFrom<SystemEvent>(
      enter,
      leave,
      stop,
      report('api_ghl', 'healthy'),
      report('api_ghl', 'down'),
      { type: 'switch_on', kind: 'agent', name: 'outreach', ...origin },
      { type: 'switch_off', kind: 'agent', name: 'outreach', reason: '', ...origin },
      { type: 'set_mode', mode: 'live', over: 'shadow', ...origin },
      { type: 'set_mode', mode: null, over: 'shadow', ...origin },
    )
    fc.assert(
      fc.property(fc.array(anything), (events) => {
        const state = events.reduce((before, event) => reduce(before, event), reduce(checked, stop))
        expect(statusOf(state)).toBe('emergency')
        expect(state.emergency).toEqual({ reason: 'a leak', ...origin })
        expect(codes(state)).toContain('system.emergency_stop')
        expect(reduce(state, lift).emergency).toBeNull()
      }),
    )
  })

  test('stops survive being stored and read back (defect 6)', () => {
    const state = given(stop, enter, { type: 'switch_off', kind: 'channel', name: 'sms', reason: 'carrier', ...origin })
    const restored = readSystem(JSON.parse(JSON.stringify(freezeJson(state))))
    expect(restored).toEqual(state)
    expect(initialSystem(undefined, restored ?? undefined)).toEqual(state)
  })

  test('what cannot be read back is nothing, never a system without stops', () => {
    for (const stored of [null, undefined, {}, [], 'x', { ...checked, emergency: true }, { ...checked, switches: {} }]) {
      expect(readSystem(stored)).toBeNull()
    }
  })

  test('entering maintenance in an emergency does not relabel it', () => {
    const state = given(stop, enter)
    expect(statusOf(state)).toBe('emergency')
    expect(statusOf(reduce(state, lift))).toBe('maintenance')
  })

  test('the first stop stands: a second one does not hide who made it and why', () => {
    const state = reduce(given(stop), { ...stop, reason: 'me too', by: 'bob' })
    expect(state.emergency?.by).toBe('ann')
  })

  test('an emergency stop is honoured however badly it is filled in', () => {
    for (const sloppy of [{ type: 'emergency_stop' }, { type: 'emergency_stop', reason: 7, at: Number.NaN, by: '', more: 1 }]) {
      expect(statusOf(reduce(checked, sloppy as unknown as SystemEvent))).toBe('emergency')
    }
  })
})

describe('what is refused changes nothing', () => {
  test.each([
    [{ ...report('api_ghl', 'down'), status: 'DOWN' }, 'status'],
    [{ ...report('api_ghl', 'down'), status: 'timeout' }, 'status'],
    [report('api_gohighlevel', 'down'), 'component'],
    [report('constructor', 'down'), 'component'],
    [{ ...leave, at: 'now' }, 'at'],
    [{ ...lift, by: '' }, 'by'],
    [{ ...lift, extra: 1 }, 'extra'],
    [{ type: 'set_mode', mode: { pilot: 2 }, over: 'live', ...origin }, 'mode'],
    [{ type: 'switch_off', kind: 'channel', name: 'e-mail', reason: '', ...origin }, 'Did you mean "email"'],
    [{ type: 'switch_off', kind: 'agent', name: '__proto__', reason: '', ...origin }, '__proto__'],
    [{ type: 'no_such_event', ...origin }, 'type'],
    [null, 'event'],
  ])('%j', (event, why) => {
    expect(validateEvent(event).refused).toContain(why)
    expect(reduce(checked, event as SystemEvent)).toBe(checked)
  })
})

describe('the first stage of an action', () => {
  test('says who stopped it, when, why and how to go on', () => {
    const decision = checkSystem(given(stop), send)
    expect(decision.verdict === 'deny' && decision.reasons[0].message).toBe(
      'Emergency stop by ann at 2026-07-01T12:00:00.000Z: a leak. Nothing runs until an operator lifts the emergency stop.',
    )
  })

  test('a critical system refuses writes and still answers reads', () => {
    const state = reduce(checked, report('api_ghl', 'down'))
    expect([codes(state), codes(state, { reads: true })]).toEqual([['system.critical'], []])
  })

  test('maintenance and emergency refuse reads too', () => {
    expect(codes(given(enter), { reads: true })).toEqual(['system.maintenance'])
    expect(codes(given(stop), { reads: true })).toEqual(['system.emergency_stop'])
  })

  test.each([
    ['agent', 'outreach', { agent: 'scout' }],
    ['location', 'loc_1', { locationId: 'loc_2' }],
    ['channel', 'email', { channel: 'sms' }],
  ] as const)('a switched off %s is refused, others are not, until it is switched on', (kind, name, other) => {
    const off = reduce(checked, { type: 'switch_off', kind, name, reason: 'complaints', ...origin })
    expect([codes(off), codes(off, other)]).toEqual([['system.switched_off'], []])
    expect(codes(reduce(off, { type: 'switch_on', kind, name, ...origin }))).toEqual([])
  })

  test('protective actions always pass', () => {
    const all = given(stop, enter, report('api_ghl', 'down'), {
      type: 'switch_off',
      kind: 'agent',
      name: 'outreach',
      reason: '',
      ...origin,
    })
    expect(codes(all)).toEqual(['system.emergency_stop', 'system.maintenance', 'system.critical', 'system.switched_off'])
    expect(codes(all, { protective: true })).toEqual([])
  })

  test.each(['__proto__', 'constructor', 'toString'])('an agent called %s is not switched off by its name', (agent) => {
    expect(codes(checked, { agent, locationId: agent, channel: agent })).toEqual([])
  })
})

describe('a mode set by an operator', () => {
  test('remembers which configured one it replaced, and goes when it is cleared', () => {
    const state = given({ type: 'set_mode', mode: { pilot: 0.1 }, over: 'live', ...origin })
    expect(state.mode).toEqual({ mode: { pilot: 0.1 }, over: 'live', ...origin })
    expect(reduce(state, { type: 'set_mode', mode: null, over: 'live', ...origin }).mode).toBeNull()
  })
})

test('with other components in the policy, stops stay and components follow it', () => {
  const policy = systemPolicy.parse({ components: ['api_ghl', 'crm_sync'], critical: ['api_ghl'] })
  const state = initialSystem(policy, reduce(checked, stop))
  expect(Object.keys(state.components)).toEqual(['api_ghl', 'crm_sync'])
  expect([state.components.api_ghl?.status, state.emergency?.by]).toEqual(['healthy', 'ann'])
})

test('a critical component that is not one of the components is refused, with the nearest', () => {
  const result = systemPolicy.safeParse({ critical: ['api_gl'] })
  expect(result.error?.issues[0]).toMatchObject({
    path: ['critical', 0],
    message: expect.stringContaining('Did you mean "api_ghl"?'),
  })
})
