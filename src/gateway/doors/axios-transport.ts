import type { GhlRequest, GhlResponse } from '../../core/request.js'
import { locationOf } from '../../ghl/index.js'
import { GHL_HOST, type Http, NotTriedError } from '../../http/http.js'
import { bodyOf, targetOf, transportError } from '../../http/wire.js'
import type { AxiosAnswer, AxiosConfig, AxiosLike } from './axios-like.js'
import type { CallContexts } from './call-context.js'
import { isOfficialSdk } from './official-sdk.js'

/** The client as a transport of the gateway's own: for contact facts and approved requests. */
export function transportOf(instance: AxiosLike, client: object, contexts: CallContexts): Http {
  return {
    get host() {
      return baseOf(instance).host
    },
    async send(request, { signal }) {
      const { origin, host } = baseOf(instance)
      const target = targetOf(request, origin, host)
      const data = bodyOf(request)
      try {
        return await contexts.run({ kind: 'gateway', target }, async () => {
          const session = await sessionFor(client, request)
          const config: AxiosConfig = {
            method: request.method,
            url: request.path,
            params: request.query,
            signal,
            ...session,
            headers: { ...request.headers, ...session.headers },
            ...(data !== undefined && { data }),
          }
          return responseOf(await instance.request(config))
        })
      } catch (error) {
        if (error instanceof NotTriedError) throw error
        const { response, statusCode } = error as { response?: unknown; statusCode?: unknown }
        if (typeof statusCode === 'number') return { status: statusCode, headers: {}, body: response }
        if (typeof response === 'object' && response !== null && 'status' in response) return responseOf(response as AxiosAnswer)
        // A client hangs the request with its credentials on its errors, and agents see what is thrown here.
        throw transportError(error, host)
      }
    },
  }
}

function baseOf(instance: AxiosLike): URL {
  return new URL(instance.getUri({ url: '/' }), `https://${GHL_HOST}`)
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

/**
 * The SDK finds its token per call, by the location it is told, and once more after a 401 by what it noted in the request.
 * An instance with a token in its defaults needs nothing.
 */
async function sessionFor(client: object, request: GhlRequest): Promise<AxiosConfig & { headers?: object }> {
  if (!isOfficialSdk(client)) return {}
  const locationId = locationOf(request)
  const security = ['bearer']
  const where = locationId === undefined ? {} : { locationId }
  try {
    const Authorization = await client.getTokenForSecurity(security, where)
    return { headers: { Authorization }, __secutiryRequirements: security, __pathParams: where }
  } catch {
    throw new NotTriedError(`Not sent: the client has no token for ${locationId ?? 'a request that names no location'}.`)
  }
}
