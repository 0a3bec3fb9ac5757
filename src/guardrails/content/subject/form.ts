import { because } from '../../findings.js'
import { type Check, speak } from '../case.js'

/** What makes a subject look like advertising: capitals only, punctuation, length. */
export const checkSubjectForm: Check = (about, found) => {
  const { page, policy } = about
  const { text, words } = page.subject
  const { maxSubject, subject: severity } = policy.content
  const length = text.length > maxSubject ? Array.from(text).length : text.length
  if (length > maxSubject) {
    const why = `The subject has ${length} characters; from ${maxSubject} on mail programs cut it. Shorten it.`
    speak(found, about, severity, because('content.subject', why, { length, max: maxSubject }, { rule: 'subject.too-long' }))
  }
  // Three letters: "Q3?" is no shouting.
  if (words.letters >= 3 && words.capitals === words.letters) {
    const why = 'The subject is in capitals only. Write it in sentence case.'
    speak(found, about, severity, because('content.subject', why, { letters: words.letters }, { rule: 'subject.capitals' }))
  }
  const bangs = count(text, '!')
  const questions = count(text, '?')
  if (bangs > 1 || questions > 2) {
    const why = `The subject has ${bangs} exclamation and ${questions} question marks; one and two are enough.`
    speak(found, about, severity, because('content.subject', why, { bangs, questions }, { rule: 'subject.punctuation' }))
  }
}

function count(text: string, char: string): number {
  let found = 0
  for (let at = text.indexOf(char); at !== -1; at = text.indexOf(char, at + 1)) found++
  return found
}
