import { MARK } from './reading/chars.js'
import type { Page } from './reading/page.js'
import type { Words } from './reading/words.js'
import type { Finding } from './score-content.js'

/** Acronyms and headings stay below. */
const ROW_OF_WORDS = 6
const ROW_OF_LETTERS = 20
const MANY_LETTERS = 40
/** Words of a text in which a row of capitals is no heading. */
const SHORT = 60

/** Capitals: half of more than 40 letters, or six words in a row; and rows of exclamation marks. */
export function findShouting({ subject, body }: Page, findings: Finding[]): void {
  const { words } = body
  const half = words.letters > MANY_LETTERS && words.capitals * 2 >= words.letters
  if (half || hasRow(words)) {
    const short = words.starts.length <= SHORT
    findings.push({ rule: 'content.shouting', weight: half || short ? 1.5 : 0.6, part: 'body', mend: 'Write in sentence case.' })
  }
  const bangs = words.bangs >= 3 ? 'body' : subject.words.bangs >= 3 ? 'subject' : undefined
  if (bangs !== undefined)
    findings.push({ rule: 'content.exclamation', weight: 0.8, part: bangs, mend: 'One exclamation mark is enough.' })
}

function hasRow({ shouted, marks, starts, ends }: Words): boolean {
  if (shouted < ROW_OF_WORDS) return false
  let row = 0
  let letters = 0
  for (let index = 0; index < marks.length; index++) {
    if (((marks[index] as number) & MARK.capitals) === 0) {
      // One-letter words ("A", "I") neither shout nor interrupt.
      const single = (ends[index] as number) - (starts[index] as number) === 1 && ((marks[index] as number) & MARK.number) === 0
      if (!single) row = letters = 0
      continue
    }
    row++
    letters += (ends[index] as number) - (starts[index] as number)
    if (row >= ROW_OF_WORDS && letters >= ROW_OF_LETTERS) return true
  }
  return false
}
