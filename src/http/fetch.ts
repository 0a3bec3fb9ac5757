import { requireOptions } from '../core/adapter-options.js'
import { ConfigError } from '../core/errors.js'
import type { GhlRequest, GhlResponse } from '../core/request.js'
import { type Http, NotSentError } from './http.js'
import {
  bodyOf,
  GHL_URL,
  headersOf,
  MAX_ANSWER_BYTES,
  parseBody,
  readOrigin,
  readToken,
  type TokenSource,
  targetOf,
  transportError,
} from './wire.js'

export interface GhlHttpOptions {
  /** Private integration or access token, or a function that gives the current one. Called once for each request. */
  readonly token: TokenSource
  /** The location the token belongs to. */
  readonly locationId?: string
  /** Origin of GHL's API. Default https://services.leadconnectorhq.com; http only to this machine. */
  readonly baseUrl?: string
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * Sends approved requests to GHL with `fetch`. Redirects are answers, never followed: the token goes to one host
 * only. Rejects with `NotSentError` when nothing left this process; no error holds the token or a message text.
 * Throws `ConfigError` for an unusable `baseUrl`, no token, and options it does not know.
 *
 * @example
 * ghlHttp({ token: process.env.GHL_TOKEN ?? '', locationId: 'loc_1' })
 */
export function ghlHttp(options: GhlHttpOptions): Http {
  requireOptions('ghlHttp', options, { token: true, locationId: true, baseUrl: true, fetch: true })
  if (options.token === undefined)
    throw new ConfigError([{ path: 'ghlHttp.token', message: 'is missing, expected a token, or a function that gives it.' }])
  const { token, locationId, fetch = globalThis.fetch } = options
  const { origin, host } = readOrigin(options.baseUrl ?? GHL_URL)

  async function send(request: GhlRequest, { signal }: { readonly signal: AbortSignal }): Promise<GhlResponse> {
    const url = `${origin}${targetOf(request, origin, host)}`
    const body = bodyOf(request)
    const headers = headersOf(request, await readToken(token))
    if (signal.aborted) throw new NotSentError('Not sent: given up before the request left.')
    try {
      const response = await fetch(url, {
        method: request.method,
        headers,
        signal,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      })
      const text = await readText(response, host)
      return { status: response.status, headers: plainHeaders(response.headers), body: parseBody(text) }
    } catch (error) {
      throw error instanceof AnswerTooLarge ? error : transportError(error, host)
    }
  }

  return Object.freeze({ host, ...(locationId === undefined ? {} : { locationId }), send })
}

class AnswerTooLarge extends Error {
  readonly code = 'ANSWER_TOO_LARGE'
}

async function readText(response: Response, host: string): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel().catch(() => undefined)
      throw new AnswerTooLarge(`The answer of ${host} is larger than ${MAX_ANSWER_BYTES} bytes.`)
    }
    chunks.push(part.value)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function plainHeaders(headers: Headers): Record<string, string> {
  const plain: Record<string, string> = {}
  headers.forEach((value, name) => {
    if (name !== 'set-cookie') plain[name] = value
  })
  return plain
}
