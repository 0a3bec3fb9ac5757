import type { Channel, ContactFacts } from '../core/contact.js'
import { memoize } from '../core/memo.js'
import { contactKeys, mailboxGroup, recipientKeys, registrableDomain } from '../guardrails/recipients/index.js'
import type { Attempt } from './attempt.js'

/** Everyone a message goes to, as addresses: the contact's own where the request names none. */
export function addressesOf({ classified, contact }: Attempt): readonly string[] {
  const { message } = classified
  if (message === undefined) return []
  const own = message.channel === 'email' ? contact?.emails[0] : contact?.phones[0]
  const addresses: string[] = []
  for (const recipient of message.recipients) {
    const address = recipient.address ?? own
    if (address !== undefined) addresses.push(address)
  }
  return addresses
}

/**
 * The keys under which any of the people reached may be suppressed. `dnd` = with those of GHL's do-not-disturb, for hosts
 * that look contacts up elsewhere: GHL's own answer has it fresh.
 */
export function recipientKeysOf(attempt: Attempt, dnd: boolean): readonly string[] {
  const { classified, contactIds } = attempt
  const { message } = classified
  if (message !== undefined) return messageKeys(message.channel, contactIds, addressesOf(attempt), dnd)
  const keys = new Set(contactIds.flatMap((id) => [`contact:${id}`, `contact:${id}#email`, `contact:${id}#sms`]))
  const known = peopleOf(attempt).flatMap(({ emails, phones }) => [...emails, ...phones])
  for (const address of [...(classified.addresses ?? []), ...known])
    for (const key of recipientKeys('sms', address)) keys.add(key)
  return [...keys]
}

/** The contacts that were looked up. */
export function peopleOf({ contact, people }: Attempt): readonly ContactFacts[] {
  return people ?? (contact ? [contact] : [])
}

/** The same of a message to these contacts at these addresses. */
export function messageKeys(
  channel: Channel,
  contactIds: readonly string[],
  addresses: readonly string[],
  dnd: boolean,
): readonly string[] {
  const keys = new Set<string>()
  for (const id of contactIds) {
    const [whole, there, asGhlSays] = contactKeys(id, channel)
    keys.add(whole).add(there)
    if (dnd) keys.add(asGhlSays)
  }
  for (const address of addresses) for (const key of recipientKeys(channel, address)) keys.add(key)
  return [...keys]
}

/** How many e-mails leave, and to which mailbox providers (registrable domain, consumer domains of one provider as one). */
export function mailCount(attempt: Attempt): MailCount {
  const addresses = addressesOf(attempt)
  const total = Math.max(addresses.length, attempt.classified.message?.recipients.length ?? 1)
  return total === 1 && addresses[0] !== undefined ? mailTo(addresses[0]) : { total, byDomain: counted(addresses) }
}

interface MailCount {
  readonly total: number
  readonly byDomain: Readonly<Record<string, number>>
}

/** The usual mail: to one address. */
const mailTo = memoize(2000, (address): MailCount => ({ total: 1, byDomain: { [providerOf(address)]: 1 } }))

function counted(addresses: readonly string[]): Readonly<Record<string, number>> {
  const byDomain: Record<string, number> = Object.create(null) as Record<string, number>
  for (const address of addresses) {
    const domain = providerOf(address)
    byDomain[domain] = (byDomain[domain] ?? 0) + 1
  }
  return byDomain
}

function providerOf(address: string): string {
  return mailboxGroup(registrableDomain(address.slice(address.lastIndexOf('@') + 1)))
}
