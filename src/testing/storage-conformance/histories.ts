import type { Op } from '../../core/storage-ops.js'

/** One operation before its versions and times are known: they differ between engines. */
export interface Draft {
  readonly kind: Op['op']
  readonly key: string
  /** `current` = the version each engine holds now. */
  readonly expect: 'any' | 'absent' | 'current' | 'stale'
  readonly number: number
  readonly max: number | undefined
  /** How long it lives, ms; negative = it has expired already. */
  readonly ttl: number | undefined
}

export type Step = { readonly batches: readonly (readonly Draft[])[] } | { readonly advance: number } | { readonly restart: true }

const KEYS = ['a', 'q/~1', 'q/~2', 'q/~3', 'q/~10', 'x/1', 'x/2', 'x-y/1']

/** A history of up to 40 steps; the same seed gives the same history. `exact` = time stands still between steps. */
export function randomHistory(seed: number, exact: boolean): readonly Step[] {
  const next = mulberry32(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  const oneOf = <T>(...options: readonly [T, ...T[]]): T => options[below(options.length)] ?? options[0]

  function draft(key: string): Draft {
    return {
      kind: oneOf('check', 'put', 'put', 'del', 'add', 'add', 'add', 'pace'),
      key,
      expect: oneOf('any', 'any', 'any', 'absent', 'current', 'stale'),
      number: below(9) - 3,
      max: below(2) === 0 ? below(13) : undefined,
      // In real time nothing is to expire between the same step of two engines.
      ttl: below(2) === 0 ? undefined : exact ? below(56) - 5 : oneOf(-60_000, 3_600_000, 7_200_000),
    }
  }
  function batch(): readonly Draft[] {
    const keys = new Set<string>()
    for (let size = 1 + below(5); size > 0; size--) keys.add(KEYS[below(KEYS.length)] ?? 'a')
    return [...keys].map(draft)
  }
  function step(): Step {
    const kind = below(11)
    if (kind === 0) return { restart: true }
    if (kind <= 2) return { advance: 1 + below(60) }
    return { batches: Array.from({ length: 1 + below(3) }, batch) }
  }
  return Array.from({ length: 1 + below(40) }, step)
}

/** Small and well spread: good enough to shuffle tests with. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
