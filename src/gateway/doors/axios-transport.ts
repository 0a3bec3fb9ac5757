import type { GhlRequest, GhlResponse } from '../../core/request.js'
import { GHL_HOST, type Http } from '../../http/http.js'
import { transportError } from '../../http/wire.js'
import type { AxiosAnswer, AxiosConfig, AxiosLike } from './axios-like.js'
import type { CallContexts } from './call-context.js'

/** The client as a transport of the gateway's own: for contact facts and approved requests. */
export function transportOf(instance: AxiosLike, client: object, contexts: CallContexts): Http {
  return {
    get host() {
      return hostOf(instance)
    },
    async send(request, { signal }) {
      try {
        return await contexts.run({ kind: 'gateway' }, async () => {
          const headers: Record<string, unknown> = { ...request.headers, ...(await authorizationOf(client, request)) }
          const config: AxiosConfig = {
            method: request.method,
            url: request.path,
            params: request.query,
            headers,
            signal,
            ...(request.body !== undefined && { data: request.body }),
          }
          return responseOf(await instance.request(config))
        })
      } catch (error) {
        const { response, statusCode } = error as { response?: unknown; statusCode?: unknown }
        if (typeof statusCode === 'number') return { status: statusCode, headers: {}, body: response }
        if (typeof response === 'object' && response !== null && 'status' in response) return responseOf(response as AxiosAnswer)
        // A client hangs the request with its credentials on its errors, and agents see what is thrown here.
        throw transportError(error, hostOf(instance))
      }
    },
  }
}

function hostOf(instance: AxiosLike): string {
  return new URL(instance.getUri({ url: '/' }), `https://${GHL_HOST}`).host
}

/** An axios answer in the gate's own form. */
export function responseOf({ status, headers, data }: AxiosAnswer): GhlResponse {
  const lower: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined && value !== null && typeof value !== 'function') lower[name.toLowerCase()] = String(value)
  }
  return { status, headers: lower, body: parsed(data) }
}

function parsed(data: unknown): unknown {
  const text = data instanceof Uint8Array ? Buffer.from(data).toString() : data
  if (typeof text !== 'string') return data
  try {
    return JSON.parse(text)
  } catch {
    return data
  }
}

/** The SDK finds its token per call; an instance with a token in its defaults needs nothing. */
async function authorizationOf(client: object, request: GhlRequest): Promise<{ Authorization?: string }> {
  const find = (client as { getTokenForSecurity?: unknown }).getTokenForSecurity
  if (typeof find !== 'function') return {}
  const token: unknown = await Reflect.apply(find, client, [
    ['bearer'],
    { locationId: request.headers.locationid },
    request.query,
    request.body ?? {},
  ])
  return typeof token === 'string' ? { Authorization: token } : {}
}
