import { maskLogin } from '../core/mask-login.js'
import type { ErrorFacts } from '../core/outcome.js'
import { isObject } from './body.js'

/**
 * Refusals GHL gives for good: sending again does not help. The texts are those seen from the live API; the codes
 * are ours.
 */
const PERMANENT: readonly (readonly [text: RegExp, code: string])[] = [
  [/DND is active/i, 'ghl.dnd'],
  [/has unsubscribed/i, 'ghl.unsubscribed'],
  [/missing phone number|invalid country calling code/i, 'ghl.no_phone'],
  [/missing email|e-?mail is invalid/i, 'ghl.no_email'],
]

/** What an error answer says: GHL's own words without addresses, numbers or tokens. */
export function errorFacts(status: number, body: unknown): ErrorFacts {
  const said = saidIn(body)
  const code = PERMANENT.find(([text]) => text.test(said))?.[1] ?? `http.${status}`
  return { message: answered(status, redact(said)), status, code }
}

/** An answer that is no success, as a sentence, and what to do where its status tells. */
export function answered(status: number, said = ''): string {
  const text = said === '' ? `GHL answered ${status}.` : `GHL answered ${status}: ${said}`
  return status === 401 || status === 403 ? `${text.replace(/[.\s]*$/, '.')} ${TOKEN_ADVICE}` : text
}

const TOKEN_ADVICE = 'Check the access token: it is wrong or expired, or lacks the scope or the location of this call.'

/** What a thrown value says, the same way. */
export function faultFacts(error: unknown): ErrorFacts {
  const { name, message, code, cause } = asRecord(error)
  const inner = asRecord(cause)
  const said = [message, inner.message].filter((part) => typeof part === 'string' && part !== '')
  const text = [...new Set(said)].join(': ')
  const found = [code, inner.code, name].find((value) => typeof value === 'string' && value !== 'Error')
  return {
    message: text === '' ? 'The transport failed without saying why.' : redact(text),
    ...(typeof found === 'string' ? { code: found } : {}),
  }
}

/** Takes out e-mail addresses, phone numbers, logins in URLs and anything that looks like a token, and cuts to 300 characters. */
function redact(text: string): string {
  return maskLogin(text.slice(0, 2000))
    .replace(/bearer\s+\S+/gi, 'Bearer [token]')
    .replace(/\b(pit-[\w-]+|eyJ[\w-]+\.[\w.-]+)/g, '[token]')
    .replace(/[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g, '[address]')
    .replace(/\+?\d[\d\s().-]{7,}\d/g, '[number]')
    .slice(0, 300)
}

/** `message` is a text or a list of texts; some routes have `error`, `msg` or `error_description` instead. */
function saidIn(body: unknown): string {
  if (!isObject(body)) return ''
  for (const key of ['message', 'msg', 'error_description', 'error']) {
    const value = body[key]
    if (typeof value === 'string' && value !== '') return value
    if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join('; ')
    if (isObject(value) && typeof value.message === 'string') return value.message
  }
  return ''
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : { message: value }
}
