import { encodedBlob } from './encoded-blob.js'
import { isTurned, plainLetters, unleet } from './reading/canonical.js'
import { MARK } from './reading/chars.js'
import type { Page, Part } from './reading/page.js'
import type { Disguisable, Hit, Phrase, PhraseBook } from './reading/phrase-book.js'
import { isPlain, type Words, wordAt, wordsOf } from './reading/words.js'
import type { Finding } from './score-content.js'

/** A phrase worth hiding. What costs less is hidden by accident: a soft hyphen, a drop cap. */
const WORTH_HIDING = 0.8
/** A block by itself. */
const WEIGHT = 5

/**
 * Sales phrases, and in texts also what carriers do not carry, that show only once invisible characters, letters of other
 * scripts, digits for letters, spaced letters, tags inside words and encodings are undone. Returns them: they count as
 * phrases too.
 */
export function findObfuscation(page: Page, findings: Finding[]): readonly Phrase[] {
  const disguised: Phrase[] = []
  inPart(page.subject, page, disguised, findings)
  inPart(page.body, page, disguised, findings)
  if (page.alternative !== undefined) inPart(page.alternative, page, disguised, findings)
  return disguised
}

function inPart(part: Part, { channel, html, book }: Page, disguised: Phrase[], findings: Finding[]): void {
  const { name, words } = part
  const sought = channel === 'sms' || channel === 'rcs' ? book.inTexts : book.elsewhere
  const add = (phrase: Phrase, least = WORTH_HIDING) => {
    // What is not carried is worth hiding whatever it weighs.
    if (!sought.kinds.has(phrase.kind) || (phrase.kind === 'sales' && phrase.weight < least) || disguised.includes(phrase)) return
    disguised.push(phrase)
    findings.push(finding(phrase.text, name))
  }
  const ascii = isPlain(words)
  if (!ascii) hiddenByCharacters(part, book, sought, add)
  if (words.spaced) for (const phrase of spelledOut(words, sought)) add(phrase, 0.4)
  if ((words.all & MARK.mixed) !== 0) hiddenByDigits(part, book, sought, add)
  if (html !== undefined && html.seams.length > 0 && name === 'body') cutWords(part, html.seams, add)
  if (!ascii && isTurned(part.text)) findings.push(finding('text that runs backwards', name))
  const blob = encodedBlob(words)
  if (blob !== undefined) findings.push(finding(blob, name))
}

type Add = (phrase: Phrase, least?: number) => void

function hiddenByCharacters({ text, hits, canonical }: Part, book: PhraseBook, sought: Disguisable, add: Add): void {
  const openly = new Set(hits.map(({ phrase }) => phrase))
  const soft = /^[^\p{Cf}]*$/u.test(text.replaceAll('\u00ad', ''))
  const undone = canonical.words.text === text ? [] : canonical.hits
  const latin =
    (canonical.words.all & MARK.foreign) === 0 && (canonical.words.all & MARK.exotic) === 0
      ? undefined
      : plainLetters(canonical.words.text)
  const unmixed = latin === undefined || latin === canonical.words.text ? [] : book.find(wordsOf(latin))
  for (const { phrase } of undone) {
    if (!openly.has(phrase)) add(phrase, soft && text.includes('\u00ad') ? WORTH_HIDING : 0.3)
  }
  const known = new Set(undone.map(({ phrase }) => phrase))
  for (const hit of unmixed) {
    if (!openly.has(hit.phrase) && !known.has(hit.phrase) && !isAccented(canonical.words, hit)) add(hit.phrase, 0.3)
  }
  if (latin !== undefined && latin !== canonical.words.text) {
    const read = wordsOf(latin)
    if (read.spaced) for (const phrase of spelledOut(read, sought)) add(phrase, 0.4)
  }
}

/** A short word of another language, of which nothing but the accents is foreign: `gün` is a day, not a gun. */
function isAccented(words: Words, { phrase, from, to }: Hit): boolean {
  if (phrase.kind === 'sales' || from !== to || phrase.text.length > 5) return false
  return (
    wordAt(words, from)
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '') === phrase.text
  )
}

/** The text with `w1nn3r` as `winner`, for words that then are known. */
function hiddenByDigits({ words, hits }: Part, book: PhraseBook, sought: Disguisable, add: Add): void {
  let text = ''
  let done = 0
  for (const index of words.numbers) {
    if (((words.marks[index] as number) & MARK.mixed) === 0) continue
    const written = wordAt(words, index)
    if (written.length > 30 || ORDINAL.test(written)) continue
    const meant = unleet(written).find((word) => sought.knows(word))
    if (meant === undefined) continue
    const start = words.starts[index] ?? 0
    text += words.text.slice(done, start) + meant
    done = words.ends[index] ?? start
  }
  if (done === 0) return
  const openly = new Set(hits.map(({ phrase }) => phrase))
  for (const { phrase } of book.find(wordsOf(text + words.text.slice(done)))) {
    // Three characters are a code more often than a word.
    if (!openly.has(phrase) && (phrase.kind === 'sales' || phrase.text.length > 3)) add(phrase, 0.3)
  }
}

/** 1st, 24h, 7pm, 10k, 150p. */
const ORDINAL = /^\d+(?:st|nd|rd|th|h|hr|hrs|am|pm|k|m|mb|gb|p|s|x|d|kg|km|cm|mm|min|mins|yr|yrs|wk|wks)$/

/** Phrases a tag runs through, or whose letters are written as numbers. */
function cutWords({ words, hits }: Part, seams: readonly number[], add: Add): void {
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'sales') continue
    const start = words.starts[from] ?? 0
    const end = words.ends[to] ?? 0
    let cuts = 0
    for (const seam of seams) if (seam > start - 1 && seam < end) cuts++
    if (cuts > 0) add(phrase, cuts > 1 ? 0.3 : WORTH_HIDING)
  }
}

/** Phrases spelled with at least four single letters: `F R E E`, `W.I.N.N.E.R`. */
function spelledOut(words: Words, sought: Disguisable): Phrase[] {
  const found: Phrase[] = []
  let letters = ''
  for (let index = 0; index <= words.starts.length; index++) {
    const word = index < words.starts.length ? wordAt(words, index) : ''
    const breaks = index < words.marks.length && ((words.marks[index] as number) & MARK.line) !== 0
    if (word.length === 1 && !breaks) {
      letters += word
      continue
    }
    if (letters.length >= 4) {
      const phrase = spelled(letters, sought) ?? unleet(letters).flatMap((read) => spelled(read, sought) ?? [])[0]
      if (phrase !== undefined) found.push(phrase)
    }
    letters = word.length === 1 ? word : ''
  }
  return found
}

function spelled(letters: string, { joined }: Disguisable): Phrase | undefined {
  const whole = joined.get(letters)
  if (whole !== undefined) return whole
  // Longer rows are alphabets, initials, tables.
  if (letters.length > 40) return undefined
  for (let from = 0; from + 4 <= letters.length; from++) {
    for (let to = letters.length; to >= from + 4; to--) {
      const phrase = joined.get(letters.slice(from, to))
      if (phrase !== undefined) return phrase
    }
  }
  return undefined
}

function finding(text: string, part: 'subject' | 'body'): Finding {
  return { rule: 'content.obfuscation', weight: WEIGHT, part, text, mend: 'Write it plainly, or better leave it out.' }
}
