import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { isStorageError } from '../../src/core/errors.js'
import type { Batch, BatchResult, Op } from '../../src/core/storage-ops.js'
import { memoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/storage.js'

const NOON = Date.UTC(2026, 0, 15, 12)

export interface TestClock {
  now(): number
  advance(ms: number): void
}

export function testClock(at = NOON): TestClock {
  let time = at
  return {
    now: () => time,
    advance(ms) {
      time += ms
    },
  }
}

/** An open storage, its clock, and the ways to start it again and to be rid of it. */
export interface Subject {
  readonly storage: Storage
  readonly clock: TestClock
  /** Ends this storage as a restart would and opens what it left; undefined where nothing is left. */
  readonly reopen?: () => Promise<Storage>
  readonly dispose: () => Promise<void>
}

/** The eight rules of `docs/storage.md`, one test each, and a differential test against the memory engine. */
export function describeStorage(name: string, make: (clock: TestClock) => Promise<Subject>): void {
  describe(`${name} keeps the storage contract`, () => {
    const made: Subject[] = []
    async function fresh(): Promise<Subject> {
      const subject = await make(testClock())
      made.push(subject)
      return subject
    }
    afterEach(async () => {
      for (const subject of made.splice(0)) await subject.dispose()
    })

    test('rule 1: guards are judged in order against the state before the batch, and a refused batch writes nothing', async () => {
      const { storage } = await fresh()
      await commitOne(storage, [{ op: 'add', key: 'q/a', by: 2 }])
      const refused = await commitOne(storage, [
        { op: 'put', key: 'x/1', value: 1, version: null },
        { op: 'add', key: 'q/a', by: 1, max: 2 },
        { op: 'check', key: 'x/2', version: 'also wrong' },
      ])
      expect(refused).toMatchObject({ ok: false, failed: 1, found: { key: 'q/a', count: 2 } })
      expect(await storage.read(['x/1', 'q/a'])).toMatchObject([null, { count: 2 }])
    })

    test('rule 1: the batches of one call run in order, and one refused does not hold back the next', async () => {
      const { storage } = await fresh()
      const take: Batch = [{ op: 'add', key: 'q/a', by: 1, max: 1 }]
      const results = await storage.commit([take, take, [{ op: 'put', key: 'x/1', value: 'kept' }]])
      expect(results.map((result) => result.ok)).toEqual([true, false, true])
    })

    test('rule 2: a key named twice in a batch is refused before anything is written', async () => {
      const { storage } = await fresh()
      const twice: Batch = [
        { op: 'put', key: 'x/1', value: 1 },
        { op: 'del', key: 'x/1' },
      ]
      await expect(storage.commit([[{ op: 'put', key: 'x/2', value: 1 }], twice])).rejects.toSatisfy(
        (error) => isStorageError(error) && error.code === 'invalid',
      )
      expect(await storage.read(['x/1', 'x/2'])).toEqual([null, null])
    })

    test('rule 3: a version is never used again for a key, not after deletion, expiry or a restart', async () => {
      const subject = await fresh()
      const seen = new Set<string>()
      let { storage } = subject
      for (const life of ['first', 'deleted', 'expired', 'restarted']) {
        const [version] = await versionsOf(storage, [{ op: 'put', key: 'x/1', value: life, expiresAt: subject.clock.now() + 10 }])
        expect(seen.has(version ?? '')).toBe(false)
        seen.add(version ?? '')
        if (life === 'first') await commitOne(storage, [{ op: 'del', key: 'x/1' }])
        if (life === 'deleted') subject.clock.advance(10)
        if (life === 'expired' && subject.reopen !== undefined) storage = await subject.reopen()
      }
      expect(seen.size).toBe(4)
    })

    test('rule 4: an expired key is absent for every guard, read and scan', async () => {
      const { storage, clock } = await fresh()
      const expiresAt = clock.now() + 1000
      await commitOne(storage, [
        { op: 'put', key: 'x/1', value: 1, expiresAt },
        { op: 'add', key: 'x/2', by: 5, expiresAt },
      ])
      clock.advance(999)
      expect(await storage.scan('x/', { limit: 10 })).toHaveLength(2)
      clock.advance(1)
      expect(await storage.read(['x/1', 'x/2'])).toEqual([null, null])
      expect(await storage.scan('x/', { limit: 10 })).toEqual([])
      const again = await commitOne(storage, [
        { op: 'put', key: 'x/1', value: 2, version: null },
        { op: 'add', key: 'x/2', by: 1, max: 1 },
      ])
      expect(again.ok).toBe(true)
    })

    test('rule 5: a refund of an absent or expired counter does nothing, and never goes below zero', async () => {
      const { storage, clock } = await fresh()
      expect(await versionsOf(storage, [{ op: 'add', key: 'q/a', by: -3 }])).toEqual([''])
      await commitOne(storage, [
        { op: 'add', key: 'q/b', by: 1 },
        { op: 'add', key: 'q/c', by: 9, expiresAt: clock.now() + 1 },
      ])
      clock.advance(1)
      await commitOne(storage, [
        { op: 'add', key: 'q/b', by: -5 },
        { op: 'add', key: 'q/c', by: -1 },
      ])
      expect(await storage.read(['q/a', 'q/b', 'q/c'])).toMatchObject([null, { count: 0 }, null])
    })

    test('rule 6: what was acknowledged is still there after a restart', async () => {
      const { storage, reopen } = await fresh()
      const [version] = await versionsOf(storage, [
        { op: 'put', key: 'x/1', value: { deep: [1, 'zwei', null] } },
        { op: 'add', key: 'q/a', by: 7 },
      ])
      if (reopen === undefined) return expect(storage.info.durable).toBe('none')
      const again = await reopen()
      expect(await again.read(['x/1', 'q/a'])).toEqual([
        { key: 'x/1', value: { deep: [1, 'zwei', null] }, version },
        { key: 'q/a', count: 7, version },
      ])
    })

    test('rule 7: a counting batch with put-if-absent is harmless when it is sent again', async () => {
      const { storage } = await fresh()
      const batch: Batch = [
        { op: 'put', key: 'idem/1', value: 'me', version: null },
        { op: 'add', key: 'q/a', by: 1 },
      ]
      await commitOne(storage, batch)
      expect(await commitOne(storage, batch)).toMatchObject({ ok: false, failed: 0, found: { value: 'me' } })
      expect(await storage.read(['q/a'])).toMatchObject([{ count: 1 }])
    })

    test('rule 8: values come back as they went in, and keys are scanned bytewise', async () => {
      const { storage } = await fresh()
      const value = { empty: [], none: {}, big: 9007199254740991, tiny: 1e-7, text: 'é\u2028"\\', list: [null, true] }
      const keys = ['x/B', 'x/_', 'x/a', 'x/a-b', 'x/a/b', 'x/a0', 'x/~']
      await commitOne(
        storage,
        [...keys].reverse().map((key): Op => ({ op: 'put', key, value })),
      )
      expect((await storage.scan('x/', { limit: 10 })).map((entry) => entry.key)).toEqual(keys)
      expect((await storage.read(['x/~']))[0]?.value).toEqual(value)
    })

    test('rule 8: keys that are empty, too long or not ASCII are refused', async () => {
      const { storage } = await fresh()
      for (const key of ['', 'k'.repeat(257), 'q/é', 'q/\n']) {
        await expect(storage.commit([[{ op: 'put', key, value: 1 }]])).rejects.toSatisfy(isStorageError)
      }
    })

    test('a scan takes up where the last one ended, in both directions', async () => {
      const { storage } = await fresh()
      await commitOne(
        storage,
        ['a/1', 'x/1', 'x/2', 'x/3', 'y/1'].map((key): Op => ({ op: 'put', key, value: key })),
      )
      const keys = async (prefix: string, range: Parameters<Storage['scan']>[1]) =>
        (await storage.scan(prefix, range)).map((entry) => entry.key)
      expect(await keys('x/', { limit: 2 })).toEqual(['x/1', 'x/2'])
      expect(await keys('x/', { limit: 2, after: 'x/2' })).toEqual(['x/3'])
      expect(await keys('x/', { limit: 2, reverse: true })).toEqual(['x/3', 'x/2'])
      expect(await keys('x/', { limit: 2, reverse: true, after: 'x/2' })).toEqual(['x/1'])
      expect(await keys('', { limit: 10 })).toEqual(['a/1', 'x/1', 'x/2', 'x/3', 'y/1'])
      expect(await keys('x/2', { limit: 10 })).toEqual(['x/2'])
    })

    test('a rolling window counts its earlier parts against the limit', async () => {
      const { storage } = await fresh()
      await commitOne(storage, [{ op: 'add', key: 'q/58', by: 4 }])
      const add = {
        op: 'add',
        key: 'q/59',
        by: 1,
        max: 5,
        plus: [
          ['q/58', 1],
          ['q/57', 1],
        ],
      } as const
      expect((await commitOne(storage, [add])).ok).toBe(true)
      expect(await commitOne(storage, [add])).toMatchObject({ ok: false, failed: 0, found: { count: 1 } })
    })

    test('a pace lets the burst through and then says when the next is due', async () => {
      const { storage, clock } = await fresh()
      const pace = { op: 'pace', key: 'pace/a', every: 1000, burst: 2 } as const
      expect((await storage.commit([[pace], [pace], [pace]])).map((result) => result.ok)).toEqual([true, true, false])
      expect(await commitOne(storage, [pace])).toMatchObject({ retryAt: NOON + 1000 })
      clock.advance(1000)
      expect((await commitOne(storage, [pace])).ok).toBe(true)
    })

    test('a counter operation on a value does not hold', async () => {
      const { storage } = await fresh()
      await commitOne(storage, [{ op: 'put', key: 'x/1', value: 5 }])
      expect(await commitOne(storage, [{ op: 'add', key: 'x/1', by: 1 }])).toMatchObject({ ok: false, found: { value: 5 } })
    })

    test('after close every call is refused', async () => {
      const { storage } = await fresh()
      await storage.close()
      await expect(storage.read(['x'])).rejects.toSatisfy((error) => isStorageError(error) && error.code === 'closed')
    })

    test('the same history leaves the same answers and the same state as the memory engine', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const subject = await make(testClock())
          const model = memoryStorage({ clock: subject.clock })
          try {
            await model.open()
            await sameHistory(subject, model, steps)
          } finally {
            await subject.dispose()
          }
        }),
        { numRuns: 60 },
      )
    })
  })
}

