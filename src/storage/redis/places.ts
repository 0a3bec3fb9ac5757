import type { Op } from '../../core/storage-ops.js'
import type { Names } from './names.js'

type Plus = NonNullable<Extract<Op, { op: 'add' }>['plus']>

/**
 * Numbered keys, `q/hour/~8112`: the parts of one rolling window. All of a window are fields of one hash, so that it is read
 * at once however many parts it has; a key of its own for each would be forty keys per window and commit.
 */
const NUMBERED = /^(.*~)(0|[1-9]\d{0,14})$/

/** Where the keys of one call are: strings by their number, numbered keys by hash and field. Each key and hash once. */
export interface Places {
  /** The number of a key's place, from 1. */
  take(key: string): number
  /** A key as a member of a list: in hash `hash` the field `number`; with hash 0 the place `number`. */
  find(key: string): { readonly hash: number; readonly number: number }
  /** KEYS: the strings, then the hashes. Places: how many strings, then of each place its number and its field or -1. */
  all(): { readonly keys: readonly string[]; readonly places: readonly number[] }
}

export function createPlaces(names: Names): Places {
  const strings: string[] = []
  const hashes = new Map<string, number>()
  const taken = new Map<string, number>()
  const places: number[] = [0]

  function hashOf(beginning: string): number {
    const known = hashes.get(beginning)
    if (known !== undefined) return known
    hashes.set(beginning, hashes.size + 1)
    return hashes.size
  }

  function take(key: string): number {
    const known = taken.get(key)
    if (known !== undefined) return known
    const [, beginning, field] = NUMBERED.exec(key) ?? []
    if (beginning !== undefined && field !== undefined) places.push(hashOf(beginning), Number(field))
    else places.push(strings.push(names.of(key)), -1)
    taken.set(key, taken.size + 1)
    return taken.size
  }

  return {
    take,
    find(key) {
      const [, beginning, field] = NUMBERED.exec(key) ?? []
      if (beginning === undefined) return { hash: 0, number: take(key) }
      return { hash: hashOf(beginning), number: Number(field) }
    },
    all() {
      places[0] = strings.length
      return { keys: [...strings, ...[...hashes.keys()].map(names.hash)], places }
    },
  }
}

/** Neighbours of a list: numbered keys that follow each other with one weight. */
export interface Run {
  readonly first: string
  readonly count: number
  readonly weight: number
}

/** By the very array, where it is frozen: a window hands in the same one as long as its parts are the same. */
const known = new WeakMap<Plus, readonly Run[]>()

export function runsOf(plus: Plus): readonly Run[] {
  const found = known.get(plus)
  if (found !== undefined) return found
  const runs: { first: string; count: number; weight: number }[] = []
  let expected: string | undefined
  for (const [key, weight] of plus) {
    const run = runs.at(-1)
    if (run !== undefined && run.weight === weight && key === expected) run.count++
    else runs.push({ first: key, count: 1, weight })
    const [, beginning, field] = NUMBERED.exec(key) ?? []
    expected = beginning === undefined ? undefined : `${beginning}${Number(field) + 1}`
  }
  if (Object.isFrozen(plus)) known.set(plus, runs)
  return runs
}
