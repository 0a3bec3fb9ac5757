import type { Channel, ContactFacts } from '../../core/contact.js'
import { because, deny, type Findings } from '../findings.js'

/** Do-not-disturb as GHL keeps it: on everything, or on one of these channels. */
export function checkDoNotDisturb(contact: ContactFacts, channels: readonly Channel[], found: Findings): void {
  const channel = contact.dndAll ? 'all' : channels.find((each) => contact.dnd.includes(each))
  if (channel === undefined) return
  const where = channel === 'all' ? 'any channel' : channel
  deny(
    found,
    because('recipient.dnd', `The contact asked not to be disturbed on ${where}. Do not write to it there.`, { channel }),
  )
}
