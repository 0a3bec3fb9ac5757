import { MARK } from './reading/chars.js'
import { wordSet } from './reading/lexicon.js'
import type { Part } from './reading/page.js'
import type { Hit } from './reading/phrase-book.js'
import { beginsLine, isOneOf, type Words, wordAt } from './reading/words.js'
import { FIELD, type TemplateTag } from './template-tags.js'

/** Where a template had a value and the text has none: "Hi ,", "Hi {},", "for undefined", "an office in .", "raised $ million". */
export function lostValueIn({ text, words, hits }: Part): TemplateTag | undefined {
  for (const hit of hits) {
    const { phrase, from, to } = hit
    if (phrase.kind === 'greeting' && from < 12 && beginsLine(words, from) && isNameless(words, hit)) {
      return { form: 'a greeting without a name', span: [words.starts[from] ?? 0, (words.ends[to] ?? 0) + 2] }
    }
    if (phrase.kind !== 'no-value' || !isLostValue(words, from, to)) continue
    return { form: `the value "${phrase.text}"`, span: [words.starts[from] ?? 0, words.ends[to] ?? 0] }
  }
  const { all } = words
  const gap =
    ((all & (MARK.money | MARK.percent)) === 0 ? undefined : lostAmount(text)) ??
    ((all & (MARK.detached | MARK.wide)) === 0 ? undefined : lostWord(words)) ??
    ((all & MARK.other) === 0 ? undefined : lostOwner(text))
  return gap === undefined ? undefined : { form: 'a value that is missing', span: gap }
}

type Span = readonly [start: number, end: number]

/** "Hi ,", "Dear :", "Hi FirstName,", "Hi - ,", "Hi [Client],": no name between the greeting and its comma. */
function isNameless(words: Words, { phrase, to }: Hit): boolean {
  const end = words.ends[to] ?? 0
  // One character between it and the next word is the space of "Hi Dana".
  if (words.starts[to + 1] !== end + 1) {
    const rest = words.text.slice(end, end + 56)
    if (NO_NAME.test(rest)) return !(SPACED_STOP.test(rest) && FRENCH.has(phrase.text))
    if (TAG_FOR_NAME.test(rest)) return true
  }
  return (
    isOneOf(words, to + 1, FIELD_WORDS) &&
    /^[ \t]{0,2}[,:.!\n]/.test(words.text.slice(words.ends[to + 1], (words.ends[to + 1] ?? 0) + 3))
  )
}

/** A smile is no colon. */
const NO_NAME = /^[^\S\n]{1,4}(?:[,.]|:(?![()DP])|!(?!\w)|[-–—][^\S\n]?[,:])|^[^\S\n]{0,4}[,:][^\S\n]?[,:]/
/** French puts a space before these. */
const SPACED_STOP = /^[^\S\n]{1,2}[!:]/
const FRENCH = new Set(['bonjour', 'bonsoir', 'salut'])
/** Whatever stands in the brackets of a template where a name should be; in round ones people add "(again)". */
const TAG_FOR_NAME = new RegExp(
  `^[^\\S\\n]{1,4}(?:\\{[^{}\\n]{0,40}\\}|\\[[^[\\]\\n]{0,40}\\]|<[^<>\\n]{0,40}>|«[^«»\\n]{0,40}»|\\((?:${FIELD})?\\)|_{2,30})[^\\S\\n]{0,2}(?:[,:.!\\n]|$)`,
  'i',
)

const FIELD_WORDS = wordSet(
  'name firstname lastname fname lname fullname undefined null nan nil firstlast contactname username customername recipient',
)
const VALUED = wordSet('hi hello hey dear for at with from in of by about to your saw noticed and until till since')
const CODE = wordSet(
  'value values check checks pointer pointers hypothesis byte bytes reference references and void field fields type variable variables behavior behaviour result results of the or taken object',
)

/** `null` where a name should stand, not where somebody writes about programs. */
function isLostValue(words: Words, from: number, to: number): boolean {
  const word = wordAt(words, from)
  const mark = words.marks[from] ?? 0
  if (isAmount(words, from, to)) return true
  if (from > 0 && (mark & MARK.space) === 0 && (mark & MARK.line) === 0) return false
  if (isOneOf(words, to + 1, CODE) && ((words.marks[to + 1] ?? 0) & (MARK.stop | MARK.clause)) === 0) return false
  if (!isOneOf(words, from - 1, VALUED)) return false
  if (word === 'n') return words.text.slice(words.starts[from], words.ends[to]).toLowerCase() === 'n/a'
  // As a word of English it is written small: "none of", "for none".
  if (word === 'none') return words.text.startsWith('None', words.starts[from])
  return word !== 'nan' || words.text.startsWith('NaN', words.starts[from]) || isOneOf(words, from - 1, GREETINGS)
}

