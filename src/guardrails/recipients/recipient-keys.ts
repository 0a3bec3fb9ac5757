import { domainToASCII } from 'node:url'
import type { Channel } from '../../core/contact.js'
import { memoize } from '../../core/memo.js'
import { registrableDomain } from './registrable-domain.js'

/**
 * The keys under which an address may be suppressed, most exact first. E-mail: the address, the mailbox behind it
 * (no `+tag`, no dots at Gmail), `@domain`, `@registrable-domain`. Phones: E.164 digits, `+14155550100`, and the
 * number on one channel, `+14155550100#sms`. NFKC and lower case, domains in ASCII. Empty when the text is no address.
 */
export function recipientKeys(channel: Channel, address: string): readonly string[] {
  return channel === 'email' || address.includes('@') ? emailKeys(address) : phoneKeys(channel, address)
}

/** The channels that one wish covers: who says STOP to a text means RCS too. */
export function channelFamily(channel: Channel): Channel {
  return channel === 'rcs' ? 'sms' : channel
}

/** The address as it is compared: NFKC, lower case, no surrounding space or display name; '' when it is none. */
export const canonicalEmail: (address: string) => string = memoize(2000, (address) => {
  const text = clean(address)
  const bare = text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1) : text
  const at = bare.lastIndexOf('@')
  if (!(at > 0 && bare.includes('.', at) && !/[\s<>,;]/.test(bare))) return ''
  const plain = bare.replace(/\.+$/, '')
  return ASCII.test(plain) ? plain : plain.slice(0, at + 1) + (domainToASCII(plain.slice(at + 1)) || plain.slice(at + 1))
})

/** `+` and digits; '' when there are fewer than seven. Ten digits are taken as a North American number. */
export function canonicalPhone(number: string): string {
  const text = clean(number)
  let digits = text.replace(/\D/g, '')
  if (!text.startsWith('+')) {
    if (digits.startsWith('00')) digits = digits.slice(2)
    else if (digits.length === 10) digits = `1${digits}`
  }
  return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : ''
}

/** Remembered: asked for several times on the way of one e-mail, and again for the next one to the same person. */
const emailKeys = memoize(2000, (address): readonly string[] => {
  const email = canonicalEmail(address)
  if (email === '') return []
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const registrable = registrableDomain(domain)
  const gmail = registrable === 'gmail.com' || registrable === 'googlemail.com'
  const user = email.slice(0, at).split('+')[0] ?? ''
  const mailbox = `${gmail ? user.replaceAll('.', '') : user}@${gmail ? 'gmail.com' : domain}`
  return [...new Set([email, mailbox, `@${domain}`, `@${registrable}`])]
})

function phoneKeys(channel: Channel, number: string): readonly string[] {
  const phone = canonicalPhone(number)
  return phone === '' ? [] : [phone, `${phone}#${channelFamily(channel)}`]
}

const ASCII = /^[\x21-\x7e]*$/

function clean(text: string): string {
  return ASCII.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKC')
        .replace(/\p{Cf}/gu, '')
        .trim()
        .toLowerCase()
}
