import { optOutWords, stopWords } from '../compliance/opt-out.js'
import { because } from '../findings.js'
import { type Case, type Check, speak } from './case.js'
import { bodyEnd } from './footer.js'

/** No subject, or nothing said beside the way out. */
export const checkEmpty: Check = (about, found) => {
  const { message, page, policy } = about
  const { channel, subject = '' } = message
  if (channel === 'email' && subject.trim() === '') {
    speak(
      found,
      about,
      'block',
      because('content.empty', 'The e-mail has no subject. Give it one.', { part: 'subject' }, { rule: 'content.empty-subject' }),
    )
  }
  const min = channel === 'email' ? policy.content.minWords : 1
  const words = page.body.words.starts.length
  // The rest is counted only where it could matter.
  if (words >= min && (words > 60 || saidBeside(about, words) >= min)) return
  // Pictures are judged by their own rule.
  if (page.html !== undefined && page.html.images > 0) return
  speak(
    found,
    about,
    'block',
    because('content.empty', `The message says fewer than ${min} word(s) beside its opt-out. Write something.`, {
      part: 'body',
      words,
      min,
    }),
  )
}

/** Words that are no opt-out and, in an e-mail, no footer. */
function saidBeside({ message: { channel }, page: { body } }: Case, words: number): number {
  if (channel === 'email') return Math.min(bodyEnd(body), words - optOutWords(body))
  return channel === 'sms' || channel === 'rcs' ? words - stopWords(body) : words
}
