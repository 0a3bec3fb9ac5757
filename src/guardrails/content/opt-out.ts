import type { Link } from './html.js'
import { schemeOf } from './links.js'
import type { Reading } from './page.js'
import type { Hit } from './phrase-book.js'
import { endsSentence, GAP, isOneOf, type Words, wordAt, wordSet } from './words.js'

/**
 * Whether a text tells its reader how to stop getting mail: a keyword with an instruction ("reply STOP") or with a
 * working link on its line. A mention is not enough ("no unsubscribe needed", "one-stop", "unsubscribe rate").
 */
export function hasOptOut({ words, hits }: Reading, links: readonly Link[]): boolean {
  return hits.some(
    (hit) =>
      hit.phrase.kind === 'opt-out' &&
      !isMention(words, hit) &&
      !isQuoted(words, hit) &&
      !isBurdened(words, hit) &&
      (isInstruction(words, hit) || (LINKABLE(hit.phrase.text) && hasLink(words, hit, links))),
  )
}

/** The same for an SMS: "reply STOP", "STOP to end", "STOP=end" or "STOP au 36111", in plain letters. */
export function hasStopInstruction({ words, hits }: Reading): boolean {
  return hits.some((hit) => {
    if (hit.phrase.kind !== 'opt-out' || isMention(words, hit)) return false
    if (hit.phrase.text !== 'stop') return hit.phrase.text === 'unsubscribe' && isAsked(words, hit, 3)
    return isAsked(words, hit, 3) || isStopTo(words, hit)
  })
}

/** How many words stand in lines and sentences about opting out: what a message says beside them is its content. */
export function optOutWords({ words, hits }: Reading): number {
  let counted = 0
  let until = 0
  for (const hit of hits) {
    if (hit.phrase.kind !== 'opt-out') continue
    let from = hit.from
    while (from > until && !breaks(words.gaps[from] ?? 0)) from--
    let to = Math.max(hit.to + 1, until)
    while (to < words.starts.length && !breaks(words.gaps[to] ?? 0)) to++
    counted += to - Math.max(from, until)
    until = to
  }
  return counted
}

function breaks(gap: number): boolean {
  return (gap & GAP.line) !== 0 || endsSentence(gap)
}

/** `stop` is too common a word for a link beside it to make it an instruction. */
const LINKABLE = (text: string): boolean => text !== 'stop' && text !== 'no thanks'

const NEGATIONS = wordSet("no not cannot can't don't doesn't won't never nothing without unable isn't needn't nobody nor")
const CONDITIONS = wordSet('if when whenever should falls wenn si')
const NOUN_USES = wordSet(
  'rate rates needed required necessary numbers metrics trends requests request complexity spreadsheets chaos button buttons feature features',
)
/** What one may unsubscribe from; from anything else it is a figure of speech. */
const LISTS = wordSet(
  'this these our the all any my your future further such receiving getting email emails mail mails mailing mailings list lists newsletter newsletters messages us here me sales marketing updates it them',
)

const FROM = wordSet('from')

/** Negated, joined by a hyphen ("one-stop"), or a noun about the thing itself. */
function isMention(words: Words, { from, to, phrase }: Hit): boolean {
  const gapBefore = words.gaps[from] ?? 0
  if (gapBefore === GAP.hyphen || (words.gaps[to + 1] ?? 0) === GAP.hyphen) return true
  const sameSentence = to + 1 < words.starts.length && !endsSentence(words.gaps[to + 1] ?? 0)
  if (sameSentence && isOneOf(words, to + 1, NOUN_USES)) return true
  if (sameSentence && phrase.text === 'unsubscribe' && isOneOf(words, to + 1, FROM) && !isOneOf(words, to + 2, LISTS)) return true
  return isNegated(words, from)
}

function isNegated(words: Words, from: number): boolean {
  for (let back = 1; back <= 4 && from - back >= 0; back++) {
    const gap = words.gaps[from - back + 1] ?? 0
    if (endsSentence(gap) || (gap & GAP.clause) !== 0 || (gap & GAP.line) !== 0) return false
    if (!isOneOf(words, from - back, NEGATIONS)) continue
    return !followsCondition(words, from - back)
  }
  return false
}

