import { isAscii, unleet, unmixScripts } from './canonical.js'
import type { Page, Part } from './page.js'
import { COMBINATIONS } from './phrases.js'
import type { Finding } from './score-content.js'
import { GAP, type Words, wordAt, wordsOf } from './words.js'

/** Sales and fraud phrases, each counted once; half as much again in the subject; hidden spellings weigh a block. */
export function findPhrases(page: Page, findings: Finding[]): void {
  const seen = new Set<string>()
  for (const part of [page.subject, page.body, page.alternative]) {
    if (part === undefined) continue
    inPart(part, page, seen, findings)
  }
  if (seen.size > 1) {
    for (const { all, weight } of COMBINATIONS) {
      if (all.every((text) => seen.has(text))) {
        findings.push({
          rule: 'content.spam_combination',
          weight,
          part: 'body',
          text: all.join(' + '),
          mend: 'Say it without one of the two.',
        })
      }
    }
  }
}

function inPart(part: Part, { book }: Page, seen: Set<string>, findings: Finding[]): void {
  const { name, words, hits, open } = part
  const plain = open.words === words
  const openly = plain ? undefined : new Set(open.hits.map(({ phrase }) => phrase.text))
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'sales') continue
    if (openly !== undefined && !openly.has(phrase.text)) {
      findings.push(obfuscated(phrase.text, name))
      continue
    }
    if (seen.has(phrase.text)) continue
    seen.add(phrase.text)
    const weight = name === 'subject' ? phrase.weight * 1.5 : phrase.weight
    const found: Finding = { rule: 'content.spam_phrase', weight, part: name, text: phrase.text, mend: 'Say it in other words.' }
    findings.push(plain ? { ...found, span: [words.starts[from] ?? 0, words.ends[to] ?? 0] } : found)
  }
  if (plain && (words.marks & GAP.mixed) === 0 && !words.spaced && isAscii(words.text)) return
  const known = new Set(hits.map(({ phrase }) => phrase.text))
  for (const text of disguised(words, book)) if (!known.has(text)) findings.push(obfuscated(text, name))
}

/** Phrases that show only once letters of other scripts, digits for letters and spaced letters are read as meant. */
function disguised(words: Words, book: Page['book']): Set<string> {
  const found = new Set<string>()
  const latin = unmixScripts(words.text)
  const read = latin === words.text ? words : wordsOf(latin)
  if (read !== words) for (const { phrase } of book.find(read)) if (phrase.kind === 'sales') found.add(phrase.text)
  for (const text of spelledOut(read, book)) found.add(text)
  const plain = withoutDigits(read, book)
  if (plain !== undefined) for (const { phrase } of book.find(wordsOf(plain))) if (phrase.kind === 'sales') found.add(phrase.text)
  return found
}

/** The text with `w1nn3r` as `winner`, for words that then are known; undefined when there is none. */
function withoutDigits(words: Words, book: Page['book']): string | undefined {
  let text: string | undefined
  let done = 0
  for (let index = 0; index < words.starts.length; index++) {
    if (((words.gaps[index] ?? 0) & GAP.mixed) === 0) continue
    const meant = unleet(wordAt(words, index)).find((word) => book.knows(word))
    if (meant === undefined) continue
    const start = words.starts[index] ?? 0
    text = `${text ?? ''}${words.text.slice(done, start)}${meant}`
    done = words.ends[index] ?? start
  }
  return text === undefined ? undefined : text + words.text.slice(done)
}

/** Phrases spelled with at least four single letters: `F R E E`, `W.I.N.N.E.R`. */
function spelledOut(words: Words, book: Page['book']): string[] {
  if (!words.spaced) return []
  const found: string[] = []
  let letters = ''
  for (let index = 0; index <= words.starts.length; index++) {
    const word = index < words.starts.length ? wordAt(words, index) : ''
    const breaks = ((words.gaps[index] ?? 0) & (GAP.line | GAP.paragraph)) !== 0
    if (word.length === 1 && !breaks) {
      letters += word
      continue
    }
    const phrase = letters.length >= 4 ? spelled(letters, book) : undefined
    if (phrase !== undefined) found.push(phrase)
    letters = word.length === 1 ? word : ''
  }
  return found
}

function spelled(letters: string, { joined }: Page['book']): string | undefined {
  const whole = joined.get(letters)
  if (whole !== undefined) return whole.text
  if (letters.length > 40) return undefined
  for (const [together, { text }] of joined) if (together.length >= 4 && letters.includes(together)) return text
  return undefined
}

function obfuscated(text: string, part: 'subject' | 'body'): Finding {
  return { rule: 'content.obfuscation', weight: 5, part, text, mend: 'Write the word plainly, or better leave it out.' }
}
