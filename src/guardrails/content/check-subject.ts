import type { Reason } from '../../core/reason.js'
import { because } from '../findings.js'
import type { Page } from './page.js'

/** What makes a subject look like advertising: capitals only, punctuation, length. */
export function subjectFaults({ subject }: Page, maxSubject: number): Reason[] {
  const { raw, words } = subject
  const faults: Reason[] = []
  const length = raw.length > maxSubject ? Array.from(raw).length : raw.length
  if (length > maxSubject) {
    faults.push(
      because(
        'content.subject',
        `The subject has ${length} characters; from ${maxSubject} on mail programs cut it. Shorten it.`,
        { length, max: maxSubject },
        { rule: 'content.subject_length' },
      ),
    )
  }
  // Three letters: "Q3?" is no shouting.
  if (words.letters >= 3 && words.capitals === words.letters) {
    faults.push(
      because(
        'content.subject',
        'The subject is in capitals only. Write it in sentence case.',
        { letters: words.letters },
        { rule: 'content.subject_capitals' },
      ),
    )
  }
  const bangs = count(raw, '!')
  const questions = count(raw, '?')
  if (bangs > 1 || questions > 2) {
    faults.push(
      because(
        'content.subject',
        `The subject has ${bangs} exclamation and ${questions} question marks; one and two are enough.`,
        { bangs, questions },
        { rule: 'content.subject_punctuation' },
      ),
    )
  }
  return faults
}

function count(text: string, char: string): number {
  let found = 0
  for (let at = text.indexOf(char); at !== -1; at = text.indexOf(char, at + 1)) found++
  return found
}
