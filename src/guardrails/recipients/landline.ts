import type { Channel, ContactFacts } from '../../core/contact.js'
import { because, deny, type Findings } from '../findings.js'
import { maskAddress } from './mask-address.js'
import { canonicalPhone } from './recipient-keys.js'

/** A text to a landline is paid for and read by nobody; GHL sets do-not-disturb after the first. `phone` canonical. */
export function checkLandline(channel: Channel, phone: string, contact: ContactFacts | undefined, found: Findings): void {
  const { landlines } = contact ?? {}
  if (landlines === undefined || (channel !== 'sms' && channel !== 'rcs')) return
  if (!landlines.some((number) => canonicalPhone(number) === phone)) return
  const message = `${maskAddress(phone)} is a landline and takes no texts. Write an e-mail, or ask for a mobile number.`
  deny(found, because('recipient.landline', message, { address: maskAddress(phone) }))
}