/** "If this is not relevant just reply stop": the condition is negated, not the way out. */
function followsCondition(words: Words, index: number): boolean {
  for (let at = index; at >= 0 && index - at <= 8; at--) {
    if (isOneOf(words, at, CONDITIONS)) return true
    if (endsSentence(words.gaps[at] ?? 0)) return false
  }
  return false
}

const ASKING = wordSet(
  'reply replying respond text txt send email e-mail mail write answer say type antworten antworte antworten répondez répondre responda responder rispondi rispondere envoyez envíe stuur svara svar skriv',
)

function isInstruction(words: Words, hit: Hit): boolean {
  return isAsked(words, hit, 6) || (hit.phrase.text === 'stop' && isStopTo(words, hit))
}

/** A verb that asks for an answer stands in the same sentence, at most `reach` words before. */
function isAsked(words: Words, { from }: Hit, reach: number): boolean {
  for (let back = 1; back <= reach && from - back >= 0; back++) {
    if (endsSentence(words.gaps[from - back + 1] ?? 0)) return false
    if (!isOneOf(words, from - back, ASKING)) continue
    return !isNegated(words, from - back)
  }
  return false
}

const STOP_TO = wordSet('end opt unsubscribe cancel stop quit optout')

/** "STOP to end", "STOP=end", "STOP 2 end", "STOP au 36111". */
function isStopTo(words: Words, { to }: Hit): boolean {
  const next = wordAt(words, to + 1)
  if (endsSentence(words.gaps[to + 1] ?? 0)) return false
  if (next === 'to' || next === '2') return isOneOf(words, to + 2, STOP_TO)
  if (next === 'au') return /^\d{4,6}$/.test(wordAt(words, to + 2))
  return isOneOf(words, to + 1, STOP_TO) && words.text.slice(words.ends[to], words.starts[to + 1]).includes('=')
}

/** Lines that begin with `>` are somebody else's. */
function isQuoted(words: Words, { from }: Hit): boolean {
  const start = words.starts[from] ?? 0
  const line = words.text.lastIndexOf('\n', start - 1) + 1
  return start > 0 && words.text.startsWith('>', line)
}

const BURDENS = wordSet('fee fees login password letter charge signin')

const SIGNING = wordSet('log sign')

/** A way out may ask for no fee, no log-in and no letter (16 CFR 316.5). */
function isBurdened(words: Words, { from, to }: Hit): boolean {
  let at = from
  while (at > 0 && from - at < 20 && !endsSentence(words.gaps[at] ?? 0)) at--
  for (; at < words.starts.length && at - to < 20; at++) {
    if (at > to && endsSentence(words.gaps[at] ?? 0)) return false
    // Not inside an address: /login.
    if ((words.gaps[at] ?? 0) === GAP.other) continue
    if (isOneOf(words, at, BURDENS)) return !isOneOf(words, at - 1, NEGATIONS)
    if (isOneOf(words, at, SIGNING) && wordAt(words, at + 1) === 'in') return true
  }
  return false
}

/** A link to somewhere stands on the keyword's line or on the next. */
function hasLink(words: Words, hit: Hit, links: readonly Link[]): boolean {
  if (links.length === 0) return false
  const start = words.starts[hit.from] ?? 0
  const end = words.ends[hit.to] ?? start
  const line = words.text.lastIndexOf('\n', Math.max(0, start - 1)) + 1
  const nextLine = words.text.slice(end).search(/\n\s*\S/)
  const until = nextLine === -1 ? words.text.length : lineEnd(words.text, end + nextLine)
  return links.some((link) => link.visible && link.end > line && link.start < until && leadsSomewhere(link.href))
}

/** Where the line ends that begins behind the white space at `from`. */
function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function leadsSomewhere(href: string): boolean {
  const scheme = schemeOf(href)
  if (scheme === 'mailto') return href.includes('@')
  if (scheme !== 'http' && scheme !== 'https') return href.startsWith('www.')
  return href.length > scheme.length + 6 && !/[{}[\]<>]|%7b/i.test(href)
}
