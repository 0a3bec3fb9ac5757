import { MARK } from './chars.js'
import { intern } from './lexicon.js'
import { endsSentence, type Words } from './words.js'

/** What a phrase is for: `sales` and, in short texts, `text-sales` add to the score; the others are read by the rule of their name. */
export type PhraseKind =
  | 'sales'
  | 'text-sales'
  | 'opt-out'
  | 'promise'
  | 'keyword'
  | 'greeting'
  | 'no-value'
  | 'assistant'
  | 'frame'
  | 'placeholder'
  | 'advance-fee'
  | 'windfall'
  | 'credentials'
  | 'handover'
  | 'transaction'
  | 'shaft'
  | 'forbidden'

export interface Phrase {
  /** Words; `#` stands for any number, `$#` for a sum of money, `*` for any one word. */
  readonly text: string
  readonly kind: PhraseKind
  readonly weight: number
  /** Which of several families of its kind it belongs to; each counts once. */
  readonly family?: string
  /** Words that, standing just before, make it harmless: `urgent` after `non`. */
  readonly notAfter?: ReadonlySet<number>
  /** Words that, standing just behind, make it harmless: `care` behind `urgent`. */
  readonly notBefore?: ReadonlySet<number>
}

/** One place where a phrase stands: the indices of its first and last word. */
export interface Hit {
  readonly phrase: Phrase
  readonly from: number
  readonly to: number
}

interface Node {
  next: Map<number, Node> | undefined
  /** A bit for each word in `next`, by its number modulo 32: one look tells most words that are not. */
  nextBits: number
  /** Behind any word, where the phrase has `*`. */
  any: Node | undefined
  /** Behind any number (`#`), and behind one with a sign of money (`$#`). */
  number: Node | undefined
  money: Node | undefined
  /** At most one of each kind and family. */
  phrases: readonly Phrase[]
}

/** Phrases as a trie over words, so that a text is read once however many there are. */
export interface PhraseBook {
  /** Of a kind, a longer phrase hides the shorter ones inside it. */
  find(words: Words): Hit[]
  /** Phrases somebody might disguise in a text message: what carriers do not carry, and sales phrases. */
  readonly inTexts: Disguisable
  /** The same anywhere else: sales phrases. */
  readonly elsewhere: Disguisable
}

/** Phrases that are looked for under a disguise. */
export interface Disguisable {
  readonly kinds: ReadonlySet<PhraseKind>
  /** Whether a word, or letters written together, is one of theirs or spells a phrase. */
  knows(word: string): boolean
  /** The words of a phrase written as one (`actnow`), by that form. */
  readonly joined: ReadonlyMap<string, Phrase>
}

/** What a phrase is made of: words, and what stands for one. */
const TOKEN = /\$#|[\p{L}\p{M}\p{N}'#*]+/gu

/** Later phrases replace earlier ones of the same words, kind and family. */
export function phraseBook(phrases: readonly Phrase[]): PhraseBook {
  const root = node()
  for (const phrase of phrases) {
    let at = root
    for (const word of wordsIn(phrase)) at = step(at, word)
    if (at === root) continue
    at.phrases = [...at.phrases.filter(({ kind, family }) => kind !== phrase.kind || family !== phrase.family), phrase]
  }
  const starts = startsOf(root)
  return {
    find: (words) => find(starts, words),
    inTexts: disguisable(phrases, ['sales', 'shaft', 'forbidden']),
    elsewhere: disguisable(phrases, ['sales']),
  }
}

function wordsIn({ text }: Phrase): readonly string[] {
  return text.toLowerCase().match(TOKEN) ?? []
}

