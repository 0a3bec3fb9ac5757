import { unitAt } from '../../../core/unit-at.js'
import { ASCII_TABLE, DIGIT, isLetter, JOINABLE, JOINT, jointOf, LETTER, lookUp, MARK, UNIT, WORD } from './chars.js'
import { find, MULTIPLIER, type WordSet } from './lexicon.js'
import { unitsOf } from './units.js'

/** The words of a text and what stands between them, found in one pass. Positions are UTF-16 units of `text`. */
export interface Words {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** The number of each word in the lexicon; 0 = a word no rule looks for. */
  readonly ids: readonly number[]
  /** MARK bits of what stands before each word, and of the word itself. */
  readonly marks: readonly number[]
  /** The words that begin a line. */
  readonly lines: readonly number[]
  /** The words with a digit in them. */
  readonly numbers: readonly number[]
  /** Every MARK bit that occurs anywhere. */
  readonly all: number
  /** True when at least four one-letter words stand in a row. */
  readonly spaced: boolean
  /** Units of the longest word. */
  readonly longest: number
  /** Words all in capitals. */
  readonly shouted: number
  readonly letters: number
  readonly capitals: number
  /** Longest run of exclamation marks. */
  readonly bangs: number
}

const SPACED_FROM = 4
/** Every reading writes here and takes a copy of its size: making four arrays and cutting them costs twice as much. */
const draft: { readonly [K in 'starts' | 'ends' | 'ids' | 'marks']: number[] } = { starts: [], ends: [], ids: [], marks: [] }
/** Bits of an entry that tell more than small letters of ASCII. */
const PLAIN = LETTER | DIGIT | JOINT | 0xff80
const DETACHABLE = MARK.stop | MARK.clause

/** Splits a text into words: two to three nanoseconds a character of ASCII; what lies beyond is looked up. */
export function wordsOf(text: string): Words {
  // Locals, because this loop sees every character: a bundler turns constants of a module into variables.
  const table = ASCII_TABLE
  const word = WORD
  const letter = LETTER
  const { space, line } = MARK
  const { starts, ends, ids, marks } = draft
  const lines: number[] = []
  const numbers: number[] = []
  let count = 0
  let shouted = 0
  let all = 0
  let letters = 0
  let capitals = 0
  let bangs = 0
  let longest = 0
  let bangRun = 0
  let singles = 0
  let spaced = false
  let mark = 0
  let at = 0
  const units = unitsOf(text)
  const length = text.length
  while (at < length) {
    const code = units[at] as number
    let unit = code < 128 ? (table[code] as number) : lookUp(code)
    if (unit < word) {
      at++
      if (mark === 0) mark = unit
      else if ((unit & line) !== 0) mark |= (mark & line) !== 0 ? MARK.paragraph : unit
      else if (unit === space) mark |= mark === space ? MARK.wide : space
      else if ((unit & DETACHABLE) !== 0 && (mark & space) !== 0) mark |= unit | MARK.detached
      else mark |= unit
      if (code === 33) {
        if (++bangRun > bangs) bangs = bangRun
      } else bangRun = 0
      continue
    }
    const start = at
    let hash = 0
    let seen = 0
    let upper = 0
    for (;;) {
      hash = Math.imul(hash ^ (unit & 0xffff), MULTIPLIER)
      seen |= unit
      upper += (unit >>> 18) & 1
      let next = 0
      // Small letters are most of any text, and need no table.
      while (++at < length) {
        next = units[at] as number
        if (next < 97 || next > 122) break
        hash = Math.imul(hash ^ next, MULTIPLIER)
        seen |= letter
      }
      if (at >= length) break
      unit = next < 128 ? (table[next] as number) : lookUp(next)
      if (unit >= word) continue
      if (
        (unit & JOINABLE) === 0 ||
        at + 1 >= length ||
        !isLetter(units[at + 1] as number) ||
        (next === 64 && isAddressed(text, at))
      )
        break
      unit = jointOf(next)
    }
    const size = at - start
    bangRun = 0
    if ((seen & PLAIN) === LETTER && upper === 0) letters += size
    else {
      if ((seen & DIGIT) !== 0) numbers.push(count)
      if ((seen & LETTER) === 0) mark |= MARK.number
      else {
        letters += size
        capitals += upper
        if ((seen & DIGIT) !== 0) mark |= MARK.mixed
        if (upper === size && size > 1) {
          mark |= MARK.capitals
          shouted++
        }
      }
      if ((seen & UNIT) > 127) mark |= MARK.foreign
    }
    if (size > longest) longest = size
    if (count === 0 || (mark & line) !== 0) lines.push(count)
    starts[count] = start
    ends[count] = at
    ids[count] = find(hash)
    marks[count++] = mark
    all |= mark
    if (size !== 1) singles = 0
    else if (++singles >= SPACED_FROM) spaced = true
    mark = 0
  }
  all |= mark
  return {
    text,
    starts: starts.slice(0, count),
    ends: ends.slice(0, count),
    ids: ids.slice(0, count),
    marks: marks.slice(0, count),
    lines,
    numbers,
    all,
    spaced,
    longest,
    shouted,
    letters,
    capitals,
    bangs,
  }
}

/** Whether `@` stands in an e-mail address: letters, digits and hyphens up to a dot follow. */
function isAddressed(text: string, at: number): boolean {
  for (let next = at + 1; next < text.length && next < at + 64; next++) {
    const code = unitAt(text, next)
    if (code === 46) return next > at + 1
    if (code !== 45 && (code < 128 ? (ASCII_TABLE[code] as number) : lookUp(code)) < WORD) return false
  }
  return false
}

/** Whether a text is all ASCII. */
export function isPlain({ all }: Words): boolean {
  return (all & (MARK.foreign | MARK.exotic)) === 0
}

/** Whether the word at an index is one of a set; false beyond the ends. */
export function isOneOf(words: Words, index: number, set: WordSet): boolean {
  const id = words.ids[index]
  return id !== undefined && id !== 0 && set.has(id)
}

/** Whether a mark ends a sentence: an empty line, or a stop with space behind it. */
export function endsSentence(mark: number): boolean {
  return (mark & MARK.paragraph) !== 0 || ((mark & MARK.stop) !== 0 && (mark & (MARK.space | MARK.line)) !== 0)
}

/** The word as it stands in the text, lower case, with a plain apostrophe; '' beyond the ends. */
export function wordAt({ text, starts, ends }: Words, index: number): string {
  const start = starts[index]
  return start === undefined ? '' : text.slice(start, ends[index]).toLowerCase().replace('’', "'")
}

/** Whether a word is the first of its line, or of the text. */
export function beginsLine({ marks }: Words, index: number): boolean {
  return index === 0 || ((marks[index] as number) & MARK.line) !== 0
}
