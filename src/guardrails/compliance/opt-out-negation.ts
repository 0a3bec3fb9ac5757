import { MARK } from '../content/reading/chars.js'
import { wordSet } from '../content/reading/lexicon.js'
import { endsSentence, isOneOf, type Words, wordAt } from '../content/reading/words.js'

/** Where what is said about a way out ends: a line, a sentence. */
export function breaks(mark: number): boolean {
  return (mark & MARK.line) !== 0 || endsSentence(mark)
}

/** A word that takes back the one at an index stands up to five words before it, in its clause. */
export function isNegated(words: Words, from: number): boolean {
  for (let back = 1; back <= 5 && from - back >= 0; back++) {
    const mark = words.marks[from - back + 1] ?? 0
    if (breaks(mark) || (mark & MARK.clause) !== 0 || isDashed(words, from - back + 1)) return false
    if (!isOneOf(words, from - back, NEGATIONS)) continue
    return !followsCondition(words, from - back)
  }
  return false
}

/** "This inbox is not monitored - unsubscribe". */
function isDashed({ marks, text, starts, ends }: Words, at: number): boolean {
  const mark = marks[at] ?? 0
  if ((mark & MARK.space) === 0 || (mark & (MARK.hyphen | MARK.other)) === 0) return false
  return /\s[-–—]+\s/.test(text.slice(ends[at - 1] ?? 0, starts[at]))
}

export const NEGATIONS = wordSet(
  "no not cannot can't don't doesn't didn't won't never nothing without unable isn't aren't needn't mustn't shouldn't couldn't wouldn't nobody nor impossible refuse kein keine nicht ohne nie pas sans aucun jamais sin nunca non senza não sem geen niet нельзя",
)

const CONDITIONS = wordSet('if when whenever should falls wenn si se als rather prefer wish want longer sooner hesitate hassle')

const DENIALS = wordSet("isn't aren't won't doesn't impossible unavailable")
const AUXILIARIES = wordSet('is are will does has')
const POSSIBLE = wordSet('possible available supported offered allowed needed necessary required work help function effect')

/** "Unsubscribing is not possible", "replying STOP won't work". */
export function isDenied(words: Words, to: number): boolean {
  if (to + 1 >= words.starts.length || breaks(words.marks[to + 1] ?? 0)) return false
  const no = isOneOf(words, to + 1, AUXILIARIES) ? to + 2 : to + 1
  if (isOneOf(words, no, DENIALS)) return true
  return no === to + 2 && /^(?:not|no)$/.test(wordAt(words, no)) && isOneOf(words, no + 1, POSSIBLE)
}

/** "If this is not relevant just reply stop": the condition is negated, not the way out. */
function followsCondition(words: Words, index: number): boolean {
  // "Don't hesitate to reply STOP", "no longer want", "reply no if not interested".
  if (isOneOf(words, index + 1, CONDITIONS)) return true
  for (let at = index; at >= 0 && index - at <= 8; at--) {
    if (isOneOf(words, at, CONDITIONS)) return true
    if (breaks(words.marks[at] ?? 0)) return false
  }
  return false
}
