import { requireMethods, requireOptions } from '../core/adapter-options.js'
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

/** The part of an axios instance that is used; any 1.x instance fits. */
export interface AxiosLike {
  request(config: AxiosRequest): Promise<{ readonly status: number; readonly headers: unknown; readonly data: unknown }>
  readonly defaults?: { readonly baseURL?: string | undefined }
}

export interface AxiosRequest {
  readonly baseURL: string
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly data?: string
  readonly signal: AbortSignal
  readonly maxRedirects: 0
  readonly maxContentLength: number
  readonly responseType: 'text'
  readonly transformRequest: (data: unknown) => unknown
  readonly transformResponse: (data: unknown) => unknown
  readonly validateStatus: () => true
}

export interface AxiosHttpOptions {
  /** Token or a function that gives it. Leave it out where the instance adds its own `Authorization`. */
  readonly token?: TokenSource
  readonly locationId?: string
  /** Origin of GHL's API. Default: the instance's `baseURL`, else https://services.leadconnectorhq.com. */
  readonly baseUrl?: string
}

/**
 * Sends approved requests through a host's own axios instance, with its interceptors, agents and proxies. Same rules
 * as `ghlHttp`: redirects are answers, errors hold neither token nor message text. An interceptor that retries would
 * send twice; give this an instance without one.
 */
export function axiosHttp(instance: AxiosLike, options: AxiosHttpOptions = {}): Http {
  requireMethods('axiosHttp', instance, ['request'], 'an axios instance: axios.create()')
  requireOptions('axiosHttp', options, { token: true, locationId: true, baseUrl: true })
  const { token, locationId } = options
  const { origin, host } = readOrigin(options.baseUrl ?? instance.defaults?.baseURL ?? GHL_URL)

  async function send(request: GhlRequest, { signal }: { readonly signal: AbortSignal }): Promise<GhlResponse> {
    const url = targetOf(request, origin, host)
    const data = bodyOf(request)
    const headers = headersOf(request, token === undefined ? undefined : await readToken(token))
    if (signal.aborted) throw new NotSentError('Not sent: given up before the request left.')
    try {
      const response = await instance.request({
        baseURL: origin,
        url,
        method: request.method,
        headers,
        signal,
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'text',
        transformRequest: (text) => text,
        transformResponse: (text) => text,
        validateStatus: () => true,
        ...(data === undefined ? {} : { data }),
      })
      const { status, data: text } = response
      return { status, headers: plainHeaders(response.headers), body: typeof text === 'string' ? parseBody(text) : text }
    } catch (error) {
      throw transportError(error, host)
    }
  }

  return Object.freeze({ host, ...(locationId === undefined ? {} : { locationId }), send })
}

function plainHeaders(headers: unknown): Record<string, string> {
  const plain: Record<string, string> = {}
  if (typeof headers !== 'object' || headers === null) return plain
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'set-cookie') continue
    if (typeof value === 'string' || typeof value === 'number') plain[name.toLowerCase()] = String(value)
  }
  return plain
}
