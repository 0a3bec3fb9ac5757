import type { Channel } from '../../core/contact.js'
import { memoize } from '../../core/memo.js'
import { because, deny, type Findings } from '../findings.js'
import { maskAddress } from './mask-address.js'
import { channelFamily, recipientKeys } from './recipient-keys.js'

const NO_KEYS: ReadonlySet<string> = new Set()

/** Entries may be keys (`@acme.com`, `+1415…`, `contact:…`) or addresses as people write them. */
export function suppressionKeys(entries: readonly string[]): ReadonlySet<string> {
  if (entries.length === 0) return NO_KEYS
  const keys = new Set<string>()
  for (const entry of entries) {
    if (isKey(entry)) {
      keys.add(entry)
      continue
    }
    const plain = entry.normalize('NFKC').trim().toLowerCase()
    keys.add(plain)
    if (plain.startsWith('@')) continue
    const channel = plain.includes('@') ? 'email' : 'sms'
    for (const key of recipientKeys(channel, plain)) if (!key.startsWith('@') && !key.includes('#')) keys.add(key)
  }
  return keys
}

/** Names of contacts keep their case: GHL's ids differ by it. A number on one channel is no number. */
function isKey(entry: string): boolean {
  return entry.startsWith('contact:') || entry.startsWith('dnd:') || /^\+\d+#/.test(entry)
}

/** Keys under which a contact may be suppressed for a message on this channel: wholly, there, or by GHL's do-not-disturb. */
export function contactKeys(contactId: string, channel: Channel): readonly [string, string, string] {
  return keysOfContact(channelFamily(channel))(contactId)
}

const keysOfContact = memoize(20, (family) =>
  memoize(2000, (contactId): readonly [string, string, string] => [
    `contact:${contactId}`,
    `contact:${contactId}#${family}`,
    `dnd:${contactId}#${family}`,
  ]),
)

/** None of these contacts may be on the list: as a whole, or on one of the channels. */
export function checkSuppressedContacts(
  ids: readonly string[],
  channels: readonly Channel[],
  keys: ReadonlySet<string>,
  found: Findings,
): void {
  if (keys.size === 0) return
  const hit = ids.some((id) => channels.some((channel) => contactKeys(id, channel).some((key) => keys.has(key))))
  if (!hit) return
  deny(
    found,
    because(
      'recipient.suppressed',
      'This contact is on the suppression list. Do not write to it; an agent cannot lift it.',
      { by: 'contact' },
      { rule: 'suppression.contact' },
    ),
  )
}

/** The address may not be on the list: itself, its mailbox, its domain, or the number on this channel. */
export function checkSuppressedAddress(
  channel: Channel,
  address: string,
  kind: string,
  keys: ReadonlySet<string>,
  found: Findings,
): void {
  if (keys.size === 0) return
  const hit = recipientKeys(channel, address).find((key) => keys.has(key))
  if (hit === undefined) return
  const by = hit.startsWith('@') ? 'domain' : hit.startsWith('+') ? 'phone' : 'address'
  deny(
    found,
    because(
      'recipient.suppressed',
      `${maskAddress(address)} is on the suppression list (by its ${by}). Take this recipient out; an agent cannot lift it.`,
      { address: maskAddress(address), by, kind },
      { rule: `suppression.${by}` },
    ),
  )
}
