import type { Attempt } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { senderDomainOf } from './people.js'

/** What an attempt is judged by beside the attempt itself and is not known here yet: most of the time nothing. */
export function missingKeys({ known, policy }: Core, attempt: Attempt): readonly string[] {
  const missing: string[] = []
  const domain = senderDomainOf(attempt, policy)
  if (domain !== undefined && known.health(domain) === undefined) missing.push(keys.health(domain))
  const { message } = attempt.classified
  if (policy.hearsReplies && message?.channel === 'whatsapp' && message.contactId !== undefined)
    missing.push(keys.heard(message.contactId))
  return missing
}
