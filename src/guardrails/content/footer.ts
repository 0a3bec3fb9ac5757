import { isStreetNumber } from '../compliance/postal-address.js'
import { MARK } from './reading/chars.js'
import type { Reading } from './reading/page.js'
import { endsSentence } from './reading/words.js'

/** How many words come before the footer: before the first line that is about opting out, an address, or below `--`. */
export function bodyEnd({ words, hits }: Reading): number {
  const { marks, starts, text } = words
  let end = starts.length
  for (const { phrase, from } of hits) {
    if ((phrase.kind !== 'opt-out' && phrase.kind !== 'keyword') || from >= end) continue
    if (phrase.kind === 'opt-out' && phrase.text !== 'stop') end = Math.min(end, sentenceStart(marks, from))
    else if (isKeyword(text, starts[from] ?? 0)) end = Math.min(end, sentenceStart(marks, from))
  }
  for (const index of words.lines) {
    if (index >= end) break
    const mark = marks[index] as number
    if ((mark & MARK.hyphen) !== 0 && DIVIDER.test(text.slice(index === 0 ? 0 : words.ends[index - 1], starts[index])))
      return index
    if (isAddressLine(words, index)) return index
  }
  return end
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

/** Whether the line that begins at a word holds a street, its number and a comma: an address, no sentence about one. */
function isAddressLine(words: Reading['words'], from: number): boolean {
  const { marks, starts } = words
  let street = false
  let commas = 0
  for (let index = from; index < starts.length && index < from + 24; index++) {
    const mark = marks[index] as number
    if (index > from) {
      if ((mark & MARK.line) !== 0) break
      if ((mark & MARK.clause) !== 0) commas++
    }
    street ||= (mark & (MARK.number | MARK.mixed)) !== 0 && isStreetNumber(words, index)
  }
  return street && commas >= (from === 0 ? 2 : 1)
}
