import { because } from '../../findings.js'
import { type Check, speak } from '../case.js'

/** A subject that pretends to answer or to forward. 15 USC 7704(a)(2). */
export const checkDeceptivePrefix: Check = (about, found) => {
  const { page, message } = about
  if (message.isReply === true) return
  const prefix = PREFIX.exec(page.subject.text)
  if (prefix === null) return
  speak(
    found,
    about,
    'warn',
    because(
      'content.subject',
      'The subject says that this answers or forwards something, and it belongs to no thread. Take the prefix out, or reply in the thread.',
      { span: [0, prefix[0].length] },
      { rule: 'subject.deceptive-prefix' },
    ),
  )
}

/** Re:, Fwd: and what mail programs of other languages write, also behind a label: "[EXTERNAL] Re:". */
const PREFIX =
  /^(?:\s{0,3}\[[^\][\n]{1,30}\]\s{0,3})?[\s[(]{0,5}(?:re|fwd?|aw|antw(?:ort)?|wg|tr|rif|r|i|sv|vs|vb|odp|pd|ynt|ilt|enc|res|rv|回复|答复|转发|返信)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,2}[:：]/i
