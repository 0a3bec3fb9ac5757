import { unitAt } from '../../core/unit-at.js'
import { because } from '../findings.js'
import { type Check, spanOf, speak } from './case.js'
import { bodyEnd } from './footer.js'
import { MARK } from './reading/chars.js'
import { wordSet } from './reading/lexicon.js'
import type { Part } from './reading/page.js'
import { isOneOf, type Words } from './reading/words.js'

/** Words no sentence ends with, and words few do. */
const OPENS = wordSet(
  "the a an and or but your our my their its because if whether very than into i'm we're you're i'd we'd i've we've der die das und oder ein eine le la les et un une el los y una",
)
const LEADS_ON = wordSet(
  'to of with for from as that which who is are was will would can could should when where while has have been',
)

/** The text ends in the middle of a sentence. */
export const checkTruncated: Check = (about, found) => {
  const { body } = about.page
  const { words } = body
  const end = bodyEnd(body)
  const last = lastOpenWord(words, end)
  const cut = last ?? cutMark(body) ?? openEnd(words, end)
  if (cut === undefined) return
  speak(
    found,
    about,
    'block',
    because(
      'content.unfinished',
      'The text ends in the middle of a sentence. Write it to its end.',
      { part: 'body', span: spanOf(words, cut, cut) },
      { rule: 'content.truncated' },
    ),
  )
}

/** "[truncated]", "(continued)": a note in brackets. */
function cutMark({ words, hits }: Part): number | undefined {
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'frame' || phrase.family !== 'cut') continue
    if (/[[(]/.test(words.text.charAt((words.starts[from] ?? 0) - 1)) && /^[\])]/.test(words.text.slice(words.ends[to])))
      return from
  }
  return undefined
}

/** The last word of a paragraph, when its sentence goes on. `end` is where the text proper ends: behind it is the footer. */
function lastOpenWord(words: Words, end: number): number | undefined {
  const { lines, starts } = words
  for (let line = 1; line <= lines.length; line++) {
    const next = lines[line] ?? starts.length
    const index = Math.min(next, end) - 1
    if (index < 0) continue
    const behind = index + 1 < words.marks.length ? (words.marks[index + 1] as number) : tailOf(words, index)
    const closes = index + 1 === end || (behind & MARK.paragraph) !== 0
    if (closes && (behind & (MARK.stop | MARK.clause | MARK.other)) === 0) {
      if (
        isOneOf(words, index, OPENS)
          ? wordsBefore(words, index, 3)
          : isOneOf(words, index, LEADS_ON) && wordsBefore(words, index, 8)
      )
        return index
    }
    if (next >= end) return undefined
  }
  return undefined
}

/** As much of the end is looked at. */
const TAIL = 300
/** "3." with nothing behind it, below a line that has something. */
const OPEN_POINT = /\n[ \t]{0,4}\d{1,2}[.)][ \t]{0,4}\S[^\n]{0,200}\n[ \t]{0,4}\d{1,2}[.)]$/
/** A bracket or quotation mark that was opened, and then the text stops in a word. */
const OPEN_BRACKET = /[^\S\n]\(\p{L}[^()\n]{0,200}[\p{L},]$/u
const OPEN_QUOTATION = /(?:^|\s)“\p{L}[^”\n]{0,200}[\p{L},]$/u

/** The text stops where something was begun: a point of a list, a bracket, a quotation. */
function openEnd({ text, starts, ends }: Words, end: number): number | undefined {
  if (end < 3) return undefined
  let until = end < starts.length ? (starts[end] as number) : text.length
  // The line `--` above the footer, and white space.
  while (until > 0 && (unitAt(text, until - 1) <= 32 || unitAt(text, until - 1) === 45)) until--
  const tail = text.slice(Math.max(0, until - TAIL), until)
  return isOpen(tail, unitAt(text, until - 1)) ? Math.max(0, Math.min(end, ends.length) - 1) : undefined
}

/** `last`: the unit it ends with tells which of them it can be. */
function isOpen(tail: string, last: number): boolean {
  if (last === 46 || last === 41) return OPEN_POINT.test(tail)
  return (tail.includes('(') && OPEN_BRACKET.test(tail)) || (tail.includes('“') && OPEN_QUOTATION.test(tail))
}

/** Whether a word is at least the `least`th of its sentence and paragraph. */
function wordsBefore({ marks }: Words, index: number, least: number): boolean {
  for (let size = 1, at = index; size < least; size++, at--) {
    if (at === 0 || ((marks[at] as number) & (MARK.paragraph | MARK.stop)) !== 0) return false
  }
  return true
}

/** MARK bits of what follows the last word of a text: only stops and clauses matter here. */
function tailOf({ text, ends }: Words, index: number): number {
  return /[^\s]/.test(text.slice(ends[index])) ? MARK.stop : MARK.paragraph
}
