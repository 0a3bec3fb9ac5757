import { because } from '../../findings.js'
import { type Check, spanOf, speak } from '../case.js'

/** An advertisement under the subject of an order, a payment or an account of the reader's. 15 USC 7704(a)(2). */
export const checkDeceptiveSubject: Check = (about, found) => {
  const { page, context, message } = about
  if (context.purpose === 'transactional' || message.isReply === true) return
  const { words, hits } = page.subject
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'transaction') continue
    speak(
      found,
      about,
      'warn',
      because(
        'content.subject',
        `The subject promises news of the reader's own ${phrase.family} ("${phrase.text}"). Say what the e-mail is about.`,
        { text: phrase.text, span: spanOf(words, from, to) },
        { rule: 'subject.deceptive' },
      ),
    )
    return
  }
}
