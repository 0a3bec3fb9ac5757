import type { Channel, ContactFacts } from '../../core/contact.js'
import type { GuardrailPolicy } from '../policy.js'
import { hasPack } from './has-pack.js'
import type { Rule } from './rule.js'
import { RULES } from './rules.js'

/**
 * Whether a rule speaks to a recipient on a channel: one of its packs is on, and its law holds where the recipient is.
 * Nobody knows where = it holds. An id without data is the product's own and always on.
 */
export function applies(id: string, channel: Channel, policy: GuardrailPolicy, contact: ContactFacts | undefined): boolean {
  const entries = BY_ID.get(id)
  if (entries === undefined) return true
  return entries.some(
    ({ pack, channels, jurisdiction }) => channels.includes(channel) && hasPack(policy, pack) && holdsFor(jurisdiction, contact),
  )
}

const BY_ID: ReadonlyMap<string, readonly Rule[]> = grouped()

function grouped(): Map<string, Rule[]> {
  const byId = new Map<string, Rule[]>()
  for (const rule of RULES) byId.set(rule.id, [...(byId.get(rule.id) ?? []), rule])
  return byId
}

function holdsFor(jurisdiction: string, contact: ContactFacts | undefined): boolean {
  if (jurisdiction === 'all' || contact?.country === undefined) return true
  const country = contact.country.toUpperCase()
  return jurisdiction === country || jurisdiction === `${country}-${contact.state?.toUpperCase() ?? ''}`
}
