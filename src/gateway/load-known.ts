import type { Attempt } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { senderDomainOf } from './people.js'

/** Makes sure that what an attempt is judged by beside the attempt itself is known here: most of the time it is. */
export async function loadKnown({ known, policy }: Core, attempt: Attempt): Promise<void> {
  const domain = senderDomainOf(attempt, policy)
  if (domain !== undefined && known.health(domain) === undefined) await known.load([keys.health(domain)])
  const { message } = attempt.classified
  if (policy.hearsReplies && message?.channel === 'whatsapp' && message.contactId !== undefined)
    await known.load([keys.heard(message.contactId)])
}