export async function commitOne(storage: Storage, batch: Batch): Promise<BatchResult> {
  const [result] = await storage.commit([batch])
  if (result === undefined) throw new Error('commit gave no result')
  return result
}

async function versionsOf(storage: Storage, batch: Batch): Promise<readonly string[]> {
  const result = await commitOne(storage, batch)
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result.versions
}

/** `current` = the version each engine holds now; versions themselves differ between engines. */
type Expect = 'any' | 'absent' | 'current' | 'stale'
interface Draft {
  readonly kind: Op['op']
  readonly key: string
  readonly expect: Expect
  readonly number: number
  readonly max: number | undefined
  readonly ttl: number | undefined
}
type Step = { readonly batches: readonly (readonly Draft[])[] } | { readonly advance: number } | { readonly restart: true }

const key = fc.constantFrom('a', 'q/1', 'q/2', 'q/3', 'q/10', 'x/1', 'x/2', 'x-y/1')
const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom('check', 'put', 'put', 'del', 'add', 'add', 'pace'),
  key,
  expect: fc.constantFrom<Expect>('any', 'any', 'absent', 'current', 'stale'),
  number: fc.integer({ min: -3, max: 5 }),
  max: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  ttl: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
})
const drafts = fc.uniqueArray(draft, { selector: (one) => one.key, minLength: 1, maxLength: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ batches: fc.array(drafts, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ advance: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ restart: fc.constant(true as const) }) },
)

