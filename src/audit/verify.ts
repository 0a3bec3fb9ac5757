import type { KeyObject } from 'node:crypto'
import { type ChainHead, type ChainOptions, GENESIS, linker, MARK_LENGTH, type SealedSegment } from './chain.js'
import { type Checkpoint, verifyCheckpoint } from './checkpoint.js'

export interface VerifyOptions extends ChainOptions {
  /** The head before the first segment, where older ones were deleted. Default: the beginning of the chain. */
  readonly from?: ChainHead
  /** A head known from elsewhere; the only thing a cut-off end can be seen against. */
  readonly checkpoint?: Checkpoint | ChainHead
  /** The head stored beside the segments: the chain must pass through it, and may go on after it. */
  readonly head?: ChainHead
  /** With it the checkpoint must carry a valid signature. */
  readonly publicKey?: KeyObject
}

/** `edited` also stands for a fault that has several explanations. `forged`: the checkpoint, or a chain sealed without the key. */
export type AuditProblem = 'edited' | 'missing' | 'inserted' | 'reordered' | 'truncated' | 'forged'

export type Verification =
  | { readonly ok: true; readonly records: number; readonly head: ChainHead }
  /** `at` = number of the first record that is not what was sealed. */
  | { readonly ok: false; readonly at: number; readonly problem: AuditProblem; readonly message: string }

/**
 * Follows a chain of segments, one at a time, and says where it stops being what was sealed. Proves that no
 * record between `from` and the end was changed, dropped, added or moved by somebody who could not rewrite
 * all that follows (nor, with a key, by anybody without it). It cannot see that the END was cut off, or
 * that all of it was written anew, unless a checkpoint or head kept elsewhere is given. Reads any input;
 * throws only for an unusable key.
 */
export function verify(segments: Iterable<SealedSegment>, options: VerifyOptions = {}): Verification {
  const verifier = createVerifier(options)
  for (const segment of segments) if (!verifier.add(segment)) break
  return verifier.end()
}

/** `verify` for segments that arrive one by one, from storage or a file. */
export async function verifyAsync(
  segments: AsyncIterable<SealedSegment> | Iterable<SealedSegment>,
  options: VerifyOptions = {},
): Promise<Verification> {
  const verifier = createVerifier(options)
  for await (const segment of segments) if (!verifier.add(segment)) break
  return verifier.end()
}

type Fault = Extract<Verification, { ok: false }>

/** `add` answers whether it wants more. */
function createVerifier(options: VerifyOptions): { add(segment: unknown): boolean; end(): Verification } {
  const { from = GENESIS, checkpoint, publicKey } = options
  const link = linker(options)
  const known = [checkpoint, options.head].filter((point) => point !== undefined)
  let head = from
  let fault = signatureFault(checkpoint, publicKey) ?? known.map((point) => startFault(point, from)).find(Boolean)
  let gap = false

  const follow = (segment: SealedSegment): Fault | undefined => {
    let hash = head.hash
    for (const [index, text] of segment.records.entries()) {
      const before = hash
      hash = link(before, text)
      const seq = segment.from + index
      if (hash.slice(0, MARK_LENGTH) !== markAt(segment, index)) return diagnose(segment, index, before, options)
      if (known.some((point) => point.seq === seq && point.hash !== hash)) return rewritten(seq)
    }
    const last = segment.from + segment.records.length
    if (segment.records.length < countOf(segment)) return missing(last)
    if (segment.hash !== hash || segment.to !== last - 1)
      return { ...edited(Math.max(last - 1, segment.from)), ...forgedIf(segment, options) }
    head = { seq: segment.to, hash }
    return undefined
  }

  return {
    add(segment) {
      if (!isSegment(segment)) {
        fault ??= { ...edited(head.seq + 1), message: `What should hold record ${head.seq + 1} is not a sealed segment.` }
        return false
      }
      if (gap) {
        // The missing piece may still come, out of its place.
        if (segment.from !== head.seq + 1 || segment.prev !== head.hash) return true
        fault = reordered(head.seq + 1)
        return false
      }
      if (fault === undefined && segment.from > head.seq + 1) {
        fault = missing(head.seq + 1)
        gap = true
        return true
      }
      fault ??=
        segment.from <= head.seq ? inserted(segment.from) : segment.prev !== head.hash ? broken(segment.from) : follow(segment)
      return fault === undefined
    },
    end() {
      if (fault !== undefined) return fault
      const seen = Math.max(0, ...known.map(({ seq }) => seq))
      if (seen > head.seq) return truncated(head.seq + 1, seen)
      return { ok: true, records: head.seq - from.seq, head }
    },
  }
}

