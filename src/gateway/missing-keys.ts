import type { Attempt } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'

/** What an attempt is judged by beside the attempt itself and is not known here yet: most of the time nothing. */
export function missingKeys({ known, policy }: Core, attempt: Attempt): readonly string[] {
  const missing: string[] = []
  const { senderDomain } = attempt
  if (senderDomain !== undefined && known.health(senderDomain) === undefined) missing.push(keys.health(senderDomain))
  const { message } = attempt.classified
  if (policy.hearsReplies && message?.channel === 'whatsapp' && message.contactId !== undefined)
    missing.push(keys.heard(message.contactId))
  return missing
}
