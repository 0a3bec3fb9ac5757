import { isStreetNumber } from '../compliance/postal-address.js'
import { MARK } from './reading/chars.js'
import type { Reading } from './reading/page.js'
import { endsSentence, type Words } from './reading/words.js'

/** How many words come before the footer: before the first line that is about opting out, an address, or below `--`. */
export function bodyEnd({ words, hits }: Reading): number {
  const { marks, starts, text } = words
  let end = starts.length
  for (const { phrase, from } of hits) {
    if ((phrase.kind !== 'opt-out' && phrase.kind !== 'keyword') || from >= end) continue
    if (phrase.kind === 'opt-out' && phrase.text !== 'stop') end = Math.min(end, sentenceStart(marks, from))
    else if (isKeyword(text, starts[from] ?? 0)) end = Math.min(end, sentenceStart(marks, from))
  }
  return Math.min(end, dividerLine(words), addressLine(words))
}

function dividerLine({ all, lines, marks, text, starts, ends }: Words): number {
  if ((all & MARK.hyphen) === 0) return Number.POSITIVE_INFINITY
  const found = lines.find(
    (index) =>
      ((marks[index] as number) & MARK.hyphen) !== 0 &&
      DIVIDER.test(text.slice(index === 0 ? 0 : ends[index - 1], starts[index])),
  )
  return found ?? Number.POSITIVE_INFINITY
}

/** The line `--` that mail programs take for the beginning of a signature. */
const DIVIDER = /(?:^|\n)-- ?\n/

function isKeyword(text: string, at: number): boolean {
  const word = text.slice(at, at + 4)
  return word === word.toUpperCase()
}

function sentenceStart(marks: readonly number[], from: number): number {
  let at = from
  while (at > 0 && ((marks[at] as number) & MARK.line) === 0 && !endsSentence(marks[at] as number)) at--
  return at
}

/** Words of a line that are looked at. */
const LINE_LENGTH = 24

/** The first line with a street, its number and a comma: an address, no sentence about one. Numbers are few, so they are looked at. */
function addressLine(words: Words): number {
  for (const number of words.numbers) {
    if (!isStreetNumber(words, number)) continue
    const line = lineOf(words, number)
    if (line !== undefined && commasIn(words, line) >= (line === 0 ? 2 : 1)) return line
  }
  return Number.POSITIVE_INFINITY
}

/** Where the line of a word begins; undefined where that is too far away. */
function lineOf({ marks }: Words, index: number): number | undefined {
  for (let at = index; at > index - LINE_LENGTH && at >= 0; at--)
    if (at === 0 || ((marks[at] as number) & MARK.line) !== 0) return at
  return undefined
}

function commasIn({ marks }: Words, line: number): number {
  let commas = 0
  for (let index = line + 1; index < marks.length && index < line + LINE_LENGTH; index++) {
    const mark = marks[index] as number
    if ((mark & MARK.line) !== 0) break
    if ((mark & MARK.clause) !== 0) commas++
  }
  return commas
}
