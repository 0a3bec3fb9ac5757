import { freezeJson, type Json, JsonFaultError } from '../../core/json.js'
import type { GhlRequest } from '../../core/request.js'

/** A request as it is about to leave, whichever client made it. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  /** Any letter case. */
  readonly headers: Iterable<readonly [string, unknown]>
  /** Body as it would be written to the wire. */
  readonly body: unknown
}

/** Read by GHL or by nobody: never part of what is judged, stored or shown. */
const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization'])
/** Would change who is spoken to, or how the body is read, behind the back of what was judged. */
export const FORBIDDEN_HEADERS = new Set([
  'host',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'expect',
])

/** The form everything is judged by. A JSON body is copied and frozen; anything else is marked as not readable. */
export function ghlRequestOf({ method, url, headers, body }: WireRequest): GhlRequest {
  const kept: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (!PRIVATE_HEADERS.has(lower) && !FORBIDDEN_HEADERS.has(lower) && value !== undefined && value !== null)
      kept[lower] = String(value)
  }
  return {
    method: method.toUpperCase(),
    host: url.host,
    path: url.pathname,
    query: queryOf(url),
    headers: kept,
    ...readBody(body),
  }
}

function queryOf(url: URL): Record<string, string | readonly string[]> {
  const query: Record<string, string | readonly string[]> = {}
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    Object.defineProperty(query, name, { value: values.length === 1 ? values[0] : values, enumerable: true })
  }
  return query
}

function readBody(body: unknown): { body?: Json; opaqueBody?: boolean } {
  if (body === undefined || body === null || body === '') return {}
  if (typeof body !== 'string') return { opaqueBody: true }
  try {
    return { body: freezeJson(JSON.parse(body)) }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof JsonFaultError) return { opaqueBody: true }
    throw error
  }
}

/** The text that leaves for a judged body: written anew, so that nothing the judge did not see is in it. */
export function wireBody(request: GhlRequest, original: unknown): unknown {
  return request.body === undefined ? original : JSON.stringify(request.body)
}
