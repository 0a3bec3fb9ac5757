import { expect, test } from 'vitest'
import { changesBetween, initialSystem, reduce, type SystemEvent } from '../../src/orchestrator/index.js'

const at = Date.UTC(2026, 6, 1, 12)
const after = (...events: readonly SystemEvent[]) => events.reduce((state, event) => reduce(state, event), initialSystem())
const stop = (reason: string, by = 'ann', when = at): SystemEvent => ({ type: 'emergency_stop', reason, at: when, by })
const lift: SystemEvent = { type: 'lift_emergency_stop', at, by: 'ann' }
const off = (name: string): SystemEvent => ({ type: 'switch_off', kind: 'agent', name, reason: 'odd', at, by: 'otto' })

test('no change between equal states, nor by a health report', () => {
  const report: SystemEvent = { type: 'report', component: 'api_ghl', status: 'down', at, by: 'check' }
  expect(changesBetween(after(stop('leak'), off('a')), after(stop('leak'), off('a'), report))).toEqual([])
})

test('what came says who and why, what went says only that', () => {
  expect(changesBetween(after(), after(stop('leak')))).toEqual([{ type: 'emergency_stop', by: 'ann', reason: 'leak' }])
  expect(changesBetween(after(stop('leak')), after())).toEqual([{ type: 'lift_emergency_stop' }])
  const mode: SystemEvent = { type: 'set_mode', mode: 'live', over: 'shadow', at, by: 'ann' }
  expect(changesBetween(after(), after(mode))).toEqual([{ type: 'set_mode', by: 'ann' }])
  expect(changesBetween(after(mode), after())).toEqual([{ type: 'set_mode' }])
})

test('a stop that was lifted and given again in between is a new stop', () => {
  const again = after(stop('leak'), lift, stop('another', 'otto', at + 1))
  expect(changesBetween(after(stop('leak')), again)).toEqual([{ type: 'emergency_stop', by: 'otto', reason: 'another' }])
})

test('each switch is a change of its own', () => {
  expect(changesBetween(after(off('a'), off('b')), after(off('b'), off('c')))).toEqual([
    { type: 'switch_on' },
    { type: 'switch_off', by: 'otto', reason: 'odd' },
  ])
})
