import { CLAUSES, SENTENCES, WHOLE } from './opt-out-sentences.js'
import { bareWords, HELP_WORDS, isMisspeltStop, plainWords, SHORT_STOP_WORDS, START_WORDS, STOP_WORDS } from './opt-out-words.js'

/** What a person wants: no more messages, messages again, to know who writes. */
export type Wish = 'stop' | 'start' | 'help'

/** Longest text that is read; a wish stands at the beginning or is short. */
const READ = 2000
/** A keyword counts as a clause of its own in the first words only: a long answer may carry a footer nobody can tell as quoted. */
const BEGINNING = 300

/**
 * Reads a wish out of what a person wrote back, in whatever words: the carriers' keywords (also misspelt, with
 * punctuation, in other languages, beside other clauses) and sentences such as "please take me off your list". "Stop by
 * tomorrow" is none. Undefined = it says nothing of the kind. 47 CFR 64.1200(a)(10): revocation counts by any
 * reasonable means.
 */
export function readOptOut(text: string): Wish | undefined {
  const own = text.slice(0, READ).split(SIGNATURE, 1)[0] ?? ''
  const plain = plainWords(own)
  if (plain === '') return undefined
  const word = bareWords(plain)
  if (isStopWord(word) || SHORT_STOP_WORDS.has(word) || beginsWithStop(own, plain)) return 'stop'
  // What loosens is taken by the letter.
  if (START_WORDS.has(plain)) return 'start'
  if (HELP_WORDS.has(word)) return 'help'
  if (saysIn(WHOLE, plain) || saysIn(SENTENCES, plain)) return 'stop'
  const flowing = own.replace(WRAPPED, ' ')
  const meant = BANTER.test(plain) ? (clause: string) => !isBareStop(clause) : () => true
  const beginning = flowing.slice(0, BEGINNING).split(BREAK).filter(meant)
  if (beginning.some((clause) => isKeyword(clause, own))) return 'stop'
  const clauses = flowing.split(BREAK).filter(meant)
  return clauses.some((clause) => saysIn(CLAUSES, plainWords(clause).replace(THANKS, ''))) ? 'stop' : undefined
}

/** Below it stand a name and a telephone. */
const SIGNATURE = /\n\s{0,9}(?:--\s{0,9}(?:\n|$)|sent from (?:my|outlook|yahoo)\b|get outlook for\b)/i
/** Where a clause ends: a stop, a comma, a line, a dash with space around it. */
const BREAK = /[.!?,;\n\r…。！？、，؟]+|\s[-–—]+\s|[–—]/
/** A line that goes on in the next: it is long, or ends in a word that leads to another; the next begins small. */
const WRAPPED =
  /(?<=[^\n]{59}[^\n.!?,;:])\r?\n(?=\p{Ll}[^\n]{25})|(?<=\b(?:to|the|an?|of|have|has|had|been|is|are|was|were|be|successfully|will|would|must|should|that|with|by|from|my|your|our))\r?\n(?=\p{Ll})/gu
/** What, behind it, makes a "stop" in small letters a joke or a slip. */
const BANTER =
  /\bstop\b.{0,80}?\b(?:i (?:just |really |so )?love (?:it|this|that(?! you)|you|them|these|your)|i meant(?! (?:it|that|what|stop))|see (?:you|u|ya)(?! in court)|(?<!not )hilarious|(?:too|so) (?:funny|kind)|(?:flatter|kill)ing? me|flatter me|cant wait|youre the best)\b/
const THANKS = /(?: (?:please|pls|plz|thanks|thank you|thx|ty|and))+$/

function saysIn(sentences: readonly RegExp[], plain: string): boolean {
  return sentences.some((sentence) => sentence.test(plain))
}

function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word) || isMisspeltStop(word)
}

function isKeyword(clause: string, text: string): boolean {
  const word = bareWords(plainWords(clause))
  return isStopWord(word) || (SHORT_STOP_WORDS.has(word) && isShouted(clause) && !isShouted(text))
}

/** "Oh stop", in small letters. */
function isBareStop(clause: string): boolean {
  return !isShouted(clause) && /^(?:\w+ ){0,2}stop(?: it)?$/.test(plainWords(clause))
}

function isShouted(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase()
}

/** "STOP I already told you": the keyword as carriers know it, in capitals before other words. "STOP by at 3" is none. */
function beginsWithStop(text: string, plain: string): boolean {
  return /^[^\p{L}\p{N}]{0,9}(?:STOP|STOPALL|UNSUBSCRIBE)\b/u.test(text) && !isShouted(text) && !NO_KEYWORD.test(plain)
}

const NO_KEYWORD =
  /^\w+ (?:i (?:just |really |so )?love (?:it|this|that|you|them|these|your)|\w+ing|by|in|at|over|off|on|here|there|sign|signs|light|lights|button|watch|gap|motion|loss|losses|order|orders|limit|work|light|is|was|has)\b/
