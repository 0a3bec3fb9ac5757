/**
 * What stands before a word, as bits: the gap's characters, what is remarkable about it, and about the word behind it.
 * The union over a text tells a rule whether looking closer is worth it.
 */
export const MARK = {
  space: 1,
  line: 1 << 1,
  /** An empty line. */
  paragraph: 1 << 2,
  /** . ! ? … */
  stop: 1 << 3,
  /** , ; : ( ) */
  clause: 1 << 4,
  hyphen: 1 << 5,
  /** Anything else that is no word. */
  other: 1 << 6,
  /** A stop or a comma with space before it. */
  detached: 1 << 7,
  /** Two spaces between two words. */
  wide: 1 << 8,
  /** { } */
  brace: 1 << 9,
  /** [ ] */
  bracket: 1 << 10,
  /** < > */
  angle: 1 << 11,
  /** « » */
  guillemet: 1 << 12,
  percent: 1 << 13,
  star: 1 << 14,
  /** $ £ € ¥ ₹ */
  money: 1 << 15,
  hash: 1 << 16,
  at: 1 << 17,
  underscore: 1 << 18,
  equals: 1 << 19,
  backtick: 1 << 20,
  slash: 1 << 21,
  /** The word mixes letters with digits, or with symbols drawn like letters. */
  mixed: 1 << 22,
  /** The word holds a character beyond ASCII. */
  foreign: 1 << 23,
  /** The word is a number. */
  number: 1 << 24,
  /** The word has at least two letters, all of them capitals. */
  capitals: 1 << 25,
  /** ( */
  paren: 1 << 27,
  /** A character beyond ASCII stands in the gap. */
  exotic: 1 << 26,
} as const

/** From here on an entry of the table belongs to a word; below, it is a sum of MARK bits. */
export const WORD = 1 << 30
/** Of a character that may stand inside a word, between letters: an apostrophe, or a symbol drawn like a letter. */
export const JOINABLE = 1 << 29
/** The folded code unit of a word's character. */
export const UNIT = 0xffff
export const LETTER = 1 << 16
export const DIGIT = 1 << 17
const CAPITAL = 1 << 18
export const JOINT = 1 << 19

/** Answers for characters beyond ASCII, once asked for. */
const beyond = new Map<number, number>()

export function lookUp(code: number): number {
  let known = beyond.get(code)
  if (known === undefined) {
    known = classify(code)
    beyond.set(code, known)
  }
  return known
}

/** The entry of a joinable character where it stands inside a word: apostrophes are all alike. */
export function jointOf(code: number): number {
  return code === 39 || code === 0x2019 ? WORD | JOINT | 39 : WORD | JOINT | DIGIT | code
}

export function isLetter(code: number): boolean {
  return ((code < 128 ? (ASCII_TABLE[code] as number) : lookUp(code)) & LETTER) !== 0
}

const JOINABLES = "'’$@!|€"

const SIGNS: ReadonlyMap<string, number> = new Map([
  ...signs('{}', MARK.brace),
  ...signs('[]', MARK.bracket),
  ...signs('<>', MARK.angle),
  ...signs('«»', MARK.guillemet),
  ...signs('%', MARK.percent),
  ...signs('*', MARK.star),
  ...signs('$£€¥₹', MARK.money),
  ...signs('#', MARK.hash),
  ...signs('@', MARK.at),
  ...signs('_', MARK.underscore),
  ...signs('=', MARK.equals),
  ...signs('`', MARK.backtick),
  ...signs('/\\', MARK.slash),
])

/** Entries of the ASCII characters. */
export const ASCII_TABLE: Int32Array = Int32Array.from({ length: 128 }, (_, code) => classify(code))

function signs(chars: string, mark: number): [string, number][] {
  return Array.from(chars, (char) => [char, MARK.other | mark])
}

function classify(code: number): number {
  const char = String.fromCharCode(code)
  const exotic = (code < 128 ? 0 : MARK.exotic) | (JOINABLES.includes(char) ? JOINABLE : 0)
  if (char === '\n' || char === '\u2028' || char === '\u2029') return MARK.line | exotic
  if (/\s/.test(char)) return MARK.space | exotic
  if (/[.!?…]/.test(char)) return MARK.stop | exotic
  if (char === '(') return MARK.clause | MARK.paren | exotic
  if (/[,;:)]/.test(char)) return MARK.clause | exotic
  if (/[-‐‑]/.test(char)) return MARK.hyphen | exotic
  const sign = SIGNS.get(char)
  if (sign !== undefined) return sign | exotic
  if (/\p{N}/u.test(char)) return WORD | DIGIT | code
  if (!/[\p{L}\p{M}]/u.test(char)) return MARK.other | exotic
  const lower = char.toLowerCase()
  const folded = lower.length === 1 ? lower.charCodeAt(0) : code
  return WORD | LETTER | (folded === code ? 0 : CAPITAL) | folded
}
