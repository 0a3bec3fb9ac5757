import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AuditRecord,
  append,
  type ChainHead,
  GENESIS,
  recordText,
  type SealedSegment,
  verify,
  verifyAsync,
} from '../../src/audit/index.js'

const at = Date.parse('2026-03-02T15:00:00Z')
const key = 'a key of at least 16 bytes'
const record = (n: number): AuditRecord => ({ v: 1, at: at + n, kind: 'outcome', actionId: `act_${n}`, status: 'executed' })

/** A chain of segments with the given numbers of records. */
function chainOf(sizes: readonly number[], options = {}): { segments: SealedSegment[]; heads: ChainHead[] } {
  const segments: SealedSegment[] = []
  const heads = [GENESIS]
  let n = 0
  for (const size of sizes) {
    const sealed = append(
      heads.at(-1) ?? GENESIS,
      Array.from({ length: size }, () => record(++n)),
      options,
    )
    segments.push(sealed.segment)
    heads.push(sealed.head)
  }
  return { segments, heads }
}

const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 })
/** A chain, and one record in it: its segment, its place there and its number. */
const place = sizes.chain((counts) =>
  fc
    .nat(counts.length - 1)
    .chain((s) =>
      fc.nat((counts[s] ?? 1) - 1).map((i) => ({ counts, s, i, seq: counts.slice(0, s).reduce((a, b) => a + b, 0) + i + 1 })),
    ),
)
const change = (segments: readonly SealedSegment[], s: number, records: (all: string[]) => string[]) =>
  segments.map((segment, index) => (index === s ? { ...segment, records: records([...segment.records]) } : segment))

describe('append and verify', () => {
  test('the hash of a record is that of its name, the hash before and its bytes', () => {
    const { head } = append(GENESIS, [record(1)])
    expect(head).toEqual({
      seq: 1,
      hash: createHash('sha256')
        .update(`sendwarden-audit-v1${'0'.repeat(64)}${recordText(record(1))}`)
        .digest('hex'),
    })
  })
  test('what was appended verifies, sync and as a stream, also after a round trip through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (counts) => {
        const { segments, heads } = chainOf(counts)
        const stored = JSON.parse(JSON.stringify(segments)) as SealedSegment[]
        const expected = { ok: true, records: counts.reduce((a, b) => a + b), head: heads.at(-1) }
        expect(verify(stored)).toEqual(expected)
        expect(await verifyAsync(stored, { head: heads.at(-1) ?? GENESIS })).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })
  test('how records are cut into segments does not change their hashes', () => {
    expect(chainOf([6]).heads.at(-1)).toEqual(chainOf([1, 2, 3]).heads.at(-1))
  })
  test('the order of a record’s members does not change its bytes, and undefined members are left out', () => {
    const mixed = { status: 'executed', actionId: 'act_1', kind: 'outcome', at: at + 1, v: 1, agent: undefined }
    expect(recordText(mixed as unknown as AuditRecord)).toBe(recordText(record(1)))
  })
  test('a record with a number JSON cannot carry is refused, never stored as something else', () => {
    expect(() => append(GENESIS, [{ ...record(1), data: { used: Number.NaN } }])).toThrow('$.data.used')
  })
  test('two sealers that extend the same head come to different hashes', () => {
    const a = append(GENESIS, [record(1)])
    const b = append(GENESIS, [record(2)])
    expect(a.head.hash).not.toBe(b.head.hash)
    expect(verify([a.segment, b.segment])).toMatchObject({ ok: false, at: 1, problem: 'inserted' })
  })
  test('an empty chain is a valid chain', () => {
    expect(verify([])).toEqual({ ok: true, records: 0, head: GENESIS })
  })
  test('a chain whose oldest segments were deleted verifies from the head before them', () => {
    const { segments, heads } = chainOf([3, 3, 3])
    expect(verify(segments.slice(1), { from: heads[1] ?? GENESIS })).toMatchObject({ ok: true, records: 6 })
    expect(verify(segments.slice(1))).toMatchObject({ ok: false, at: 1, problem: 'missing' })
  })
})

