import { unitAt } from '../../core/unit-at.js'
import { isPlaceholderHost } from '../content/placeholder.js'
import { MARK } from '../content/reading/chars.js'
import type { Link } from '../content/reading/html.js'
import { wordSet } from '../content/reading/lexicon.js'
import type { Reading } from '../content/reading/page.js'
import type { Hit, PhraseKind } from '../content/reading/phrase-book.js'
import { endsSentence, isOneOf, type Words, wordAt } from '../content/reading/words.js'
import { isBurdened } from './opt-out-burden.js'
import { breaks, isDenied, isNegated } from './opt-out-negation.js'

/** What a text says about the way out, and what is wrong with it. */
export interface OptOut {
  /** It tells how to stop getting mail, in a way that works. */
  readonly stated: boolean
  /** It says that one cannot, need not or must not. */
  readonly negated: boolean
  /** It asks for money, a log-in, data, a letter, a call or a visit. */
  readonly burdened: boolean
}

/**
 * Reads what a text says about opting out. A way out is a keyword with an instruction ("reply STOP") or with a working
 * link on its line. A mention is none ("no unsubscribe needed", "one-stop", "unsubscribe rate").
 */
export function readOptOut({ words, hits }: Reading, links: readonly Link[]): OptOut {
  let stated = false
  let negated = false
  let burdened = false
  for (const hit of latest(hits, ['opt-out', 'promise', 'keyword'])) {
    if (isQuoted(words, hit)) continue
    if (hit.phrase.kind === 'promise') {
      stated ||= isPromisedForAnswer(words, hit)
      continue
    }
    if (hit.phrase.kind === 'keyword') {
      stated ||= !isEveryday(hit) && isAsked(words, hit, 3) && isMeantAsKeyword(words, hit)
      continue
    }
    if (isNegated(words, hit.from) || isDenied(words, hit.to)) {
      negated ||= hit.phrase.text !== 'stop' || asking(words, hit, 3) !== undefined
      continue
    }
    if (isMention(words, hit)) continue
    const works = isInstruction(words, hit) || (isLinkable(hit) && hasLink(words, hit, links))
    if (isBurdened(words, hit, links)) burdened ||= works || isLinkable(hit)
    else stated ||= works
  }
  return { stated, negated, burdened }
}

/** Each place looks at the lines and links around it: of more than these, only a hostile text has use. */
const MOST_PLACES = 50

/** The last places that are about opting out; the footer is at the end. */
function latest(hits: readonly Hit[], kinds: readonly PhraseKind[]): readonly Hit[] {
  const found: Hit[] = []
  for (let index = hits.length - 1; index >= 0 && found.length < MOST_PLACES; index--) {
    const hit = hits[index] as Hit
    if (kinds.includes(hit.phrase.kind)) found.push(hit)
  }
  return found
}

/** The same for a text message: "reply STOP", "STOP to end", "STOP=end" or "STOP au 36111", in plain letters. */
export function readStop({ words, hits }: Reading): OptOut {
  let stated = false
  let negated = false
  for (const hit of latest(hits, ['opt-out', 'keyword'])) {
    if (isNegated(words, hit.from) || isDenied(words, hit.to)) negated ||= asking(words, hit, 3) !== undefined
    else stated ||= tellsToStop(words, hit)
  }
  return { stated, negated, burdened: false }
}

function tellsToStop(words: Words, hit: Hit): boolean {
  const { kind, text } = hit.phrase
  if (isMention(words, hit)) return false
  if (text === 'stop') return isAsked(words, hit, 3) || isStopTo(words, hit) || isNamed(words, hit)
  if (kind === 'opt-out' && text !== 'unsubscribe' && text !== 'optout') return false
  return isAsked(words, hit, 3) && (kind !== 'keyword' || isMeantAsKeyword(words, hit))
}

/** How many words of a text message tell how to stop it: "to opt out, reply STOP", up to the end of the clause. */
export function stopWords({ words, hits }: Reading): number {
  let counted = 0
  let until = 0
  let named: Hit | undefined
  for (const hit of hits) {
    if (hit.phrase.kind !== 'opt-out' && hit.phrase.kind !== 'keyword') continue
    if (hit.from >= until && tellsToStop(words, hit) && !isForBooking(words, hit, named)) {
      const verb = asking(words, hit, 3) ?? hit.from
      const from = named === undefined || !isOneSentence(words, named.to, verb) ? verb : startOf(words, named)
      let to = hit.to + 1
      while (to < words.starts.length && !breaks(words.marks[to] ?? 0) && ((words.marks[to] ?? 0) & MARK.clause) === 0) to++
      counted += to - Math.max(from, until)
      until = to
    }
    named = hit
  }
  return counted
}

const OWNED = wordSet('your my the our a an this that')

