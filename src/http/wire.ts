import { ConfigError } from '../core/errors.js'
import type { GhlRequest } from '../core/request.js'
import { NotSentError, wasNeverSent } from './http.js'

/** Where GHL's API lives. */
export const GHL_URL = 'https://services.leadconnectorhq.com'

/** An answer larger than this is not read; the call counts as unknown, for a read as failed. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024

/** Used where neither the request nor its operation says: what most operations of GHL document. */
const DEFAULT_VERSION = '2021-07-28'

/** Set by the adapter alone, or never to be sent on behalf of an agent. */
const RESERVED =
  /^(authorization|cookie|host|connection|content-length|content-type|transfer-encoding|te|upgrade|expect|proxy-.*|x-http-method.*)$/

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Checks a base URL: https, or http to this machine, and nothing but the origin. Throws `ConfigError`. */
export function readOrigin(baseUrl: string): { readonly origin: string; readonly host: string } {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined) throw configError('is not a URL')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    throw configError('has to be https; the token would travel in the clear')
  }
  if (url.username !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw configError('has to be an origin such as https://services.leadconnectorhq.com, without user, path or query')
  }
  return { origin: url.origin, host: url.host }
}

/** Path and query as sent. Throws `NotSentError` for another host and for a path a URL parser would rewrite. */
export function targetOf(request: GhlRequest, origin: string, host: string): string {
  if (request.host !== host) throw new NotSentError(`Not sent: the request is for ${request.host}, the token for ${host}.`)
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(request.query)) {
    for (const item of typeof value === 'string' ? [value] : value) query.append(key, item)
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`
  const target = `${request.path}${search}`
  const url = URL.canParse(target, origin) ? new URL(target, origin) : undefined
  if (url === undefined || url.host !== host || url.pathname !== request.path) {
    throw new NotSentError('Not sent: the path of the request would arrive as another one.')
  }
  return target
}

export function headersOf(request: GhlRequest, token: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const [name, value] of Object.entries(request.headers)) {
    if (!RESERVED.test(name.toLowerCase())) headers[name.toLowerCase()] = value
  }
  headers.version = request.headers.version ?? DEFAULT_VERSION
  if (request.body !== undefined && hasBody(request)) headers['content-type'] = 'application/json'
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  return headers
}

/** The JSON text of the body. Throws `NotSentError` for a body that is not JSON: only the client that made it can send it. */
export function bodyOf(request: GhlRequest): string | undefined {
  if (request.opaqueBody !== undefined)
    throw new NotSentError(
      'Not sent: an upload is not kept here. Only the wrapped client that made it can send it: call it again.',
    )
  return request.body === undefined || !hasBody(request) ? undefined : JSON.stringify(request.body)
}

function hasBody({ method }: GhlRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** JSON where it is JSON, else the text; null for an empty body. */
export function parseBody(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

export type TokenSource = string | (() => string | Promise<string>)

/** Throws `NotSentError` when there is no usable token. The token itself is never part of a message. */
export async function readToken(source: TokenSource): Promise<string> {
  let token: unknown
  try {
    token = typeof source === 'function' ? await source() : source
  } catch {
    throw new NotSentError('Not sent: the token source failed.')
  }
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new NotSentError('Not sent: the token is empty or holds characters a header cannot carry.')
  }
  return token
}

/**
 * The error a caller sees. Errors of HTTP clients carry the request with its token and the text of the message, so
 * only name and code of the original are kept.
 */
export function transportError(error: unknown, host: string): Error {
  const code = codeOf(error)
  const why = code === undefined ? '' : ` (${code})`
  if (wasNeverSent(error)) return new NotSentError(`Not sent: no connection to ${host}${why}.`)
  const clean = new Error(`The call to ${host} broke off${why}; GHL may have acted on it.`)
  const name = error instanceof Object && 'name' in error ? error.name : undefined
  clean.name = name === 'AbortError' || name === 'TimeoutError' || name === 'CanceledError' ? name : 'TransportError'
  return Object.assign(clean, code === undefined ? {} : { code })
}

/** The first code in an error and its causes that looks like one: `ECONNRESET`, `UND_ERR_SOCKET`. */
function codeOf(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Object && depth < 5; depth++) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown }
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return undefined
}

function configError(message: string): ConfigError {
  return new ConfigError([{ path: 'baseUrl', message }])
}
