import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, notFound, Refusal, tooMany, unauthorized, wrongLocation } from './answer.js'
import type { FakeCall } from './calls.js'
import type { FaultOptions, FaultPlan } from './faults.js'
import type { RateBuckets } from './rate-buckets.js'
import { type Fields, isFields, text } from './read.js'
import { findRoute, type Route } from './routes.js'
import type { IssuedToken, TokenDesk } from './tokens.js'
import type { World } from './world.js'

/** The values of the `Version` header GHL publishes. */
const VERSIONS = new Set(['v3', '2023-02-21', '2021-07-28', '2021-04-15'])

export interface Parts {
  readonly world: World
  readonly routes: readonly Route[]
  readonly tokens: TokenDesk
  readonly rates: RateBuckets
  readonly faults: FaultPlan
  readonly calls: FakeCall[]
}

/** Every request goes the same way: faults, Version, Bearer, location and scope, rate bucket, endpoint, traceId. */
export function createFakeServer(parts: Parts): Server {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      if (!response.headersSent)
        reply(response, { status: 500, body: { statusCode: 500, message: `The fake failed: ${error}` } }, 'none')
    })
  })
  // Neither the server nor a connection keeps a process alive that is otherwise done.
  server.on('connection', (socket) => socket.unref())
  return server.unref()
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await readCall(request, parts.world.clock.now())
  parts.calls.push(call)
  parts.world.agenda.runDue(call.at)
  const traceId = parts.world.nextId('trace')
  const fault = parts.faults.take(call)
  if (fault?.delayMs) await pause(fault.delayMs)
  if (fault?.drop === 'before') return cut(response)
  if (fault?.hang === true || fault?.hang === 'before') return
  const faked = fault?.status === undefined ? null : faultAnswer(fault)
  const real = faked && !fault?.done ? null : answerTo(parts, call)
  if (fault?.drop === 'after') return cut(response)
  if (fault?.hang === 'after') return
  const answer = faked ?? real ?? { status: 500, body: null }
  call.status = answer.status
  reply(response, { ...answer, headers: { ...rateHeaders(parts, call), ...answer.headers } }, traceId)
}

function answerTo(parts: Parts, call: FakeCall): Answer {
  try {
    return route(parts, call)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    throw error
  }
}

function route({ world, routes, tokens, rates }: Parts, call: FakeCall): Answer {
  const now = world.clock.now()
  const version = call.headers.version ?? ''
  const match = findRoute(routes, call.method, call.path, version)
  const body = isFields(call.body) ? call.body : {}
  const shared = { world, query: call.query, body, version, now }
  if (match?.route.open) return match.route.handle({ ...shared, params: match.params, token: null, locationId: '' })
  if (version === '') throw unauthorized('version header was not found.')
  if (!VERSIONS.has(version)) throw unauthorized('version header is invalid')
  const token = needToken(tokens, call, now)
  const named = namedLocation(match?.params ?? {}, call.query, body)
  if (token.locationId && named && named !== token.locationId) throw wrongLocation()
  if (match && !token.locationId && !match.route.company) throw wrongLocation()
  const { scope } = match?.route ?? {}
  if (scope && token.scopes !== 'all' && !token.scopes.includes(scope))
    throw unauthorized('The token is not authorized for this scope.')
  if (!rates.take(bucketKey(token), now)) throw tooMany()
  if (!match) throw notFound(`Cannot ${call.method} ${call.path}`)
  if (typeof call.body === 'string') throw new Refusal(400, { statusCode: 400, message: 'Bad Request' })
  return match.route.handle({ ...shared, params: match.params, token, locationId: named ?? token.locationId ?? world.locationId })
}

function needToken(tokens: TokenDesk, call: FakeCall, now: number): IssuedToken {
  const token = bearer(tokens, call)
  if (!token) throw unauthorized('Invalid JWT')
  if (now >= token.expiresAt) throw unauthorized('Invalid token: access token is invalid')
  return token
}

function bearer(tokens: TokenDesk, call: FakeCall): IssuedToken | null {
  const [, value] = /^Bearer\s+(\S+)$/i.exec(call.headers.authorization ?? '') ?? []
  return value === undefined ? null : tokens.find(value)
}

/** The location a call names in its path, query or body. The `locationId` header is the SDK's own and means nothing to GHL. */
function namedLocation(params: Fields, query: Fields, body: Fields): string | null {
  for (const fields of [params, query, body]) {
    const alt = fields.altType === 'company' ? null : text(fields, 'altId')
    const named = text(fields, 'locationId') ?? text(fields, 'location_id') ?? alt
    if (named) return named
  }
  return null
}

const bucketKey = (token: IssuedToken): string => JSON.stringify([token.app, token.locationId ?? token.companyId])

function rateHeaders({ tokens, rates, world }: Parts, call: FakeCall): Record<string, string> {
  const token = bearer(tokens, call)
  return token ? rates.headers(bucketKey(token), world.clock.now()) : {}
}

function faultAnswer({ status = 500, headers = {}, body }: FaultOptions): Answer {
  return { status, headers, body: body ?? { statusCode: status, message: FAULT_TEXTS[status] ?? 'Internal server error' } }
}

const FAULT_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Invalid token: access token is invalid',
  403: 'The token does not have access to this location.',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

function reply(response: ServerResponse, { status, body, headers }: Answer, traceId: string): void {
  if (response.destroyed) return
  if (body === undefined || typeof body === 'string') {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body ?? '')
    return
  }
  const withTrace = isFields(body) ? { ...body, traceId } : body
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(withTrace))
}

async function readCall(request: IncomingMessage, at: number): Promise<FakeCall> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)))
  const url = new URL(request.url ?? '/', 'http://fake')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  const body = parseBody(Buffer.concat(chunks).toString('utf8'), headers['content-type'] ?? '')
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  return { method: (request.method ?? 'GET').toUpperCase(), path, query: readQuery(url), headers, body, status: null, at }
}

function readQuery(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    query[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  return query
}

function parseBody(raw: string, contentType: string): unknown {
  if (raw === '') return undefined
  if (contentType.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(raw))
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}

/** A reset, not an orderly end: the client cannot know how far the request came. */
function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