/** "Reply CANCEL to cancel your visit", "to cancel your visit reply CANCEL": no way out of the texts. */
function isForBooking(words: Words, hit: Hit, named: Hit | undefined): boolean {
  if (!isEveryday(hit)) return false
  if (isStopTo(words, hit)) return isOneOf(words, hit.to + 3, OWNED) && !isOneOf(words, hit.to + 4, LISTS)
  return named?.phrase.kind !== 'opt-out' || !isOneSentence(words, named.to, hit.from)
}

/** "To opt out", "opt out". */
function startOf(words: Words, { from }: Hit): number {
  return wordAt(words, from - 1) === 'to' ? from - 1 : from
}

function isOneSentence(words: Words, from: number, to: number): boolean {
  for (let at = from + 1; at <= to; at++) if (breaks(words.marks[at] ?? 0)) return false
  return true
}

/** How many words stand in lines and sentences about opting out: what a message says beside them is its content. */
export function optOutWords({ words, hits }: Reading): number {
  let counted = 0
  let until = 0
  for (const hit of hits) {
    if (hit.phrase.kind !== 'opt-out') continue
    let from = hit.from
    while (from > until && !breaks(words.marks[from] ?? 0)) from--
    let to = Math.max(hit.to + 1, until)
    while (to < words.starts.length && !breaks(words.marks[to] ?? 0)) to++
    counted += Math.max(0, to - Math.max(from, until))
    until = to
  }
  return counted
}

/** "Reply CANCEL" ends an appointment as often as a list. */
function isEveryday({ phrase: { text } }: Hit): boolean {
  return text === 'end' || text === 'quit' || text === 'cancel' || text === 'annulla'
}

/** `stop` is too common a word for a link beside it to make it an instruction. */
function isLinkable({ phrase: { text } }: Hit): boolean {
  return (
    text !== 'stop' &&
    text !== 'no thanks' &&
    text !== 'no thank you' &&
    text !== 'not interested' &&
    text !== 'no longer interested'
  )
}

const NOUN_USES = wordSet(
  'rate rates needed required necessary numbers number metrics trends trend requests request complexity spreadsheets chaos button buttons feature features page pages form forms flow flows process compliance law laws rules rule handling management list lists policy policies event events data count counts reasons survey',
)
/** What one may unsubscribe from; from anything else it is a figure of speech. */
const LISTS = wordSet(
  'this these our the all any my your future further such receiving getting email emails mail mails mailing mailings list lists newsletter newsletters messages us here me sales marketing updates it them texts alerts that promotional commercial similar more',
)
/** Who else may unsubscribe: "why people unsubscribe". */
const OTHERS = wordSet('people customers users readers subscribers recipients contacts leads prospects they who why many few')
const FROM = wordSet('from of')
const NAMED_AFTER_FROM = wordSet('unsubscribe unsubscribing unsubscribed out')

/** Joined by a hyphen ("one-stop"), or a noun about the thing itself, or a figure of speech. */
function isMention(words: Words, { from, to, phrase }: Hit): boolean {
  const { marks } = words
  const before = marks[from] ?? 0
  const behind = marks[to + 1] ?? 0
  if (from > 0 && (before & MARK.hyphen) !== 0 && (before & BREAKS) === 0) return true
  if ((behind & MARK.hyphen) !== 0 && (behind & BREAKS) === 0) return true
  if (from > 0 && isOneOf(words, from - 1, OTHERS) && !breaks(before)) return true
  const sameSentence = to + 1 < words.starts.length && !breaks(behind)
  if (!sameSentence) return false
  if (isOneOf(words, to + 1, NOUN_USES) && (behind & MARK.clause) === 0) return true
  return (
    isOneOf(words, to, NAMED_AFTER_FROM) &&
    phrase.kind === 'opt-out' &&
    isOneOf(words, to + 1, FROM) &&
    (behind & MARK.clause) === 0 &&
    !isOneOf(words, to + 2, LISTS)
  )
}

const BREAKS = MARK.space | MARK.line

const ASKING = wordSet(
  'reply replying respond responding text txt send email e-mail mail write answer say type antworten antworte antworten antwort sende senden répondez répondre réponds envoyez envoie responda responder responde envíe envía enviar rispondi rispondere invia stuur beantwoord antwoord svar svara skicka send skriv odpowiedz wyślij ответьте отправьте',
)

function isInstruction(words: Words, hit: Hit): boolean {
  return isAsked(words, hit, 6) || (hit.phrase.text === 'stop' && isStopTo(words, hit)) || isJustAnswer(words, hit)
}

const ANSWERS = wordSet('reply respond replying responding')
const SIMPLY = wordSet('just simply please')

/** "To opt out, just reply", "If you'd rather not hear from me, let me know": an answer will do. */
function isJustAnswer(words: Words, { to, phrase }: Hit): boolean {
  if (phrase.text === 'stop') return false
  for (let at = to + 1; at < words.starts.length && at <= to + 12; at++) {
    if (breaks(words.marks[at] ?? 0)) return false
    if (isOneOf(words, at, ANSWERS) && (isOneOf(words, at - 1, SIMPLY) || at < to + 6)) return !isNegated(words, at)
    if (wordAt(words, at) === 'let' && wordAt(words, at + 1) === 'me' && wordAt(words, at + 2) === 'know') return true
  }
  return false
}

