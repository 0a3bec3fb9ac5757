import type { Channel, ContactFacts } from '../../core/contact.js'
import type { Message, Recipient } from '../../core/message.js'
import { because, deny, type Findings } from '../findings.js'
import { maskAddress } from './mask-address.js'
import { canonicalEmail, canonicalPhone, recipientKeys } from './recipient-keys.js'

/** Who may not be written to: unknown contacts, do-not-disturb, foreign or missing addresses, the suppressed. */
export function checkRecipients(
  message: Message,
  contact: ContactFacts | undefined,
  suppressed: readonly string[],
  found: Findings,
  /** Contacts it names beside the one it is for. */
  named: readonly string[] = [],
): void {
  const { channel } = message
  if (contact === undefined) unresolved(found)
  else checkDnd(contact, [channel], found)

  const keys = suppressionKeys(suppressed)
  checkContacts(contact === undefined ? named : [contact.id, ...named], keys, found)
  for (const recipient of message.recipients) {
    const address = addressOf(recipient, contact, channel, found)
    if (address !== undefined) checkSuppression(channel, address, recipient.kind, keys, found)
  }
  if (message.recipients.length === 0 && contact !== undefined) {
    const address = addressOf({ kind: 'contact' }, contact, channel, found)
    if (address !== undefined) checkSuppression(channel, address, 'contact', keys, found)
  }
}

/** The same for an action that lets GHL write to the contact: every address it has must be free. */
export function checkReachable(
  contact: ContactFacts | undefined,
  channels: readonly Channel[],
  suppressed: readonly string[],
  found: Findings,
): void {
  if (contact === undefined) {
    unresolved(found)
    return
  }
  checkDnd(contact, channels, found)
  const keys = suppressionKeys(suppressed)
  if (keys.size === 0) return
  checkContacts([contact.id], keys, found)
  for (const email of contact.emails) checkSuppression('email', email, 'contact', keys, found)
  for (const phone of contact.phones) checkSuppression('sms', phone, 'contact', keys, found)
}

function checkContacts(ids: readonly string[], keys: ReadonlySet<string>, found: Findings): void {
  if (keys.size === 0 || !ids.some((id) => keys.has(`contact:${id}`))) return
  deny(
    found,
    because('recipient.suppressed', 'This contact is on the suppression list. Do not write to it; an agent cannot lift it.', {
      by: 'contact',
    }),
  )
}

function unresolved(found: Findings): void {
  deny(
    found,
    because('recipient.unresolved', 'Nothing is known about the contact. Nothing is sent to a contact that cannot be read.'),
  )
}

function checkDnd(contact: ContactFacts, channels: readonly Channel[], found: Findings): void {
  const channel = contact.dndAll ? 'all' : channels.find((each) => contact.dnd.includes(each))
  if (channel === undefined) return
  const where = channel === 'all' ? 'any channel' : channel
  deny(
    found,
    because('recipient.dnd', `The contact asked not to be disturbed on ${where}. Do not write to it there.`, { channel }),
  )
}

/** The address a recipient stands for, or undefined after saying what is wrong with it. */
function addressOf(
  recipient: Recipient,
  contact: ContactFacts | undefined,
  channel: Channel,
  found: Findings,
): string | undefined {
  const own = owned(contact, channel)
  if (recipient.kind === 'contact') {
    // Other channels (chat, Instagram, …) address the contact by its id.
    if (contact === undefined || !isAddressed(channel)) return undefined
    const address = own[0]
    if (address !== undefined && canonical(channel, address) !== '') return address
    // What is no address, or several, is on no suppression list, whoever GHL makes of it.
    const what = address === undefined ? 'no address' : 'no usable address'
    missing(found, `The contact has ${what} for ${channel}. Put one in GHL first.`, recipient)
    return undefined
  }
  const { address } = recipient
  if (address === undefined || canonical(channel, address) === '') {
    missing(found, `A ${recipient.kind} recipient has no usable address for ${channel}.`, recipient)
    return undefined
  }
  if (
    recipient.kind === 'to' &&
    contact !== undefined &&
    !own.some((mine) => canonical(channel, mine) === canonical(channel, address))
  ) {
    deny(
      found,
      because(
        'recipient.foreign_address',
        `${maskAddress(address)} is not an address of this contact. Leave "to" out or use one of its own.`,
        {
          address: maskAddress(address),
          known: own.length,
        },
      ),
    )
  }
  return address
}

function missing(found: Findings, text: string, recipient: Recipient): void {
  deny(found, because('recipient.missing_address', text, { kind: recipient.kind }))
}

function owned(contact: ContactFacts | undefined, channel: Channel): readonly string[] {
  return (channel === 'email' ? contact?.emails : contact?.phones) ?? []
}

function isAddressed(channel: Channel): boolean {
  return channel === 'email' || channel === 'sms' || channel === 'rcs' || channel === 'whatsapp' || channel === 'call'
}

function canonical(channel: Channel, address: string): string {
  return channel === 'email' || address.includes('@') ? canonicalEmail(address) : canonicalPhone(address)
}

const NO_KEYS: ReadonlySet<string> = new Set()

/** Entries may be keys (`@acme.com`, `+1415…`) or addresses as people write them. */
function suppressionKeys(entries: readonly string[]): ReadonlySet<string> {
  if (entries.length === 0) return NO_KEYS
  const keys = new Set<string>()
  for (const entry of entries) {
    if (entry.startsWith('contact:')) {
      keys.add(entry)
      continue
    }
    const plain = entry.normalize('NFKC').trim().toLowerCase()
    keys.add(plain)
    if (plain.startsWith('@')) continue
    for (const key of recipientKeys(plain.includes('@') ? 'email' : 'sms', plain)) if (!key.startsWith('@')) keys.add(key)
  }
  return keys
}

function checkSuppression(channel: Channel, address: string, kind: string, keys: ReadonlySet<string>, found: Findings): void {
  if (keys.size === 0) return
  const hit = recipientKeys(channel, address).find((key) => keys.has(key))
  if (hit === undefined) return
  const by = hit.startsWith('@') ? 'domain' : hit.startsWith('+') ? 'phone' : 'address'
  deny(
    found,
    because(
      'recipient.suppressed',
      `${maskAddress(address)} is on the suppression list (by its ${by}). Take this recipient out; an agent cannot lift it.`,
      {
        address: maskAddress(address),
        by,
        kind,
      },
    ),
  )
}
