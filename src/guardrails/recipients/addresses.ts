import type { Channel, ContactFacts } from '../../core/contact.js'
import type { Recipient } from '../../core/message.js'
import { because, deny, type Findings } from '../findings.js'
import { maskAddress } from './mask-address.js'
import { canonicalEmail, canonicalPhone } from './recipient-keys.js'

/** The address a recipient stands for, in its one spelling, or undefined after saying what is wrong with it. */
export function addressOf(
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
    const plain = address === undefined ? '' : canonical(channel, address)
    if (plain !== '') return plain
    // What is no address, or several, is on no suppression list, whoever GHL makes of it.
    const what = address === undefined ? 'no address' : 'no usable address'
    missing(found, `The contact has ${what} for ${channel}. Put one in GHL first.`, recipient)
    return undefined
  }
  const plain = recipient.address === undefined ? '' : canonical(channel, recipient.address)
  if (plain === '') {
    missing(found, `A ${recipient.kind} recipient has no usable address for ${channel}.`, recipient)
    return undefined
  }
  if (recipient.kind === 'to' && contact !== undefined && !own.some((mine) => canonical(channel, mine) === plain)) {
    const address = maskAddress(plain)
    deny(
      found,
      because(
        'recipient.foreign_address',
        `${address} is not an address of this contact. Leave "to" out or use one of its own.`,
        { address, known: own.length },
      ),
    )
  }
  return plain
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