async function sameHistory(subject: Subject, model: Storage, steps: readonly Step[]): Promise<void> {
  let { storage } = subject
  for (const one of steps) {
    if ('advance' in one) subject.clock.advance(one.advance)
    else if ('restart' in one) storage = (await subject.reopen?.()) ?? storage
    else {
      const [real, expected] = await Promise.all([
        run(storage, one.batches, subject.clock),
        run(model, one.batches, subject.clock),
      ])
      expect(real).toEqual(expected)
    }
    for (const range of [{ limit: 100 }, { limit: 3, reverse: true }, { limit: 3, after: 'q/10' }]) {
      expect(withoutVersions(await storage.scan('', range))).toEqual(withoutVersions(await model.scan('', range)))
    }
  }
}

async function run(storage: Storage, batches: readonly (readonly Draft[])[], clock: TestClock): Promise<unknown> {
  const versions = new Map((await storage.scan('', { limit: 100 })).map((entry) => [entry.key, entry.version]))
  return withoutVersions(await storage.commit(batches.map((batch) => batch.map((one) => toOp(one, versions, clock)))))
}

function toOp(one: Draft, versions: ReadonlyMap<string, string>, clock: TestClock): Op {
  const expected = one.expect === 'absent' ? null : one.expect === 'stale' ? 'stale' : (versions.get(one.key) ?? null)
  const guard = one.expect === 'any' ? {} : { version: expected }
  const expiry = one.ttl === undefined ? {} : { expiresAt: clock.now() + one.ttl }
  switch (one.kind) {
    case 'check':
      return { op: 'check', key: one.key, version: expected }
    case 'put':
      return { op: 'put', key: one.key, value: { n: one.number }, ...guard, ...expiry }
    case 'del':
      return one.expect === 'any' || expected === null
        ? { op: 'del', key: one.key }
        : { op: 'del', key: one.key, version: expected }
    case 'add': {
      const limit =
        one.max === undefined
          ? {}
          : {
              max: one.max,
              plus: [
                ['q/1', 1],
                ['q/2', 2],
              ] as const,
            }
      return { op: 'add', key: one.key, by: one.number, ...limit, ...expiry }
    }
    case 'pace':
      return { op: 'pace', key: one.key, every: 20, burst: Math.max(1, one.number) }
  }
}

/** Versions are opaque: only whether there is one can be compared between engines. */
function withoutVersions(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) => {
      if (name === 'version') return typeof member === 'string'
      if (name === 'versions' && Array.isArray(member)) return member.map((one) => one !== '')
      return member
    }),
  )
}