describe('every change of a stored record is seen, with its position', () => {
  test('any bit of any record', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.integer({ min: 1, max: 127 }), ({ counts, s, i, seq }, where, bits) => {
        const edited = change(chainOf(counts).segments, s, (all) =>
          all.map((text, index) => {
            const position = where % text.length
            const flipped = String.fromCharCode(text.charCodeAt(position) ^ bits)
            return index === i ? text.slice(0, position) + flipped + text.slice(position + 1) : text
          }),
        )
        expect(verify(edited)).toMatchObject({ ok: false, at: seq, problem: 'edited' })
      }),
    )
  })
  test('a record left out', () => {
    fc.assert(
      fc.property(place, ({ counts, s, i, seq }) => {
        const dropped = change(chainOf(counts).segments, s, (all) => all.filter((_, index) => index !== i))
        expect(verify(dropped)).toMatchObject({ ok: false, at: seq, problem: 'missing' })
      }),
    )
  })
  test('a record put in', () => {
    fc.assert(
      fc.property(place, ({ counts, s, i, seq }) => {
        const added = change(chainOf(counts).segments, s, (all) => [...all.slice(0, i), recordText(record(999)), ...all.slice(i)])
        expect(verify(added)).toMatchObject({ ok: false, at: seq, problem: 'inserted' })
      }),
    )
  })
  test('two records of a segment exchanged', () => {
    fc.assert(
      fc.property(place, fc.nat(), ({ counts, s, i, seq }, other) => {
        const size = counts[s] ?? 1
        const j = other % size
        fc.pre(j > i)
        const swapped = change(chainOf(counts).segments, s, (all) =>
          all.map((text, index) => (index === i ? (all[j] ?? '') : index === j ? (all[i] ?? '') : text)),
        )
        expect(verify(swapped)).toMatchObject({ ok: false, at: seq, problem: 'reordered' })
      }),
    )
  })
  test('a whole segment left out, exchanged with another, or repeated', () => {
    const [a, b, c] = chainOf([2, 3, 4]).segments
    if (!a || !b || !c) throw new Error('three segments')
    expect(verify([a, c])).toMatchObject({ ok: false, at: 3, problem: 'missing' })
    expect(verify([a, c, b])).toMatchObject({ ok: false, at: 3, problem: 'reordered' })
    expect(verify([a, a, b])).toMatchObject({ ok: false, at: 1, problem: 'inserted' })
  })
  test('a segment sealed anew with an edited record no longer leads to the next', () => {
    const { segments, heads } = chainOf([2, 3, 4])
    const anew = append(heads[1] ?? GENESIS, [record(3), record(77), record(5)]).segment
    expect(verify(segments.map((segment, s) => (s === 1 ? anew : segment)))).toMatchObject({
      ok: false,
      at: 6,
      problem: 'edited',
    })
  })
  test('any member of the envelope', () => {
    const { segments } = chainOf([2, 3, 4])
    const forged: Partial<SealedSegment>[] = [
      { from: 4 },
      { from: 2 },
      { to: 9 },
      { to: 4 },
      { prev: '1'.repeat(64) },
      { hash: '1'.repeat(64) },
      { marks: '1'.repeat(24) },
      { marks: '' },
      { records: [] },
    ]
    for (const envelope of forged) {
      expect(
        verify(segments.map((segment, s) => (s === 1 ? { ...segment, ...envelope } : segment))),
        JSON.stringify(envelope),
      ).toMatchObject({
        ok: false,
      })
    }
  })
  test('what is no segment at all is a fault, not a crash', () => {
    for (const junk of [null, undefined, 7, 'x', {}, [], { from: 1, to: 1, prev: '', marks: '', hash: '', records: [{}] }]) {
      expect(verify([junk as unknown as SealedSegment])).toMatchObject({ ok: false, at: 1, problem: 'edited' })
    }
  })
})

describe('with a key', () => {
  test('a chain verifies with its key and with no other', () => {
    const { segments } = chainOf([2, 3], { key })
    expect(verify(segments, { key })).toMatchObject({ ok: true, records: 5 })
    expect(verify(segments, { key: `${key}!` })).toMatchObject({ ok: false, at: 1 })
    expect(verify(segments)).toMatchObject({ ok: false, at: 1 })
  })
  test('who rewrites the whole chain without the key is found out', () => {
    expect(verify(chainOf([2, 3]).segments, { key })).toMatchObject({ ok: false, at: 1, problem: 'forged' })
  })
  test('a short key is refused', () => {
    expect(() => append(GENESIS, [], { key: 'short' })).toThrow('16 bytes')
    expect(() => verify([], { key: new Uint8Array(15) })).toThrow('16 bytes')
  })
})
