/** The words of a text with what stands between them, found in one pass. Indices are UTF-16 units of `text`. */
export interface Words {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Case-folded hash of each word. */
  readonly hashes: readonly number[]
  /** What stands before each word: a sum of the GAP bits. */
  readonly gaps: readonly number[]
  /** Words that mix letters with digits or letter-like symbols, by index. */
  readonly mixed: readonly number[]
  /** True when at least four one-letter words stand in a row. */
  readonly spaced: boolean
  readonly letters: number
  readonly capitals: number
  /** Longest run of exclamation marks. */
  readonly bangs: number
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
} as const

const SPACED_FROM = 4

/** Splits a text into words. ASCII costs about a nanosecond a character; anything else is looked up. */
export function wordsOf(text: string): Words {
  const starts: number[] = []
  const ends: number[] = []
  const hashes: number[] = []
  const gaps: number[] = []
  const mixed: number[] = []
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
    const kind = kindOf(code)
    if (kind < LETTER) {
      if (code === 33) {
        bangRun++
        if (bangRun > bangs) bangs = bangRun
      } else bangRun = 0
      if (kind === NEWLINE) gap |= gap & GAP.line ? GAP.paragraph : GAP.line
      else gap |= GAP_OF[kind] ?? GAP.other
      at++
      continue
    }
    bangRun = 0
    const start = at
    let hash = 0
    let seen = 0
    let size = 0
    let unit = code
    let unitKind = kind
    for (;;) {
      hash = (Math.imul(hash, 31) + fold(unit)) | 0
      seen |= unitKind
      size++
      if (unitKind === LETTER) {
        letters++
        if (unit < 128 ? unit < 97 : fold(unit) !== unit) capitals++
      }
      at++
      if (at >= length) break
      unit = text.charCodeAt(at)
      unitKind = kindOf(unit)
      if (unitKind >= LETTER) continue
      const joint = jointOf(unit)
      if (joint === 0 || at + 1 >= length || (kindOf(text.charCodeAt(at + 1)) & LETTER) === 0) break
      if (joint === SYMBOL) seen |= DIGIT
      unitKind = APOSTROPHE
      if (joint === SYMBOL) continue
      unit = 39
    }
    starts.push(start)
    ends.push(at)
    hashes.push(hash)
    gaps.push(gap)
    if ((seen & (LETTER | DIGIT)) === (LETTER | DIGIT)) mixed.push(starts.length - 1)
    singles = size === 1 ? singles + 1 : 0
    if (singles >= SPACED_FROM) spaced = true
    gap = 0
  }
  return { text, starts, ends, hashes, gaps, mixed, spaced, letters, capitals, bangs }
}

/** The hash `wordsOf` gives a whole word. */
export function hashOf(word: string): number {
  let hash = 0
  for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + fold(word.charCodeAt(at))) | 0
  return hash
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

const SPACE = 1
const NEWLINE = 2
const STOP = 3
const CLAUSE = 4
const HYPHEN = 5
const OTHER = 6
const LETTER = 8
const DIGIT = 16
const APOSTROPHE = 32
const SYMBOL = 64

const GAP_OF: readonly number[] = [GAP.other, GAP.space, GAP.line, GAP.stop, GAP.clause, GAP.hyphen, GAP.other]

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => classify(code))
const FOLDED = Uint16Array.from({ length: 128 }, (_, code) => (code >= 65 && code <= 90 ? code | 32 : code))

/** Memo of pure answers for characters beyond ASCII: kind and folded form. */
const beyond = new Map<number, number>()

function kindOf(code: number): number {
  return code < 128 ? (ASCII[code] as number) : look(code) >>> 16
}

function fold(code: number): number {
  return code < 128 ? (FOLDED[code] as number) : look(code) & 0xffff
}

function look(code: number): number {
  let known = beyond.get(code)
  if (known === undefined) {
    const lower = String.fromCharCode(code).toLowerCase()
    known = (classify(code) << 16) | (lower.length === 1 ? lower.charCodeAt(0) : code)
    beyond.set(code, known)
  }
  return known
}

/** What may stand inside a word, between letters: an apostrophe, or a symbol drawn like a letter. */
function jointOf(code: number): number {
  if (code === 39 || code === 0x2019) return APOSTROPHE
  return code === 36 || code === 64 || code === 33 || code === 124 || code === 0x20ac ? SYMBOL : 0
}

function classify(code: number): number {
  const char = String.fromCharCode(code)
  if (char === '\n' || char === '\u2028' || char === '\u2029') return NEWLINE
  if (/\s/.test(char)) return SPACE
  if (/[.!?…]/.test(char)) return STOP
  if (/[,;:()]/.test(char)) return CLAUSE
  if (/[-‐‑]/.test(char)) return HYPHEN
  if (/[\p{L}\p{M}]/u.test(char)) return LETTER
  return /\p{N}/u.test(char) ? DIGIT : OTHER
}
