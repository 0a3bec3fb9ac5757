/** The words of a text with what stands between them, found in one pass. Indices are UTF-16 units of `text`. */
export interface Words {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Case-folded hash of each word, 32 bits. */
  readonly hashes: readonly number[]
  /** What stands before each word: a sum of the GAP bits. */
  readonly gaps: readonly number[]
  /** True when at least four one-letter words stand in a row. */
  readonly spaced: boolean
  readonly letters: number
  readonly capitals: number
  /** Longest run of exclamation marks. */
  readonly bangs: number
  /** Every GAP bit that occurs anywhere. */
  readonly marks: number
}

export const GAP = {
  space: 1,
  line: 2,
  /** An empty line. */
  paragraph: 4,
  /** . ! ? … */
  stop: 8,
  /** , ; : ( ) */
  clause: 16,
  hyphen: 32,
  other: 64,
  /** Characters template tags are made of: { } [ ] < > « » % * $ # @ _ | */
  sign: 128,
  /** A stop or a comma with space before it. */
  detached: 256,
  /** Not a gap: the word behind it mixes letters with digits or symbols drawn like letters. */
  mixed: 512,
} as const

const SPACED_FROM = 4
const DETACHABLE = GAP.stop | GAP.clause

/** Splits a text into words. ASCII costs about a nanosecond a character; anything else is looked up. */
export function wordsOf(text: string): Words {
  // Plain arrays of small integers: typed ones of this size live outside the heap, and cost more to make than to fill.
  const starts: number[] = []
  const ends: number[] = []
  const hashes: number[] = []
  const gaps: number[] = []
  let marks = 0
  let letters = 0
  let capitals = 0
  let bangs = 0
  let bangRun = 0
  let singles = 0
  let spaced = false
  let gap = 0
  let at = 0
  const length = text.length
  while (at < length) {
    const code = text.charCodeAt(at)
    const known = code < 128 ? (TABLE[code] as number) : look(code)
    if (known < WORD) {
      if (code === 33) {
        if (++bangRun > bangs) bangs = bangRun
      } else bangRun = 0
      if (known === GAP.line && (gap & GAP.line) !== 0) gap |= GAP.paragraph
      else if ((known & DETACHABLE) !== 0 && (gap & GAP.space) !== 0) gap |= known | GAP.detached
      else gap |= known
      at++
      continue
    }
    bangRun = 0
    const start = at
    let hash = 0
    let seen = 0
    let unit = known
    let capital = 0
    for (;;) {
      hash = (Math.imul(hash, 31) + (unit & UNIT)) | 0
      seen |= unit
      if ((unit & CAPITAL) !== 0) capital++
      if ((unit & LETTER) !== 0) letters++
      if (++at >= length) break
      const next = text.charCodeAt(at)
      unit = next < 128 ? (TABLE[next] as number) : look(next)
      if (unit >= WORD) continue
      const joint = jointOf(next)
      if (joint === 0 || !isLetterAt(text, at + 1)) break
      unit = joint
    }
    capitals += capital
    if ((seen & LETTER) !== 0 && (seen & DIGIT) !== 0) gap |= GAP.mixed
    starts.push(start)
    ends.push(at)
    hashes.push(hash)
    gaps.push(gap)
    marks |= gap
    singles = at - start === 1 ? singles + 1 : 0
    if (singles >= SPACED_FROM) spaced = true
    gap = 0
  }
  marks |= gap
  return { text, starts, ends, hashes, gaps, marks, spaced, letters, capitals, bangs }
}

/**
 * The hash `wordsOf` gives a whole word without typographic apostrophes. A loop of its own: `wordsOf` called for
 * hundreds of single words at load is compiled for those, and reads whole texts at half its speed.
 */
export function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + (look(word.charCodeAt(at)) & UNIT)) | 0
  return hash
}

/** Words to be looked for by their hashes. */
export function wordSet(list: string): ReadonlySet<number> {
  return new Set(list.split(' ').map(hashOf))
}

/** Whether the word at an index is one of a set; false beyond the ends. */
export function isOneOf(words: Words, index: number, set: ReadonlySet<number>): boolean {
  const hash = words.hashes[index]
  return hash !== undefined && set.has(hash)
}

/** Whether a gap ends a sentence: an empty line, or a stop with space behind it. */
export function endsSentence(gap: number): boolean {
  return (gap & GAP.paragraph) !== 0 || ((gap & GAP.stop) !== 0 && (gap & (GAP.space | GAP.line)) !== 0)
}

/** The word as it stands in the text, lower case. */
export function wordAt(words: Words, index: number): string {
  const start = words.starts[index]
  return start === undefined ? '' : words.text.slice(start, words.ends[index]).toLowerCase()
}

/** Below it an entry of the table is a gap bit; from it on, flags of a word's character above its folded unit. */
const WORD = 0x10000
const UNIT = 0xffff
const LETTER = 0x10000
const DIGIT = 0x20000
const CAPITAL = 0x40000
const JOINT = 0x80000

const TABLE = Int32Array.from({ length: 128 }, (_, code) => classify(code))

/** Memo of pure answers for characters beyond ASCII. */
const beyond = new Map<number, number>()

function look(code: number): number {
  let known = beyond.get(code)
  if (known === undefined) {
    known = classify(code)
    beyond.set(code, known)
  }
  return known
}

/** What may stand inside a word, between letters: an apostrophe, or a symbol drawn like a letter; 0 for neither. */
function jointOf(code: number): number {
  if (code === 39 || code === 0x2019) return JOINT | 39
  return code === 36 || code === 64 || code === 33 || code === 124 || code === 0x20ac ? JOINT | DIGIT | code : 0
}

function isLetterAt(text: string, at: number): boolean {
  if (at >= text.length) return false
  const code = text.charCodeAt(at)
  return ((code < 128 ? (TABLE[code] as number) : look(code)) & LETTER) !== 0
}

function classify(code: number): number {
  const char = String.fromCharCode(code)
  if (char === '\n' || char === '\u2028' || char === '\u2029') return GAP.line
  if (/\s/.test(char)) return GAP.space
  if (/[.!?…]/.test(char)) return GAP.stop
  if (/[,;:()]/.test(char)) return GAP.clause
  if (/[-‐‑]/.test(char)) return GAP.hyphen
  if (/\p{N}/u.test(char)) return DIGIT | code
  if ('{}[]<>«»%*$#@_|'.includes(char)) return GAP.other | GAP.sign
  if (!/[\p{L}\p{M}]/u.test(char)) return GAP.other
  const lower = char.toLowerCase()
  const folded = lower.length === 1 ? lower.charCodeAt(0) : code
  return LETTER | (folded === code ? 0 : CAPITAL) | folded
}
