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
  for (let index = 1; index < end; index++) {
    const mark = marks[index] as number
    if ((mark & MARK.line) === 0) continue
    if (((mark & MARK.hyphen) !== 0 && /^[^\n]*\n-- ?\n/.test(text.slice(startOfGap(words, index), starts[index]))) || hasAddress(words, index)) {
      return index
    }
  }
  return end
}

function isKeyword(text: string, at: number): boolean {
  const word = text.slice(at, at + 4)
  return word === word.toUpperCase()
}

function startOfGap({ ends }: Reading['words'], index: number): number {
  return ends[index - 1] ?? 0
}

function sentenceStart(marks: readonly number[], from: number): number {
  let at = from
  while (at > 0 && ((marks[at] as number) & MARK.line) === 0 && !endsSentence(marks[at] as number)) at--
  return at
}

/** Whether the line that begins at a word holds a street and its number. */
function hasAddress(words: Reading['words'], from: number): boolean {
  const { marks, starts } = words
  for (let index = from; index < starts.length && index < from + 20; index++) {
    if (index > from && ((marks[index] as number) & MARK.line) !== 0) return false
    if (isStreetNumber(words, index)) return true
  }
  return false
}
