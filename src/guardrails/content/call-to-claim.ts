import { MARK } from './reading/chars.js'
import { wordSet } from './reading/lexicon.js'
import type { Page } from './reading/page.js'
import { isOneOf, type Words, wordAt } from './reading/words.js'
import type { Finding } from './score-content.js'

/** Numbers in a short text that cost the reader money, and prices of what is answered. */
export function findCallToClaim({ channel, body }: Page, findings: Finding[]): void {
  if (channel === 'email') return
  const { words } = body
  const seen = new Set<string>()
  for (const index of words.numbers) {
    const what =
      ((words.marks[index] as number) & MARK.number) !== 0
        ? numberAt(words, index)
        : MIXED_PRICE.test(wordAt(words, index))
          ? 'a price per message'
          : undefined
    if (what === undefined || seen.has(what)) continue
    seen.add(what)
    findings.push({
      rule: 'content.call-to-claim',
      weight: WEIGHTS[what],
      part: 'body',
      span: [words.starts[index] ?? 0, words.ends[index] ?? 0],
      text: what,
      mend: 'Give an ordinary number or a link, and leave the price out.',
    })
  }
}

const WEIGHTS = {
  'a premium-rate number': 5,
  'a shared-revenue number': 3,
  'a number to send a word to': 2,
  'a price per message': 4,
  'a price per week or month': 3,
  'a sum to win': 2,
  'a free number': 1.5,
  'an age limit': 1.5,
} as const
type What = keyof typeof WEIGHTS

/** 150p, 10ppm, 450ppw, 3gbp, 150pm. */
const MIXED_PRICE = /^(?:\d{2,3}p(?:pm|pw|m|w|msg)?|\d{1,3}pp[mw]|gbp\d.*|x?£\d.*|\d{2,3}p.{0,12}(?:msg|min|rcv|wk|text|txt).*)$/

function numberAt(words: Words, index: number): What | undefined {
  const { text, starts, ends, marks } = words
  const start = starts[index] ?? 0
  const end = ends[index] ?? 0
  const size = end - start
  const digits = size >= 3 ? joinedDigits(words, index) : text.slice(start, end)
  if (digits.length >= 9) return phoneKind(digits)
  if (size >= 5 && size <= 6 && isSentTo(words, index)) return 'a number to send a word to'
  if (((marks[index] as number) & MARK.money) !== 0)
    return priceAt(words, index) ?? (isOneOfNear(words, index, PRIZES) ? 'a sum to win' : undefined)
  if (size === 2 && (digits === '18' || digits === '16') && /^\s?\+(?!\d)/.test(text.slice(end, end + 3))) return 'an age limit'
  return /^\s?p\b/.test(text.slice(end, end + 3)) ? priceAt(words, index) : undefined
}

/** Digits of a number written in groups: 0871-872-9755, 0800 169 6031. */
function joinedDigits(words: Words, index: number): string {
  let digits = wordAt(words, index)
  for (let next = index + 1; next < words.starts.length && next <= index + 4; next++) {
    const mark = words.marks[next] as number
    if ((mark & MARK.number) === 0 || (mark & ~(MARK.number | MARK.space | MARK.hyphen)) !== 0) break
    digits += wordAt(words, next)
  }
  return digits
}

/** British 09 and North American 900 numbers cost much, 087, 084 and 070 some; 0800 and its like are free. */
function phoneKind(digits: string): What | undefined {
  const national = digits.replace(/^(?:00)?44(?=\d{10}$)/, '0')
  if (/^09\d{8,9}$/.test(national) || /^1?900\d{7}$/.test(digits)) return 'a premium-rate number'
  if (/^0(?:87|84|70)\d{7,9}$/.test(national)) return 'a shared-revenue number'
  return /^0(?:800|808|500)\d{4,7}$/.test(national) ? 'a free number' : undefined
}

const SENDING = wordSet('txt text send reply sms msg message')
const TO = wordSet('to on at 2 no number')
const ANSWERS = wordSet('stop help info end unsubscribe quit cancel yes')

/** "text WIN to 87066", not "text STOP to 87066". */
function isSentTo(words: Words, index: number): boolean {
  if (!isOneOf(words, index - 1, TO)) return false
  for (let back = 2; back <= 7 && index - back >= 0; back++) {
    if (isOneOf(words, index - back, ANSWERS)) return false
    if (isOneOf(words, index - back, SENDING)) return true
  }
  return false
}

const PER_USE = wordSet('min msg mins rcv rcvd text txt message pm')
const PER_TIME = wordSet('per wk week pw sub month')

/** £1.50 per msg, £3/wk, 1.50 p msg. */
function priceAt(words: Words, index: number): What | undefined {
  let found: What | undefined
  for (let ahead = 1; ahead <= 3; ahead++) {
    const mark = words.marks[index + ahead]
    if (mark === undefined || (mark & MARK.line) !== 0) return found
    if (isOneOf(words, index + ahead, PER_USE)) return 'a price per message'
    if (isOneOf(words, index + ahead, PER_TIME)) found = 'a price per week or month'
    else if ((mark & MARK.number) === 0 && wordAt(words, index + ahead) !== 'p') return found
  }
  return found
}

const PRIZES = wordSet(
  'prize prizes cash award voucher vouchers gift won win winner guaranteed reward bonus claim holiday draw jackpot card',
)

function isOneOfNear(words: Words, index: number, set: ReadonlySet<number>): boolean {
  for (let near = Math.max(0, index - 6); near <= index + 6; near++) if (isOneOf(words, near, set)) return true
  return false
}
