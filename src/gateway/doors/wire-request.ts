import type { GhlRequest } from '../../core/request.js'
import { uploadDigest } from './upload-digest.js'
import type { WireBody } from './wire-body.js'

/** A request as it is about to leave, whichever client made it. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  /** As `wireHeaders` gives them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: WireBody
}

/** Read by GHL or by nobody: never part of what is judged, stored or shown. */
const PRIVATE_HEADERS = new Set(['authorization'])
/** Would change who is spoken to, as whom, or how the request is read, behind the back of what was judged. */
const DROPPED_HEADERS =
  /^(host|content-length|content-encoding|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|cookie|proxy-.*|forwarded|x-forwarded-.*|x-(original|rewrite)-.*|x-http-path-override)$/
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that end a header
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f]/g

/** The headers that may leave: lower-case names, one text each. */
export function wireHeaders(headers: Iterable<readonly [string, unknown]>): Record<string, string> {
  const kept: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (value === undefined || value === null || value === false || typeof value === 'function') continue
    if (NAME.test(lower) && !DROPPED_HEADERS.test(lower)) kept[lower] = String(value).replace(CONTROLS, '')
  }
  return kept
}

/** The form everything is judged by. */
export function ghlRequestOf({ method, url, headers, body }: WireRequest): GhlRequest {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!PRIVATE_HEADERS.has(name) && name !== '__proto__') shown[name] = value
  }
  return {
    method,
    host: hostOf(url),
    path: url.pathname,
    query: queryOf(url),
    headers: shown,
    ...(body.kind === 'json' && { body: body.json }),
    ...(body.kind === 'bytes' && { opaqueBody: uploadDigest(body.bytes, body.type) }),
    ...(body.kind === 'fault' && { bodyFault: body.message }),
  }
}

/** Headers and body that leave for it. */
export function outgoing({ headers, body }: WireRequest): {
  headers: Record<string, string>
  data: string | Buffer<ArrayBuffer> | undefined
} {
  switch (body.kind) {
    case 'json':
      return { headers: { ...headers, 'content-type': 'application/json' }, data: body.text }
    case 'bytes':
      return { headers: { ...headers, ...(body.type !== undefined && { 'content-type': body.type }) }, data: body.bytes }
    default: {
      const { 'content-type': _, ...rest } = headers
      return { headers: rest, data: undefined }
    }
  }
}

const NO_URL = new URL('invalid://invalid')

/** What is no URL is a foreign place, and refused as one. */
export function urlOf(text: string): URL {
  return URL.canParse(text) ? new URL(text) : NO_URL
}

/** Unencrypted is another host, except on this machine: a credential must not travel in clear. */
function hostOf(url: URL): string {
  const local = url.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname)
  return url.protocol === 'https:' || local ? url.host : `${url.protocol}//${url.host}`
}

function queryOf(url: URL): Record<string, string | readonly string[]> {
  const query: Record<string, string | readonly string[]> = {}
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    Object.defineProperty(query, name, { value: values.length === 1 ? values[0] : values, enumerable: true })
  }
  return query
}
