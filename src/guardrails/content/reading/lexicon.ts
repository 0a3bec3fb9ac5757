import { ASCII_TABLE, lookUp, UNIT, WORD } from './chars.js'

/**
 * The words any rule looks for, each a small number, so that a text is compared with all of them in one look per word.
 * It only ever grows by the words of rules and policies, never by those of a text. 0 = a word nobody looks for.
 */
interface Lexicon {
  mask: number
  /** Open addressing: id in each slot, 0 = free. */
  slots: Int32Array
  hashes: number[]
  lengths: number[]
  readonly ids: Map<string, number>
}

const lexicon: Lexicon = { mask: 8191, slots: new Int32Array(8192), hashes: [0], lengths: [0], ids: new Map() }

/** The number of a word as readers see it: lower case, with a plain apostrophe. */
export function intern(word: string): number {
  const known = lexicon.ids.get(word)
  if (known !== undefined) return known
  const id = lexicon.hashes.length
  lexicon.ids.set(word, id)
  lexicon.hashes.push(hashOf(word))
  lexicon.lengths.push(word.length)
  if (id * 4 > lexicon.mask) grow()
  else place(id)
  return id
}

/** Words to look for, by their numbers. */
export type WordSet = ReadonlySet<number>

export function wordSet(list: string): WordSet {
  return new Set(list.split(' ').map(intern))
}

/** One step of the hash of a word. */
export function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193)
}

/** The number of a word by its hash and length; 0 when nobody looks for it. Two words of one hash and length: 1 in 4 billion. */
export function idOf(hash: number, length: number): number {
  const { slots, mask, hashes, lengths } = lexicon
  let slot = hash & mask
  for (;;) {
    const id = slots[slot] as number
    if (id === 0 || (hashes[id] === hash && lengths[id] === length)) return id
    slot = (slot + 1) & mask
  }
}

function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    const known = code < 128 ? (ASCII_TABLE[code] as number) : lookUp(code)
    // An apostrophe is no letter, and stands for itself.
    hash = mix(hash, known >= WORD ? known & UNIT : code)
  }
  return hash
}

function place(id: number): void {
  const { slots, mask, hashes } = lexicon
  let slot = (hashes[id] as number) & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = id
}

function grow(): void {
  lexicon.mask = lexicon.mask * 2 + 1
  lexicon.slots = new Int32Array(lexicon.mask + 1)
  for (let id = 1; id < lexicon.hashes.length; id++) place(id)
}