/** "$NaN", "None%": written to a sign that only goes with a number. */
function isAmount({ text, starts, ends }: Words, from: number, to: number): boolean {
  return /[$€£¥]/.test(text.charAt((starts[from] ?? 0) - 1)) || text.charAt(ends[to] ?? 0) === '%'
}

const GREETINGS = wordSet('hi hello hey dear')

/** "raised $ million", "cut costs by %": the number between the words and its sign is gone. */
function lostAmount(text: string): Span | undefined {
  const match =
    (text.includes('$ ') || text.includes('€ ') || text.includes('£ ') ? LOST_SUM.exec(text) : null) ??
    (text.includes(' %') ? LOST_SHARE.exec(text) : null)
  return match === null ? undefined : [match.index, match.index + match[0].length]
}

/** Not "in $ million", as tables are headed, nor "paid $ in 2025", where it is the currency. */
const LOST_SUM =
  /\b(?:rais(?:ed?|ing)|sav(?:ed?|es|ing)|spen(?:t|d|ds|ding)|paid|pays?|owes?|won|los[te]|cuts?|worth|costs?|by|of|over|than|about|for|at) {1,2}[$€£] {1,2}(?:million|billion|thousand|(?<=(?:rais|sav|spe|paid|pay|owe|won|los|cut|cost)[a-z]{0,4} {1,2}. {1,2})(?:per|on|from|this|last|each|every|a))\b/i
const LOST_SHARE =
  /\b(?:cut|cuts|cutting|reduc(?:e|es|ed|ing)|gr(?:ew|ow|ows|own|owing)|increas(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|sav(?:e|es|ed|ing)|r(?:ose|ise|ises|ising)|drop(?:s|ped)?|f(?:ell|all|alls)|lift(?:s|ed)?|boost(?:s|ed)?|lower(?:s|ed)?|rais(?:e|es|ed|ing)|up|down)\b[^.%\n]{0,40} (?:by|to|of|over|than|nearly|almost|about|around|roughly) {1,2}%(?=[\s.,;!?]|$)/i

const OPENS_GAP = wordSet('in at for with of from by as to about like saw noticed that and the your hi hello hey dear')
const AFTER_GAP = wordSet(
  'is are was were has have had opened raised launched hired announced expanded moved grew acquired recently just and or to for on in at team teams needs uses can could would will might may should',
)
/** What a noun has to stand between. */
const ARTICLES = wordSet('a an')
const AFTER_NOUN = wordSet('in at for with of from to and or is was has that which who on by')
const BEFORE_NAME = wordSet('like at with from by for of')
const AFTER_NAME = wordSet('often usually typically rarely always already')
/** What no sentence ends with, beside those that open a gap. */
const TRANSITIVE = wordSet('a an our my their until till between via per called named near')
const ON = wordSet('on')

/** "opened a second warehouse in .", "I saw  opened", "hiring a  in Reno": a value was empty. */
function lostWord(words: Words): Span | undefined {
  const { marks, starts, ends } = words
  for (let index = 1; index <= marks.length; index++) {
    const mark = index < marks.length ? (marks[index] as number) : MARK.detached
    if ((mark & (MARK.detached | MARK.wide)) === 0) continue
    const from = ends[index - 1] ?? 0
    const empty = (mark & MARK.wide) === 0 ? endsOpen(words, index - 1) : starts[index] === from + 2 && isHole(words, index)
    if (empty) return [from, from + 2]
  }
  return undefined
}

/** Whether two spaces before a word stand for another word. */
function isHole(words: Words, index: number): boolean {
  return (
    (isOneOf(words, index - 1, OPENS_GAP) && isOneOf(words, index, AFTER_GAP)) ||
    (isOneOf(words, index - 1, ARTICLES) && isOneOf(words, index, AFTER_NOUN) && !isPartOfCode(words, index - 1)) ||
    (isOneOf(words, index - 1, BEFORE_NAME) && isOneOf(words, index, AFTER_NAME))
  )
}

/** The `A` of `M2473G/A`. */
function isPartOfCode({ marks }: Words, index: number): boolean {
  return ((marks[index] as number) & (MARK.space | MARK.line)) === 0
}

/** Whether a sentence or clause is closed, behind a space, by a word that leads on; ".forward" is a name. */
function endsOpen(words: Words, index: number): boolean {
  const end = words.ends[index] ?? 0
  const gap = words.text.slice(end, end + 5)
  if (!/^ {1,3}[.,;](?:\s|$)/.test(gap)) return false
  if (isOneOf(words, index, OPENS_GAP) || isOneOf(words, index, TRANSITIVE)) return true
  return isOneOf(words, index, ON) && gap.includes('.')
}

/** "I noticed 's new office". */
function lostOwner(text: string): Span | undefined {
  const at = text.includes(" 's ") ? text.indexOf(" 's ") : text.indexOf(' ’s ')
  return at === -1 ? undefined : [at, at + 4]
}
