import { unitAt } from '../../../core/unit-at.js'
import { ASCII_TABLE, lookUp, UNIT, WORD } from './chars.js'

/**
 * The words any rule looks for, each a small number, so that a text is compared with all of them in one look per word.
 * It only ever grows by the words of rules and policies, never by those of a text. 0 = a word nobody looks for.
 */
interface Lexicon {
  readonly ids: Map<string, number>
  /** Open addressing: hash and number in turn; number 0 = free. */
  slots: Int32Array
  mask: number
}

const lexicon: Lexicon = { ids: new Map(), slots: new Int32Array(16_384), mask: 8191 }

/** The number of a word as readers see it: lower case, with a plain apostrophe. */
export function intern(word: string): number {
  const known = lexicon.ids.get(word)
  if (known !== undefined) return known
  const id = lexicon.ids.size + 1
  lexicon.ids.set(word, id)
  if (id * 4 > lexicon.mask) grow()
  else place(word, id)
  return id
}

/** Words to look for, by their numbers. */
export type WordSet = ReadonlySet<number>

export function wordSet(list: string): WordSet {
  return new Set(list.split(' ').map(intern))
}

/** The hash of a word: `hash = Math.imul(hash ^ unit, MULTIPLIER)` over its folded units, from 0 (FNV-1). */
export const MULTIPLIER = 0x01000193

/** The number of a word by its hash; 0 when nobody looks for it. Another word of the same hash: 1 in 4 billion. */
export function find(hash: number): number {
  const { slots, mask } = lexicon
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const id = slots[2 * slot + 1] as number
    if (id === 0 || slots[2 * slot] === hash) return id
  }
}

function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) {
    const code = unitAt(word, at)
    const known = code < 128 ? (ASCII_TABLE[code] as number) : lookUp(code)
    // An apostrophe is no letter, and stands for itself.
    hash = Math.imul(hash ^ (known >= WORD ? known & UNIT : code), MULTIPLIER)
  }
  return hash
}

function place(word: string, id: number): void {
  const { slots, mask } = lexicon
  const hash = hashOf(word)
  let slot = hash & mask
  while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
  slots[2 * slot] = hash
  slots[2 * slot + 1] = id
}

function grow(): void {
  lexicon.mask = lexicon.mask * 2 + 1
  lexicon.slots = new Int32Array(2 * (lexicon.mask + 1))
  for (const [word, id] of lexicon.ids) place(word, id)
}
