import type { Channel } from '../../core/contact.js'
import { registrableDomain } from './registrable-domain.js'

/**
 * The keys under which an address may be suppressed, most exact first. E-mail: the address, the mailbox behind it
 * (no `+tag`, no dots at Gmail), `@domain`, `@registrable-domain`. Phones: E.164 digits, `+14155550100`.
 * NFKC and lower case. Empty when the text is no address at all.
 */
export function recipientKeys(channel: Channel, address: string): string[] {
  return channel === 'email' || address.includes('@') ? emailKeys(address) : phoneKeys(address)
}

/** The address as it is compared: NFKC, lower case, no surrounding space or display name; '' when it is none. */
export function canonicalEmail(address: string): string {
  const text = clean(address)
  const bare = text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1) : text
  const at = bare.lastIndexOf('@')
  return at > 0 && bare.includes('.', at) && !/[\s<>,;]/.test(bare) ? bare.replace(/\.+$/, '') : ''
}

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

function emailKeys(address: string): string[] {
  const email = canonicalEmail(address)
  if (email === '') return []
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const registrable = registrableDomain(domain)
  const gmail = registrable === 'gmail.com' || registrable === 'googlemail.com'
  const user = email.slice(0, at).split('+')[0] ?? ''
  const mailbox = `${gmail ? user.replaceAll('.', '') : user}@${gmail ? 'gmail.com' : domain}`
  return [...new Set([email, mailbox, `@${domain}`, `@${registrable}`])]
}

function phoneKeys(number: string): string[] {
  const phone = canonicalPhone(number)
  return phone === '' ? [] : [phone]
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
