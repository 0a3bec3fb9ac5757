import { endsSentence, hashOf, type Words, wordAt } from './words.js'

/** What a phrase is for: `sales` adds to the score; the others are read by the rule of their name. */
export type PhraseKind = 'sales' | 'opt-out' | 'no-value'

export interface Phrase {
  readonly text: string
  readonly kind: PhraseKind
  readonly weight: number
  /** Words that, standing just before, make it harmless: `urgent` after `non`. */
  readonly notAfter?: ReadonlySet<string>
  /** Words that, standing just behind, make it harmless: `care` behind `urgent`. */
  readonly notBefore?: ReadonlySet<string>
}

/** One place where a phrase stands: the indices of its first and last word. */
export interface Hit {
  readonly phrase: Phrase
  readonly from: number
  readonly to: number
}

interface Node {
  /** The words that lead here. */
  readonly path: readonly string[]
  next: Map<number, Node> | undefined
  /** At most one of each kind. */
  phrases: readonly Phrase[]
}

/** Phrases as a trie over words, so that a text is read once however many there are. */
export interface PhraseBook {
  find(words: Words): Hit[]
  /** Whether a single word, or letters written together, is or begins or spells a phrase. */
  knows(word: string): boolean
  /** The words of a phrase written as one (`actnow`), by that form. */
  readonly joined: ReadonlyMap<string, Phrase>
}

/** Later phrases replace earlier ones of the same words and kind. */
export function phraseBook(phrases: readonly Phrase[]): PhraseBook {
  // Most words begin no phrase: one look at this tells.
  const begins = new Uint8Array(BUCKETS)
  const root: Node = { path: [], next: new Map(), phrases: [] }
  const joined = new Map<string, Phrase>()
  const vocabulary = new Set<string>()
  for (const phrase of phrases) {
    let node = root
    let together = ''
    for (const word of phrase.text.toLowerCase().split(/[^\p{L}\p{M}\p{N}']+/u)) {
      if (word === '') continue
      if (node === root) begins[hashOf(word) & (BUCKETS - 1)] = 1
      node = step(node, word)
      together += word
      vocabulary.add(word)
    }
    if (node === root) continue
    node.phrases = [...node.phrases.filter(({ kind }) => kind !== phrase.kind), phrase]
    if (phrase.kind === 'sales') joined.set(together, phrase)
  }
  return {
    find: (words) => find(root, begins, words),
    knows: (word) => vocabulary.has(word) || joined.has(word),
    joined,
  }
}

function step(node: Node, word: string): Node {
  node.next ??= new Map()
  const hash = hashOf(word)
  const known = node.next.get(hash)
  if (known !== undefined) return known
  const made: Node = { path: [...node.path, word], next: undefined, phrases: [] }
  node.next.set(hash, made)
  return made
}

const BUCKETS = 16_384

function find(root: Node, begins: Uint8Array, words: Words): Hit[] {
  const hits: Hit[] = []
  const { hashes, gaps } = words
  const first = root.next ?? new Map<number, Node>()
  for (let from = 0; from < hashes.length; from++) {
    const hash = hashes[from] as number
    if (begins[hash & (BUCKETS - 1)] === 0) continue
    let node = first.get(hash)
    if (node === undefined) continue
    let best: Hit[] | undefined
    let to = from
    for (;;) {
      if (node.phrases.length > 0) best = hitsAt(node, words, from, to) ?? best
      if (node.next === undefined || ++to >= hashes.length || endsSentence(gaps[to] as number)) break
      const next: Node | undefined = node.next.get(hashes[to] as number)
      if (next === undefined) break
      node = next
    }
    if (best?.[0] === undefined) continue
    hits.push(...best)
    // The longest phrase counts, not the shorter ones inside it.
    from = best[0].to
  }
  return hits
}

function hitsAt({ path, phrases }: Node, words: Words, from: number, to: number): Hit[] | undefined {
  if (!path.every((word, index) => isWord(words, from + index, word))) return undefined
  const meant = phrases.filter((phrase) => !isHarmless(phrase, words, from, to))
  return meant.length === 0 ? undefined : meant.map((phrase) => ({ phrase, from, to }))
}

/** Hashes may collide; the words decide. */
function isWord(words: Words, index: number, word: string): boolean {
  return wordAt(words, index).replace('’', "'") === word
}

function isHarmless(phrase: Phrase, words: Words, from: number, to: number): boolean {
  if (phrase.notAfter !== undefined && from > 0 && phrase.notAfter.has(wordAt(words, from - 1))) return true
  return phrase.notBefore !== undefined && to + 1 < words.starts.length && phrase.notBefore.has(wordAt(words, to + 1))
}
