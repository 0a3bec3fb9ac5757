import type { CountTrip } from './policy.js'
import { rateTripped } from './rate.js'
import type { CountWindow } from './state.js'
import type { Sample } from './window.js'

const PER_WORD = 16
const FAILED = 1
const SLOW = 2

/** Writes a result over the oldest one of the ring. */
export function recordCount(window: CountWindow | null, sample: Sample, { size }: CountTrip): CountWindow {
  const from = window ?? emptyRing(size)
  const place = from.next
  const words = from.words.slice()
  const shift = (place % PER_WORD) * 2
  const index = Math.floor(place / PER_WORD)
  const word = words[index] ?? 0
  const gone = (word >>> shift) & 3
  const bits = (sample.failed ? FAILED : 0) | (sample.slow ? SLOW : 0)
  words[index] = ((word & ~(3 << shift)) | (bits << shift)) >>> 0
  return {
    kind: 'count',
    size,
    words,
    next: (place + 1) % size,
    calls: Math.min(from.calls + 1, size),
    failures: from.failures + (sample.failed ? 1 : 0) - (gone & FAILED),
    slow: from.slow + (sample.slow ? 1 : 0) - (gone & SLOW) / SLOW,
  }
}

export function countTripped(window: CountWindow, trip: CountTrip, slowRate?: number): boolean {
  return rateTripped(window, trip, slowRate)
}

function emptyRing(size: number): CountWindow {
  const words = new Array<number>(Math.ceil(size / PER_WORD)).fill(0)
  return { kind: 'count', size, words, next: 0, calls: 0, failures: 0, slow: 0 }
}
