import { expect, test } from 'vitest'
import { advanceWarmUp, rampsUp, type WarmUp, warmUpLimit } from '../../src/guardrails/health/index.js'
import { guardrailDefaults, guardrailPolicySchema } from '../../src/guardrails/index.js'

/** What a domain that sends on each of these days may send on them. */
function limits(days: readonly number[], spoilt: readonly number[] = []): (number | undefined)[] {
  let warm: WarmUp | undefined
  return days.map((day) => {
    warm = advanceWarmUp(warm, day, guardrailDefaults)
    const limit = warmUpLimit(warm, guardrailDefaults)
    if (spoilt.includes(day)) warm = { ...warm, healthyDays: 0, spoilt: true }
    return limit
  })
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

test('a new domain goes a step up per two days with sends, and is warm after the last', () => {
  expect(limits(range(0, 8))).toEqual([10, 10, 15, 15, 20, 20, 30, 30])
  expect(limits(range(0, 28)).slice(24)).toEqual([150, 150, undefined, undefined])
})

test('days without a send and days it had to stop do not count', () => {
  expect(limits([0, 5, 9])).toEqual([10, 10, 15])
  expect(limits([0, 1, 2, 3], [1])).toEqual([10, 10, 10, 10])
  expect(limits([0, 1, 2, 3, 4], [1])).toEqual([10, 10, 10, 10, 15])
})

test('after 30 silent days it begins again', () => {
  expect(limits([...range(0, 28), 57])).toContain(undefined)
  expect(limits([...range(0, 28), 57]).at(-1)).toBeUndefined()
  expect(limits([...range(0, 28), 58]).at(-1)).toBe(10)
})

test('who ramps: what a mail names and nobody declared; what is listed as new; the unnamed where something is', () => {
  const policy = guardrailPolicySchema.parse({
    health: { warmUp: { established: ['Mail.Old.example'], new: ['fresh.example'] } },
  })
  expect(rampsUp('stranger.example', 'agency.example', guardrailDefaults)).toBe(true)
  expect(rampsUp('agency.example', 'agency.example', guardrailDefaults)).toBe(false)
  expect(rampsUp('unknown', undefined, guardrailDefaults)).toBe(false)
  expect(rampsUp('old.example', 'agency.example', policy)).toBe(false)
  expect(rampsUp('fresh.example', 'fresh.example', policy)).toBe(true)
  expect(rampsUp('unknown', undefined, policy)).toBe(true)
  expect(
    rampsUp(
      'fresh.example',
      undefined,
      guardrailPolicySchema.parse({ health: { warmUp: { perDay: [], new: ['fresh.example'] } } }),
    ),
  ).toBe(false)
})

test('a domain is warm or new, not both', () => {
  const both = { health: { warmUp: { established: ['acme.example'], new: ['Mail.ACME.example'] } } }
  const { error } = guardrailPolicySchema.safeParse(both)
  expect(error?.issues).toMatchObject([
    { path: ['health', 'warmUp', 'new'], message: expect.stringContaining('one or the other') },
  ])
})
