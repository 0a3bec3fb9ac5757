import { maskLogin } from '../core/mask-login.js'

/**
 * Masks e-mail addresses, phone numbers, logins in URLs, tokens and secrets in free text such as error messages. A safety
 * net, not a proof: what must not be stored should not be in the text. Every pattern is one bounded run,
 * so that the time grows with the length of the text only. Masking twice changes nothing more.
 */
export function redact(text: string): string {
  return maskLogin(text)
    .replace(ASSIGNED, (_, name: string, scheme: string | undefined) => `${name}${scheme ?? ''}${SECRET}`)
    .replace(AUTHORIZED, (whole: string, scheme: string, value: string) => (isCredential(value) ? scheme + SECRET : whole))
    .replace(TOKEN, maskToken)
    .replace(INTERNATIONAL, PHONE)
    .replace(NORTH_AMERICAN, PHONE)
    .replace(NATIONAL, (number: string) => (isNational(number) ? PHONE : number))
}

const SECRET = '[secret]'
const EMAIL = '[email]'
const PHONE = '[phone]'

/** `password=…`, `"api_key": "…"`, `Authorization: Bearer …`. The name must END so: `tokens_used: 5` and `author: x` stay. */
const ASSIGNED =
  /((?<![\w-])[\w-]{0,40}(?:password|passwd|pwd|secret|token|api[_-]?key|authorization|private[_-]?key)\\?["']?\s{0,5}[:=]\s{0,5})((?:bearer|basic)\s{1,5})?(?:\\?"[^"]{0,5000}"|'[^']{0,5000}'|[^\s,;&}"']+)/gi
const AUTHORIZED = /(\b(?:bearer|basic)\s{1,5})([\w.~+/=-]{6,})/gi
/** Everything between white space, brackets, quotes and the separators of lists and URLs. */
const TOKEN = /[^\s<>()[\]{}"'`,;:|\\/=&?]+/g
/** `+` and 7 to 15 digits. */
const INTERNATIONAL = /(?<!\w)\+\d(?:[\s().-]{0,2}\d){6,14}(?!\d)/g
/** Ten digits as North America numbers them: area and exchange begin with 2 to 9, which a time in s or ms does not. */
const NORTH_AMERICAN = /(?<![\w.+-])(?:1[\s.-]?)?\(?[2-9]\d{2}\)?[\s.-]{0,2}[2-9]\d{2}[\s.-]?\d{4}(?![\w-]|\.\d)/g
/** A leading 0 and groups. */
const NATIONAL = /(?<![\w.+:-])\(?0\d{1,4}\)?[\s-]{1,2}\d{2,4}(?:[\s-]?\d{2,4}){1,3}(?![\w:-])/g

/** `Bearer authentication failed` names a scheme; credentials are longer or are no plain words. */
function isCredential(value: string): boolean {
  return value.length >= 16 || /[\d_.~+/=]|[a-z][A-Z]/.test(value)
}

function maskToken(token: string): string {
  if (token.includes('@') || /%40/.test(token)) return maskEmail(token)
  return isSecret(token) ? SECRET : token
}

function maskEmail(token: string): string {
  let end = token.length
  while (end > 0 && '.!*_~-'.includes(token.charAt(end - 1))) end--
  const address = token.slice(0, end)
  // Looked for from the end: a pattern would try every `%40` of a long text against all that follows it.
  const at = Math.max(address.lastIndexOf('@'), address.lastIndexOf('%40'))
  const domain = address.slice(at + (address.charAt(at) === '@' ? 1 : 3))
  const last = domain.slice(domain.lastIndexOf('.') + 1)
  // `zod@4.6.7` and `day@America` are no addresses.
  const isAddress = at > 0 && domain.includes('.') && /^(?:xn--[\w-]+|\p{L}{2,63})$/u.test(last)
  return isAddress ? EMAIL + token.slice(address.length) : token
}

const PREFIXED = /^(?:pit-|sk-|sk_|rk_|pk_|gh[pousr]_|xox[abprs]-|AKIA|AIza|glpat-|SG\.)[\w.-]{12,}$/
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Known prefixes, JSON web tokens, and runs of 24 letters and digits mixed. Ids of 20 characters and UUIDs stay. */
function isSecret(token: string): boolean {
  if (token.length < 16 || UUID.test(token)) return false
  if (PREFIXED.test(token)) return true
  if (token.startsWith('eyJ') && token.split('.').length >= 2) return true
  return token.split(/[^A-Za-z0-9]/).some((run) => run.length >= 24 && /\d/.test(run) && /[A-Za-z]/.test(run))
}

/** A date like 01-02-2026 has groups and a leading 0 too. */
function isNational(number: string): boolean {
  return number.replace(/\D/g, '').length >= 9 && !/^\d{2}[\s-]\d{2}[\s-]\d{4}/.test(number)
}
