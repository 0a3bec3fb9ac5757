import { type Check, speak } from '../content/case.js'
import { because } from '../findings.js'
import { readStop } from './opt-out.js'

/** A text message has to say how to stop: CTIA Messaging Principles; 47 CFR 64.1200(a)(10). Not in a conversation or where the reader's own business causes it. */
export const checkSmsOptOut: Check = (about, found) => {
  const { page, policy, context, message } = about
  const severity = policy.compliance.optOut.sms
  if (severity === 'off') return
  const { stated, negated } = readStop(page.body)
  if (negated) {
    const why = 'The text says not to answer STOP. Carriers end the sending of who does not take it.'
    speak(
      found,
      about,
      severity,
      because('compliance.opt_out_missing', why, { channel: 'sms' }, { rule: 'compliance.unsubscribe-negated' }),
    )
  }
  if (stated || context.purpose === 'transactional' || (message.isReply === true && context.firstMessage !== true)) return
  const why = 'The text does not say how to stop, in plain letters: add "Reply STOP to opt out".'
  speak(
    found,
    about,
    severity,
    because('compliance.opt_out_missing', why, { channel: 'sms' }, { rule: 'compliance.sms-optout-missing' }),
  )
}