function signatureFault(checkpoint: Checkpoint | ChainHead | undefined, publicKey: KeyObject | undefined): Fault | undefined {
  if (checkpoint === undefined || publicKey === undefined || verifyCheckpoint(checkpoint, publicKey)) return undefined
  return problem(checkpoint.seq, 'forged', `The checkpoint at record ${checkpoint.seq} does not carry a valid signature.`)
}

function startFault({ seq, hash }: ChainHead, from: ChainHead): Fault | undefined {
  if (seq < from.seq) {
    return problem(
      seq,
      'missing',
      `Record ${seq}, which is known, lies before the first to verify, ${from.seq + 1}: give a later one.`,
    )
  }
  return seq === from.seq && hash !== from.hash ? rewritten(seq) : undefined
}

/** The hash before this record leads elsewhere than it did: finds the simplest explanation. */
function diagnose(segment: SealedSegment, index: number, before: string, options: ChainOptions): Fault {
  const at = segment.from + index
  const expected = countOf(segment)
  if (segment.records.length < expected) return missing(at)
  if (segment.records.length > expected) return inserted(at)
  const link = linker(options)
  const mark = markAt(segment, index)
  const moved = segment.records.slice(index + 1).some((text) => link(before, text).slice(0, MARK_LENGTH) === mark)
  return moved ? reordered(at) : { ...edited(at), ...forgedIf(segment, options) }
}

/** A whole segment that holds together without the key was sealed by somebody who has none. */
function forgedIf(segment: SealedSegment, { key }: ChainOptions): Partial<Fault> {
  if (key === undefined) return {}
  const unkeyed = linker({})
  if (segment.records.reduce((hash, text) => unkeyed(hash, text), segment.prev) !== segment.hash) return {}
  return { problem: 'forged', message: `Records ${segment.from} to ${segment.to} were sealed without the key.` }
}

function countOf({ from, to }: SealedSegment): number {
  return to - from + 1
}

function markAt({ marks }: SealedSegment, index: number): string {
  return marks.slice(index * MARK_LENGTH, (index + 1) * MARK_LENGTH)
}

function isSegment(value: unknown): value is SealedSegment {
  if (typeof value !== 'object' || value === null) return false
  const { from, to, prev, records, marks, hash } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(from) &&
    Number.isSafeInteger(to) &&
    typeof prev === 'string' &&
    typeof marks === 'string' &&
    typeof hash === 'string' &&
    Array.isArray(records) &&
    records.every((record) => typeof record === 'string')
  )
}

const edited = (at: number) => problem(at, 'edited', `Record ${at} is not the one that was sealed.`)
const broken = (at: number) =>
  problem(at, 'edited', `Record ${at} does not follow the record before it: one of the two was written anew.`)
const missing = (at: number) => problem(at, 'missing', `Record ${at} is missing.`)
const inserted = (at: number) => problem(at, 'inserted', `What stands at record ${at} was not sealed there.`)
const reordered = (at: number) => problem(at, 'reordered', `Record ${at} stands at another place than it was sealed at.`)
const rewritten = (at: number) =>
  problem(
    at,
    'forged',
    `Record ${at} is not the one that is known: the chain was written anew, or the checkpoint is another chain's.`,
  )
const truncated = (at: number, seen: number) =>
  problem(at, 'truncated', `The chain ends before record ${at}, but record ${seen} is known to have been sealed.`)

function problem(at: number, name: AuditProblem, message: string): Fault {
  return { ok: false, at, problem: name, message }
}