/** A phrase of a later kind goes before the same one of an earlier. */
function disguisable(phrases: readonly Phrase[], kinds: readonly PhraseKind[]): Disguisable {
  const joined = new Map<string, Phrase>()
  const vocabulary = new Set<string>()
  for (const phrase of kinds.flatMap((kind) => phrases.filter((each) => each.kind === kind))) {
    const words = wordsIn(phrase)
    for (const word of words) vocabulary.add(word)
    const together = words.join('')
    if (together !== '' && !/[#*]/.test(together)) joined.set(together, phrase)
  }
  return { kinds: new Set(kinds), knows: (word) => vocabulary.has(word) || joined.has(word), joined }
}

/** The words that begin a phrase, by their numbers in the lexicon. */
interface Starts {
  readonly root: Node
  readonly nodes: readonly (Node | undefined)[]
  /** Bits of the words that may follow, as `nextBits`; ANYTHING where other words matter too, 0 where no phrase begins. */
  readonly followers: Int32Array
}

const ANYTHING = -1

function startsOf(root: Node): Starts {
  const { next = new Map() } = root
  let last = 0
  for (const id of next.keys()) last = Math.max(last, id)
  const nodes: (Node | undefined)[] = new Array(last + 1).fill(undefined)
  const followers = new Int32Array(nodes.length)
  for (const [id, start] of next) {
    nodes[id] = start
    followers[id] = start.phrases.length > 0 || takesMore(start) ? ANYTHING : start.nextBits
  }
  return { root, nodes, followers }
}

function node(): Node {
  return { next: undefined, nextBits: 0, any: undefined, number: undefined, money: undefined, phrases: [] }
}

/** Whether more than certain words may follow. */
function takesMore({ any, number, money }: Node): boolean {
  return any !== undefined || number !== undefined || money !== undefined
}

function step(from: Node, word: string): Node {
  if (word === '*') {
    from.any ??= node()
    return from.any
  }
  if (word === '#') {
    from.number ??= node()
    return from.number
  }
  if (word === '$#') {
    from.money ??= node()
    return from.money
  }
  from.next ??= new Map()
  const id = intern(word)
  from.nextBits |= 1 << id
  let next = from.next.get(id)
  if (next === undefined) {
    next = node()
    from.next.set(id, next)
  }
  return next
}

/** Most words begin no phrase, and most of the others are not followed by one of it: a few bits tell, without a look at the nodes. */
function find({ root, nodes, followers }: Starts, words: Words): Hit[] {
  const hits: Hit[] = []
  const { ids, numbers } = words
  const size = followers.length
  let counted = 0
  for (let from = 0; from < ids.length; from++) {
    if (counted < numbers.length && numbers[counted] === from) {
      counted++
      walkNumber(root, words, from, from, hits)
    }
    const id = ids[from] as number
    const bits = id < size ? (followers[id] as number) : 0
    if (bits === 0) continue
    if (bits !== ANYTHING) {
      const next = from + 1 < ids.length ? (ids[from + 1] as number) : 0
      if (next === 0 || (bits & (1 << next)) === 0) continue
    }
    walk(nodes[id] as Node, words, from, from, hits)
  }
  return hits
}

/** Adds what matches from `from` on; `at` is the last word read. Phrases are short, so the depth is too. */
function walk(here: Node, words: Words, from: number, at: number, hits: Hit[]): void {
  if (here.phrases.length > 0) for (const phrase of here.phrases) add(phrase, words, from, at, hits)
  if (here.next === undefined && !takesMore(here)) return
  const to = at + 1
  if (to >= words.ids.length || endsSentence(words.marks[to] as number)) return
  if (here.next !== undefined) {
    const id = words.ids[to] as number
    const next = (here.nextBits & (1 << id)) === 0 ? undefined : here.next.get(id)
    if (next !== undefined) walk(next, words, from, to, hits)
  }
  if (here.number !== undefined || here.money !== undefined) walkNumber(here, words, from, to, hits)
  if (here.any !== undefined) walk(here.any, words, from, to, hits)
}

/** As `walk`, where the word at `at` may be a number; `1,250.00` and `1.5k` are one. */
function walkNumber({ number, money }: Node, words: Words, from: number, at: number, hits: Hit[]): void {
  const { marks } = words
  if (number !== undefined && ((marks[at] as number) & MARK.number) !== 0) walk(number, words, from, numberEnd(marks, at), hits)
  if (money !== undefined && isMoney(words, at)) walk(money, words, from, numberEnd(marks, at), hits)
}

/** Of a number written with commas and points, the last word. */
function numberEnd(marks: readonly number[], at: number): number {
  let end = at
  while (end + 1 < marks.length && isGroup(marks[end + 1] as number)) end++
  return end
}

function isGroup(mark: number): boolean {
  const counts = MARK.number | MARK.mixed
  return (mark & counts) !== 0 && (mark & ~(counts | MARK.stop | MARK.clause)) === 0
}

/** A number, or one with a letter behind it (`5k`), with a sign of money on either side. */
function isMoney({ text, marks, ends }: Words, at: number): boolean {
  const mark = marks[at] as number
  if ((mark & (MARK.number | MARK.mixed)) === 0) return false
  if ((mark & MARK.money) !== 0) return true
  const end = ends[numberEnd(marks, at)] as number
  return /^ ?[€£¥]/.test(text.slice(end, end + 2))
}

function add(phrase: Phrase, words: Words, from: number, to: number, hits: Hit[]): void {
  if (isHarmless(phrase, words, from, to)) return
  for (let index = hits.length - 1; index >= 0; index--) {
    const other = hits[index] as Hit
    if (other.to < from) break
    if (other.phrase.kind !== phrase.kind || other.phrase.family !== phrase.family) continue
    // The longer of two that overlap; of two as long, the first.
    if (other.to - other.from >= to - from) return
    hits.splice(index, 1)
  }
  hits.push({ phrase, from, to })
}

function isHarmless({ notAfter, notBefore }: Phrase, { ids }: Words, from: number, to: number): boolean {
  if (notAfter !== undefined && from > 0 && notAfter.has(ids[from - 1] as number)) return true
  return notBefore !== undefined && to + 1 < ids.length && notBefore.has(ids[to + 1] as number)
}
