import type { Channel, ContactFacts } from '../../core/contact.js'
import type { Message } from '../../core/message.js'
import type { GuardrailPolicy } from '../policy.js'
import { addressCountry, numberCountry } from '../recipients/country-of.js'
import { hasPack } from './has-pack.js'
import type { Rule } from './rule.js'
import { RULES } from './rules.js'

/** Whom a message is for. */
type Addressed = Pick<Message, 'channel' | 'recipients'>

/**
 * Whether a rule speaks to the recipient of a message: one of its packs is on, and its law holds where the recipient is.
 * Nobody knows where = it holds. An id without data is the product's own and always on.
 */
export function applies(id: string, message: Addressed, policy: GuardrailPolicy, contact: ContactFacts | undefined): boolean {
  const entries = BY_ID.get(id)
  if (entries === undefined) return true
  return entries.some(
    ({ pack, channels, jurisdiction }) =>
      channels.includes(message.channel) && hasPack(policy, pack) && holdsFor(jurisdiction, message, contact),
  )
}

const BY_ID: ReadonlyMap<string, readonly Rule[]> = grouped()

function grouped(): Map<string, Rule[]> {
  const byId = new Map<string, Rule[]>()
  for (const rule of RULES) byId.set(rule.id, [...(byId.get(rule.id) ?? []), rule])
  return byId
}

function holdsFor(jurisdiction: string, message: Addressed, contact: ContactFacts | undefined): boolean {
  if (jurisdiction === 'all') return true
  const country = (isText(message.channel) ? textedCountry(message, contact) : undefined) ?? (contact && addressCountry(contact))
  // A state's law is kept in all of its country: what says the state of a recipient is often missing.
  return country === undefined || jurisdiction.slice(0, 2) === country
}

function isText(channel: Channel): boolean {
  return channel === 'sms' || channel === 'rcs'
}

/** A text is carried where its number belongs, wherever the owner lives. */
function textedCountry({ recipients }: Addressed, contact: ContactFacts | undefined): string | undefined {
  const number = recipients.find(({ address }) => address !== undefined)?.address ?? contact?.phones[0]
  return number === undefined ? undefined : numberCountry(number)
}
