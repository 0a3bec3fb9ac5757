import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isConfigError } from '../../src/core/errors.js'
import { decideRollout, liveShare, modeFromEnv, type RolloutMode, rolloutMode, strictest } from '../../src/rollout/index.js'

const contacts = Array.from({ length: 10_000 }, (_, index) => `contact_${index}`)
const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('a pilot', () => {
  test('of a smaller share is part of every larger one', () => {
    fc.assert(
      fc.property(share, share, fc.string({ minLength: 1 }), fc.string(), (a, b, subject, salt) => {
        const small = decideRollout({ pilot: Math.min(a, b) }, subject, salt)
        if (small === 'live') expect(decideRollout({ pilot: Math.max(a, b) }, subject, salt)).toBe('live')
      }),
    )
  })

  test.each([0.01, 0.1, 0.25, 0.5])('of %d is live for that share of the contacts', (pilot) => {
    const live = contacts.filter((id) => decideRollout({ pilot }, id) === 'live').length
    // Five standard deviations of a binomial.
    expect(Math.abs(live - contacts.length * pilot)).toBeLessThan(5 * Math.sqrt(contacts.length * pilot * (1 - pilot)))
  })

  test('answers the same in every process, today and after every restart', () => {
    const live = contacts.slice(0, 40).filter((id) => decideRollout({ pilot: 0.1 }, id) === 'live')
    // Worked out outside this library, from SHA-256 alone.
    expect(live).toEqual(['contact_1', 'contact_12', 'contact_13', 'contact_32'])
  })

  test('with another salt is another sample', () => {
    const both = contacts.filter(
      (id) => decideRollout({ pilot: 0.1 }, id, 'a') === 'live' && decideRollout({ pilot: 0.1 }, id, 'b') === 'live',
    )
    expect(both.length).toBeLessThan(200)
  })

  test('of 0 is live for nobody, of 1 for everybody, and without a contact it is shadow', () => {
    expect(contacts.some((id) => decideRollout({ pilot: 0 }, id) === 'live')).toBe(false)
    expect(contacts.every((id) => decideRollout({ pilot: 1 }, id) === 'live')).toBe(true)
    expect(decideRollout({ pilot: 0.99 }, '')).toBe('shadow')
  })
})

test.each(['LIVE', 'pilot', undefined, null, 1, { pilot: 2 }, { pilot: Number.NaN }, { pilot: '1' }, {}])(
  'what is not a mode sends nothing: %j',
  (mode) => {
    expect(decideRollout(mode as RolloutMode, 'contact_1')).toBe('shadow')
    expect(rolloutMode.safeParse(mode).success).toBe(false)
  },
)

test('the strictest mode lets the fewest through, in any order', () => {
  const mode = fc.oneof(
    fc.constantFrom<RolloutMode>('shadow', 'live'),
    share.map((pilot): RolloutMode => ({ pilot })),
  )
  fc.assert(
    fc.property(fc.array(mode, { minLength: 1 }), (modes) => {
      expect(liveShare(strictest(...modes))).toBe(Math.min(...modes.map(liveShare)))
    }),
  )
  expect(strictest('live', { pilot: 0.1 }, 'shadow')).toBe('shadow')
})

describe('the mode from the environment', () => {
  test.each([
    [undefined, 'shadow'],
    ['', 'shadow'],
    [' Live ', 'live'],
    ['shadow', 'shadow'],
    ['pilot:0.1', { pilot: 0.1 }],
    ['PILOT:1', { pilot: 1 }],
  ])('%j is %j', (text, mode) => {
    expect(modeFromEnv({ SENDWARDEN_MODE: text })).toEqual(mode)
  })

  test.each(['liv', 'true', 'pilot', 'pilot:', 'pilot:10', 'pilot:-0.1', 'pilot:1e9', 'pilot:NaN', 'production'])(
    '%j is refused',
    (text) => {
      try {
        modeFromEnv({ SENDWARDEN_MODE: text })
        expect.unreachable()
      } catch (error) {
        expect(isConfigError(error) && error.issues[0]?.path).toBe('SENDWARDEN_MODE')
      }
    },
  )
})
