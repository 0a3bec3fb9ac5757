import type { Channel, ConsentClaim, ContactFacts } from '../../core/contact.js'
import type { Message, Recipient } from '../../core/message.js'
import { because, deny, type Findings } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { addressOf } from './addresses.js'
import { checkConsent } from './consent.js'
import { checkDoNotDisturb } from './do-not-disturb.js'
import { checkDoubtfulDomain } from './doubtful-domains.js'
import { checkLandline } from './landline.js'
import { checkRoleAccount } from './role-accounts.js'
import { checkSuppressedAddress, checkSuppressedContacts, suppressionKeys } from './suppression.js'
import { checkWhatsAppWindow } from './whatsapp-window.js'

/** What is known of the people a message goes to. */
export interface RecipientFacts {
  readonly now: number
  readonly contact?: ContactFacts
  readonly suppressed?: readonly string[]
  /** `contactIds`: those it names beside the one it is for. */
  readonly action?: { readonly contactIds: readonly string[] }
  readonly consent?: ConsentClaim
  readonly purpose?: 'commercial' | 'transactional'
  readonly heardAt?: number | null
}

/**
 * Who may be written to: suppression and addresses first, then do-not-disturb, landlines, consent, and the hours
 * WhatsApp leaves open.
 */
export function checkRecipients(message: Message, facts: RecipientFacts, policy: GuardrailPolicy, found: Findings): void {
  const { channel } = message
  const { contact, now } = facts
  if (contact === undefined) unresolved(found)
  const keys = suppressionKeys(facts.suppressed ?? [])
  if (keys.size > 0) {
    const named = facts.action?.contactIds ?? []
    checkSuppressedContacts(contact === undefined ? named : [contact.id, ...named], [channel], keys, found)
  }
  for (const recipient of message.recipients.length > 0 ? message.recipients : THE_CONTACT) {
    const address = addressOf(recipient, contact, channel, found)
    if (address === undefined) continue
    checkSuppressedAddress(channel, address, recipient.kind, keys, found)
    if (address.includes('@')) {
      checkRoleAccount(address, recipient.kind, policy, found)
      checkDoubtfulDomain(address, recipient.kind, policy, found)
    } else checkLandline(channel, address, contact, found)
  }
  if (contact !== undefined) checkDoNotDisturb(contact, [channel], found)
  checkConsent(channel, contact, facts, policy, now, found)
  checkWhatsAppWindow(message, facts.heardAt, policy, now, found)
}

const THE_CONTACT: readonly Recipient[] = [{ kind: 'contact' }]
/** What a workflow may write on. */
const WRITTEN = ['email', 'sms'] as const

/**
 * The same for an action that lets GHL write to the contact. On which of its addresses cannot be read, so every one must be
 * free, and the consent for every one has to do.
 */
export function checkReachable(
  facts: RecipientFacts,
  channels: readonly Channel[],
  policy: GuardrailPolicy,
  found: Findings,
): void {
  checkWishes(facts, channels, found)
  const { contact, consent, now } = facts
  if (contact === undefined) return
  const has = { email: contact.emails.length > 0, sms: contact.phones.length > 0 }
  const reached = channels.length > 0 ? channels : WRITTEN.filter((channel) => has[channel])
  // What it writes cannot be read, so nobody's word makes it transactional.
  for (const channel of reached) checkConsent(channel, contact, consent === undefined ? {} : { consent }, policy, now, found)
}

/** What nobody's notice gets past: the suppression list and do-not-disturb. */
export function checkWishes({ contact, suppressed = [] }: RecipientFacts, channels: readonly Channel[], found: Findings): void {
  if (contact === undefined) {
    unresolved(found)
    return
  }
  const keys = suppressionKeys(suppressed)
  if (keys.size > 0) {
    checkSuppressedContacts([contact.id], channels.length > 0 ? channels : WRITTEN, keys, found)
    for (const email of contact.emails) checkSuppressedAddress('email', email, 'contact', keys, found)
    for (const phone of contact.phones) checkSuppressedAddress('sms', phone, 'contact', keys, found)
  }
  checkDoNotDisturb(contact, channels, found)
}

function unresolved(found: Findings): void {
  deny(
    found,
    because('recipient.unresolved', 'Nothing is known about the contact. Nothing is sent to a contact that cannot be read.'),
  )
}