const ANSWERING = wordSet('reply respond replying responding say answer tell')

/** "Reply no and I won't write again", "let me know and I'll take you off the list". */
function isPromisedForAnswer(words: Words, hit: Hit): boolean {
  for (let at = hit.from - 1; at >= 0 && at >= hit.from - 8 && !endsSentence(words.marks[at + 1] ?? 0); at--) {
    if (isOneOf(words, at, ANSWERING)) return !isNegated(words, at)
    if (wordAt(words, at) === 'know' && /^(?:me|us)$/.test(wordAt(words, at - 1)) && wordAt(words, at - 2) === 'let') return true
  }
  return false
}

function isAsked(words: Words, hit: Hit, reach: number): boolean {
  const verb = asking(words, hit, reach)
  return verb !== undefined && !isNegated(words, verb)
}

/** The verb that asks for an answer: in the same sentence, at most `reach` words before. */
function asking(words: Words, { from }: Hit, reach: number): number | undefined {
  for (let back = 1; back <= reach && from - back >= 0; back++) {
    if (endsSentence(words.marks[from - back + 1] ?? 0)) return undefined
    if (isOneOf(words, from - back, ASKING)) return from - back
  }
  return undefined
}

const STOP_TO = wordSet('end opt unsubscribe cancel stop quit optout remove unsub leave abbestellen abmelden arrêter')

/** "STOP to end", "STOP=end", "STOP 2 end", "STOP au 36111". */
function isStopTo(words: Words, hit: Hit): boolean {
  const { to } = hit
  const next = wordAt(words, to + 1)
  if (endsSentence(words.marks[to + 1] ?? 0)) return false
  if (next === 'to' || next === '2' || next === 'für' || next === 'pour' || next === 'para' || next === 'per')
    return isOneOf(words, to + 2, STOP_TO)
  if (next === 'sms') return isStopTo(words, { ...hit, to: to + 1 })
  if (next === 'au' || next === 'an' || next === 'al' || next === 'naar') return /^\d{4,6}$/.test(wordAt(words, to + 2))
  return isOneOf(words, to + 1, STOP_TO) && /[=:/>→]/.test(words.text.slice(words.ends[to], words.starts[to + 1]))
}

const NAMES_IT = wordSet('out optout unsubscribe end quit cancel abmelden afmelden uitschrijven baja')

/** "Opt out: STOP", "unsubscribe = STOP". */
function isNamed(words: Words, { from, to }: Hit): boolean {
  const written = words.text.slice(words.starts[from], words.ends[to])
  if (written !== written.toUpperCase() || !isOneOf(words, from - 1, NAMES_IT)) return false
  return /^\s?(?:[:=→]|->)\s?$/.test(words.text.slice(words.ends[from - 1], words.starts[from]))
}

/** "Reply END to opt out": `end` alone would be too common a word. */
function isMeantAsKeyword(words: Words, { from, to }: Hit): boolean {
  const written = words.text.slice(words.starts[from], words.ends[to])
  return written === written.toUpperCase() || isStopTo(words, { phrase: { text: '', kind: 'keyword', weight: 0 }, from, to })
}

/** Lines that begin with `>` are somebody else's. */
function isQuoted(words: Words, { from }: Hit): boolean {
  const start = words.starts[from] ?? 0
  const line = words.text.lastIndexOf('\n', start - 1) + 1
  return start > 0 && /^[ \t]{0,3}>/.test(words.text.slice(line, line + 4))
}

/** A link to somewhere stands on the keyword's line or on the next. */
function hasLink(words: Words, hit: Hit, links: readonly Link[]): boolean {
  if (links.length === 0) return false
  const start = words.starts[hit.from] ?? 0
  const end = words.ends[hit.to] ?? start
  const line = words.text.lastIndexOf('\n', Math.max(0, start - 1)) + 1
  const nextLine = words.text.indexOf('\n', end)
  const until = nextLine === -1 ? words.text.length : lineEnd(words.text, nextLine)
  return links.some((link) => link.visible && link.end > line && link.start < until && leadsSomewhere(link))
}

/** Where the line ends that begins behind the white space at `from`. */
function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && unitAt(text, at) <= 32) at++
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

/** An address one can go to or write to: no placeholder, no unfilled tag. */
export function leadsSomewhere({ href, scheme, host }: Link): boolean {
  if (scheme === 'mailto')
    return href.includes('@') && !isPlaceholderHost(href.slice(href.indexOf('@') + 1).split(/[?>]/)[0] ?? '')
  if (scheme !== 'http' && scheme !== 'https' && !/^www\./i.test(href)) return false
  return host.includes('.') && !/[{}[\]<>]|%7b|\*\|/i.test(href) && !isPlaceholderHost(host)
}
