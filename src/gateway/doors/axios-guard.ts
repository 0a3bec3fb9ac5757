import { ConfigError, GatewayBlockedError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import { reason } from '../../core/reason.js'
import type { GhlRequest, GhlResponse } from '../../core/request.js'
import { GHL_HOST, type Http } from '../../http/http.js'
import { type Agent, type AgentDoor, doorOf } from '../agent.js'
import { blocked } from '../outcomes.js'
import type { AxiosAdapter, AxiosAnswer, AxiosConfig, AxiosLike } from './axios-like.js'
import { type CallContexts, createCallContexts } from './call-context.js'
import { ownValue } from './find-transport.js'
import { refusalOf, standInBody } from './stand-ins.js'
import { FORBIDDEN_HEADERS, ghlRequestOf, wireBody } from './wire-request.js'

/** Marks a guarded instance, across copies of this package. */
const GUARD = Symbol.for('sendwarden.guard')

interface Guard {
  readonly gateway: object
  readonly contexts: CallContexts
}

/**
 * Per-request settings that decide where a request goes, or that would be called with its headers.
 * They are the host's to set, on the instance; a caller's are put back to those.
 */
const HOST_ONLY = [
  'transformRequest',
  'transformResponse',
  'paramsSerializer',
  'beforeRedirect',
  'validateStatus',
  'onUploadProgress',
  'onDownloadProgress',
  'proxy',
  'httpAgent',
  'httpsAgent',
  'httpVersion',
  'http2Options',
  'socketPath',
  'transport',
  'lookup',
  'family',
  'auth',
  'maxRedirects',
  'fetchOptions',
  'env',
  'formSerializer',
  'insecureHTTPParser',
  'withXSRFToken',
  'xsrfCookieName',
  'xsrfHeaderName',
  'allowAbsoluteUrls',
  'responseType',
  'responseEncoding',
] as const

/** Guards an axios instance at its adapter, where the final request is known. Guarding it again for the same gateway changes nothing. */
export function guardAxios(instance: AxiosLike, door: AgentDoor, client: object): CallContexts {
  const existing = ownValue(instance, GUARD) as Guard | undefined
  if (existing !== undefined) {
    if (existing.gateway !== door.gateway)
      throw new ConfigError([{ path: 'client', message: 'is guarded by another gateway already: one client, one gateway.' }])
    return existing.contexts
  }
  const contexts = createCallContexts()
  const bare = bareCopy(instance)
  const guarded = createAdapter(instance, bare, door, contexts)
  instance.defaults.adapter = guarded
  instance.interceptors.request.use((config) => {
    for (const name of HOST_ONLY) {
      if (instance.defaults[name] === undefined) delete config[name]
      else config[name] = instance.defaults[name]
    }
    config.adapter = guarded
    return config
  })
  allowTokenRefresh(client, contexts)
  Object.defineProperty(instance, GUARD, { value: { gateway: door.gateway, contexts } satisfies Guard })
  door.adopt(transportOf(instance, client, contexts))
  return contexts
}

/** The same instance without interceptors and transforms: it sends just what it is told. */
function bareCopy(instance: AxiosLike): AxiosLike {
  const { create } = instance as unknown as { create?: (defaults: AxiosConfig) => AxiosLike }
  if (typeof create !== 'function')
    throw new ConfigError([
      { path: 'client', message: 'holds an axios instance without create(): axios 1.0 or newer is needed.' },
    ])
  return create.call(instance, { maxRedirects: 0 })
}

function createAdapter(instance: AxiosLike, bare: AxiosLike, door: AgentDoor, contexts: CallContexts): AxiosAdapter {
  return async (config) => {
    const url = new URL(instance.getUri(config))
    const request = ghlRequestOf({ method: config.method ?? 'GET', url, headers: headersOf(config.headers), body: config.data })
    const exact = exactly(config, url, wireBody(request, config.data))
    const context = contexts.getStore()
    if (context?.kind === 'gateway') return sendExactly(bare, exact, config)
    if (context?.kind === 'token') {
      if (isTokenCall(request)) return sendExactly(bare, exact, config)
      throw outsideError(request)
    }
    const agent = context?.agent ?? sameGateway(door.running.getStore(), door)
    if (agent === undefined) throw outsideError(request)

    let answer: AxiosAnswer | undefined
    let fault: unknown
    const outcome = await doorOf(agent)?.guard(request, async (signal) => {
      try {
        answer = await sendExactly(bare, { ...exact, signal: bothSignals(config.signal, signal) }, config)
        return responseOf(answer)
      } catch (error) {
        fault = error
        const refused = (error as { response?: AxiosAnswer }).response
        if (refused === undefined) throw error
        return responseOf(refused)
      }
    })
    if (outcome === undefined) throw outsideError(request)
    const refusal = refusalOf(outcome)
    if (refusal !== undefined) {
      if (context === undefined) throw refusal
      context.refusal = refusal
      return standIn(config, undefined)
    }
    if (fault !== undefined) throw fault
    return answer ?? standIn(config, standInBody(outcome))
  }
}

/** Sends one request as judged. What comes back belongs to the caller's request, not to our copy of it. */
async function sendExactly(bare: AxiosLike, exact: AxiosConfig, config: AxiosConfig): Promise<AxiosAnswer> {
  try {
    return { ...(await bare.request(exact)), config }
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'config' in error) {
      const failed = error as { config: unknown; response?: AxiosAnswer }
      failed.config = config
      if (failed.response !== undefined) failed.response.config = config
    }
    throw error
  }
}

