import { WEAK } from './phrases/fraud.js'
import { MARK } from './reading/chars.js'
import { wordSet } from './reading/lexicon.js'
import type { Page, Part } from './reading/page.js'
import type { Hit, PhraseKind } from './reading/phrase-book.js'
import { endsSentence, isOneOf, type Words } from './reading/words.js'
import type { Finding } from './score-content.js'

/** Each is a block by itself. */
const WEIGHT = 5

/** An old story, told at length or in all of its three parts. */
export function findAdvanceFee(page: Page, findings: Finding[]): void {
  if (!isLongStory(familiesOf('advance-fee', page)) && !isWindfall(familiesOf('windfall', page))) return
  findings.push({
    rule: 'content.advance-fee',
    weight: WEIGHT,
    part: 'body',
    mend: 'It reads like advance-fee fraud. Write it anew.',
  })
}

/** A fortune, a stranger, the reader's share. */
const WINDFALL = 3

function isWindfall(found: Families | undefined): boolean {
  if (found?.size !== WINDFALL) return false
  const told = [...(found.get('stranger') ?? []), ...(found.get('share') ?? [])]
  return told.length >= WINDFALL || told.some((text) => !WEAK.has(text))
}

/** A fortune, a stranger's part in it, what is asked, secrecy: all but one of these, and enough of it. */
function isLongStory(found: Families | undefined): boolean {
  return found !== undefined && found.size >= 3 && countOf(found) >= 5 && found.has('ask')
}

/** What the reader should do, beside a threat; or a secret that is to be sent by answer. */
export function findPhishing(page: Page, findings: Finding[]): void {
  const { words, hits } = page.body
  const threatens = isThreat(familiesOf('credentials', page))
  if (!threatens && !hits.some((hit) => hit.phrase.kind === 'handover' && !isReported(words, hit))) return
  findings.push({
    rule: 'content.phishing',
    weight: WEIGHT,
    part: 'body',
    mend: threatens
      ? 'A threat to an account beside a request to verify it reads like phishing. Leave one of them out.'
      : 'It asks for a secret by answer, which reads like phishing. Never ask for one.',
  })
}

/** A declined payment beside the request to update it is a notice; in haste, or with a log-in to verify, it is phishing. */
function isThreat(found: Families | undefined): boolean {
  if (found === undefined) return false
  const threat = found.has('threat')
  const ask = found.has('ask')
  return (threat || found.has('notice')) && (ask || found.has('chore')) && (threat || ask || found.has('haste'))
}

/** Behind a threat, what takes it back: "limited to 3 users", "closed as you asked". */
const AGREED =
  /^\s(?:to (?:up to )?\d|as (?:you )?(?:asked|wished|requested|wanted|agreed)\b|(?:at|on|by|upon) your (?:own )?(?:wish|request)\b)/i

function isAgreed({ text, ends }: Words, { phrase, to }: Hit): boolean {
  if (phrase.family !== 'threat') return false
  const end = ends[to] ?? 0
  return AGREED.test(text.slice(end, end + 32))
}

const SAYING = wordSet('say says said saying ask asks asking write writes')
const OTHERS = wordSet('anyone anybody someone somebody nobody whoever scammer scammers fraudsters thieves')
/** Words of a sentence in which somebody else is named who asks for it. */
const REACH = 6

/** What others ask for, in a warning: 'whoever says "send me your PIN"', 'why "send your password" mails work'. */
function isReported(words: Words, { from }: Hit): boolean {
  const { marks, text, starts, ends } = words
  for (let back = 1; back <= REACH && from >= back; back++) {
    const mark = marks[from - back + 1] ?? 0
    if (endsSentence(mark)) break
    const clause = (mark & MARK.clause) !== 0
    if (clause && (back > 1 || text.slice(ends[from - 1], starts[from]).includes(','))) break
    if (back === 1 && isOneOf(words, from - 1, SAYING)) return true
    if (!clause && isOneOf(words, from - back, OTHERS)) return true
  }
  return isQuotedInLine(words, from)
}

/** Behind an odd number of quotation marks, the last of them behind a word. */
function isQuotedInLine({ text, starts }: Words, from: number): boolean {
  const start = starts[from] ?? 0
  const parts = text.slice(Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 200), start).split(/["“”„«»]/)
  return parts.length % 2 === 0 && /\w\s?$/.test(parts.at(-2) ?? '')
}

/** The distinct phrases of each family. */
type Families = ReadonlyMap<string, ReadonlySet<string>>

function familiesOf(kind: PhraseKind, { subject, body }: Page): Families | undefined {
  let families: Map<string, Set<string>> | undefined
  const look = ({ words, hits }: Part) => {
    for (const hit of hits) {
      const { phrase } = hit
      if (phrase.kind !== kind || phrase.family === undefined || isAgreed(words, hit)) continue
      families ??= new Map()
      const known = families.get(phrase.family)
      if (known === undefined) families.set(phrase.family, new Set([phrase.text]))
      else known.add(phrase.text)
    }
  }
  look(subject)
  look(body)
  return families
}

function countOf(families: Families): number {
  let count = 0
  for (const phrases of families.values()) count += phrases.size
  return count
}
