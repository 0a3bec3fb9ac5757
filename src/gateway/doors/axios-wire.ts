import { ConfigError } from '../../core/errors.js'
import { FAULT } from './axios-entrance.js'
import type { AxiosAnswer, AxiosConfig, AxiosLike } from './axios-like.js'
import { readBody, type WireBody } from './wire-body.js'
import { outgoing, urlOf, type WireRequest, wireHeaders } from './wire-request.js'

/** The same transport without interceptors. After `followHost` it sends just what it is told. */
export function bareCopy(instance: AxiosLike): AxiosLike {
  if (typeof instance.create !== 'function')
    throw new ConfigError([
      { path: 'client', message: 'holds an axios instance without create(): axios 1.0 or newer is needed.' },
    ])
  return instance.create({})
}

const OF_A_REQUEST = ['headers', 'params', 'baseURL', 'data', 'transformRequest', 'transformResponse'] as const

/** Gives it the host's settings as they are now: proxy, agents and the like may change at any time. */
export function followHost(bare: AxiosLike, { defaults }: AxiosLike): void {
  const { adapter } = bare.defaults
  Object.assign(bare.defaults, defaults, { adapter })
  for (const name of OF_A_REQUEST) delete bare.defaults[name]
}

/** Reads each part of the final request once: from here on nothing of the caller's is asked again. */
export async function wireRequestOf(bare: AxiosLike, config: AxiosConfig): Promise<WireRequest> {
  const method = String(config.method ?? 'get').toUpperCase()
  const url = finalUrl(bare, config)
  const headers = wireHeaders(Object.entries(config.headers ?? {}))
  const fault = config[FAULT]
  const body: WireBody =
    typeof fault === 'string' ? { kind: 'fault', message: fault } : await readBody(config.data, headers['content-type'])
  return { method, url, headers, body }
}

/** axios throws for some addresses that are none. */
function finalUrl(bare: AxiosLike, { baseURL, url, params, paramsSerializer, allowAbsoluteUrls }: AxiosConfig): URL {
  try {
    return urlOf(bare.getUri({ baseURL, url, params, paramsSerializer, allowAbsoluteUrls }))
  } catch {
    return urlOf('')
  }
}

const AS_IS = [(value: unknown) => value]

/** The request as judged, and nothing else of the caller's but patience. */
export function exactly(config: AxiosConfig, wire: WireRequest, signal?: AbortSignal): AxiosConfig {
  const { url } = wire
  return {
    method: wire.method,
    url: `${url.origin}${url.pathname}${url.search}`,
    ...outgoing(wire),
    transformRequest: AS_IS,
    transformResponse: AS_IS,
    responseType: config.responseType,
    maxRedirects: 0,
    // What says the same to the fetch adapter, which long knew nothing of the line above; axios adds the host's own.
    fetchOptions: { redirect: 'manual' },
    ...(typeof config.timeout === 'number' && { timeout: config.timeout }),
    ...(typeof config.validateStatus === 'function' && { validateStatus: config.validateStatus }),
    signal: bothSignals(config.signal, signal),
  }
}

/** Sends one request as judged. What comes back belongs to the caller's request, not to our copy of it. */
export async function sendExactly(bare: AxiosLike, exact: AxiosConfig, config: AxiosConfig): Promise<AxiosAnswer> {
  try {
    const answer = await bare.request(exact)
    answer.config = config
    return answer
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'config' in error) {
      const failed = error as { config: unknown; response?: AxiosAnswer }
      failed.config = config
      if (failed.response !== undefined) failed.response.config = config
    }
    throw error
  }
}

function bothSignals(theirs: unknown, ours: AbortSignal | undefined): AbortSignal | undefined {
  if (!(theirs instanceof AbortSignal)) return ours
  return ours === undefined ? theirs : AbortSignal.any([theirs, ours])
}