/** The final request in one piece: nothing is left to be combined or computed after it was judged. */
function exactly(config: AxiosConfig, url: URL, data: unknown): AxiosConfig {
  const { adapter: _adapter, baseURL: _base, params: _params, ...rest } = config
  const asIs = [(value: unknown) => value]
  const headers = Object.fromEntries(
    [...headersOf(config.headers)].filter(([name]) => !FORBIDDEN_HEADERS.has(name.toLowerCase())),
  )
  return {
    ...rest,
    url: `${url.origin}${url.pathname}${url.search}`,
    headers,
    data,
    transformRequest: asIs,
    transformResponse: asIs,
    maxRedirects: 0,
  }
}

function* headersOf(headers: unknown): Iterable<readonly [string, unknown]> {
  if (typeof headers !== 'object' || headers === null) return
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'function' && value !== undefined && value !== null && value !== false) yield [name, value]
  }
}

function responseOf({ status, headers, data }: AxiosAnswer): GhlResponse {
  const lower: Record<string, string> = {}
  for (const [name, value] of headersOf(headers)) lower[name.toLowerCase()] = String(value)
  return { status, headers: lower, body: parsed(data) }
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

function standIn(config: AxiosConfig, body: unknown): AxiosAnswer {
  return {
    data: body === undefined ? undefined : JSON.stringify(body),
    status: 200,
    statusText: 'Not sent',
    headers: { 'content-type': 'application/json' },
    config,
  }
}

function bothSignals(theirs: unknown, ours: AbortSignal): AbortSignal {
  return theirs instanceof AbortSignal ? AbortSignal.any([theirs, ours]) : ours
}

function sameGateway(agent: Agent | undefined, door: AgentDoor): Agent | undefined {
  return doorOf(agent)?.gateway === door.gateway ? agent : undefined
}

function outsideError({ method, path }: GhlRequest): GatewayBlockedError {
  const why = reason(
    'permission',
    'no_agent_context',
    `${method} ${path} was called outside any agent. Use the client that withGateway returned, or call inside agent.run().`,
    { method, path },
  )
  const base = { actionId: newId('act', Date.now()), agent: '(none)', action: 'ghl_request' as const, warnings: [], trace: [] }
  return new GatewayBlockedError(blocked(base, 'permission', [why]))
}

const TOKEN_PATHS = new Set(['/oauth/token', '/oauth/locationToken', '/oauth/location-token'])

function isTokenCall({ method, path }: GhlRequest): boolean {
  return method === 'POST' && TOKEN_PATHS.has(path)
}

/** The official SDK refreshes its tokens through the same transport: let just that pass, and only when the SDK itself asks. */
function allowTokenRefresh(client: object, contexts: CallContexts): void {
  const refresh = (client as { refreshTokenIfNeeded?: unknown }).refreshTokenIfNeeded
  if (typeof refresh !== 'function') return
  Object.defineProperty(client, 'refreshTokenIfNeeded', {
    configurable: true,
    value(this: unknown, ...args: unknown[]): unknown {
      return contexts.run({ kind: 'token' }, () => Reflect.apply(refresh, client, args))
    },
  })
}

/** The client as a transport of the gateway's own: for contact facts and approved requests. */
function transportOf(instance: AxiosLike, client: object, contexts: CallContexts): Http {
  return {
    get host() {
      return new URL(instance.getUri({ url: '/' }), `https://${GHL_HOST}`).host
    },
    async send(request, { signal }) {
      const headers: Record<string, unknown> = { ...request.headers, ...(await authorizationOf(client, request)) }
      const config: AxiosConfig = {
        method: request.method,
        url: request.path,
        params: request.query,
        headers,
        signal,
        ...(request.body !== undefined && { data: request.body }),
      }
      try {
        return responseOf(await contexts.run({ kind: 'gateway' }, () => instance.request(config)))
      } catch (error) {
        const { response, statusCode } = error as { response?: unknown; statusCode?: unknown }
        if (typeof statusCode === 'number') return { status: statusCode, headers: {}, body: response }
        if (typeof response === 'object' && response !== null && 'status' in response) return responseOf(response as AxiosAnswer)
        throw error
      }
    },
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
