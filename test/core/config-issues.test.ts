import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseConfig } from '../../src/core/config-issues.js'
import { isConfigError } from '../../src/core/errors.js'
import { didYouMean, nearest } from '../../src/core/nearest.js'

const schema = z.strictObject({
  email: z.strictObject({ perDay: z.number().int().min(1).default(150) }).prefault({}),
  mode: z.union([z.enum(['shadow', 'live']), z.strictObject({ pilot: z.number() })]).default('shadow'),
  size: z.union([z.strictObject({ radius: z.number() }), z.strictObject({ width: z.number(), height: z.number() })]).optional(),
  steps: z.array(z.strictObject({ days: z.number() })).default([]),
  channels: z.partialRecord(z.enum(['email', 'sms']), z.boolean()).default({}),
})

function issuesOf(value: unknown, prefix?: string) {
  try {
    parseConfig(schema, value, prefix)
  } catch (error) {
    if (isConfigError(error)) return error.issues.map(({ path, message }) => `${path} ${message}`)
    throw error
  }
  return []
}

test('a good configuration comes back with its defaults', () => {
  expect(parseConfig(schema, { mode: { pilot: 0.1 } })).toEqual({
    email: { perDay: 150 },
    mode: { pilot: 0.1 },
    steps: [],
    channels: {},
  })
})

test.each([
  [{ email: { perday: 5 } }, 'email has no setting "perday". Did you mean "perDay"?'],
  [{ emial: {} }, '(root) has no setting "emial". Did you mean "email"?'],
  [{ mode: 'shadwo' }, 'mode is "shadwo", expected "shadow", "live". Did you mean "shadow"?'],
  [{ mode: { pilto: 1, pilot: 1 } }, 'mode has no setting "pilto". Did you mean "pilot"?'],
  [{ steps: [{ days: 1 }, { days: '2' }] }, 'steps[1].days is a string, expected number.'],
  [{ size: { width: 1, height: '2' } }, 'size.height is a string, expected number.'],
  [{ email: { perDay: null } }, 'email.perDay is null, expected number.'],
  [{ channels: { smss: true } }, 'channels has no setting "smss". Did you mean "sms"?'],
])('%j is refused with its path and the nearest name', (value, issue) => {
  expect(issuesOf(value)).toContain(issue)
})

test('a value of no kind that fits is told what would', () => {
  expect(issuesOf({ mode: 7 })).toEqual(['mode is 7, expected "shadow" or "live" or object.'])
})

test('paths begin with the prefix', () => {
  expect(issuesOf({ email: { perDay: 0 } }, 'guardrails')[0]).toMatch(/^guardrails\.email\.perDay /)
})

test('a misspelling one step away is found, whatever its case and dashes', () => {
  const names = ['read_leads', 'send_email', 'trigger_workflow']
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.nat({ max: 20 }), fc.boolean(), (name, at, upper) => {
      const i = at % name.length
      const typo = name.slice(0, i) + name.slice(i + 1)
      expect(nearest(upper ? typo.toUpperCase().replaceAll('_', '-') : typo, names)).toBe(name)
    }),
  )
})

test('nothing is guessed for what is like nothing', () => {
  expect(didYouMean('zebra', ['email', 'hours'])).toBe('')
  expect(didYouMean('', ['email'])).toBe('')
  expect(didYouMean('x'.repeat(1_000_000), ['email'])).toBe('')
})
