import type { Json } from './json.js'

/** One GHL call in the form everything is judged by. */
export interface GhlRequest {
  /** Upper case. */
  readonly method: string
  /** Host name with port, lower case: `services.leadconnectorhq.com`. */
  readonly host: string
  /** Path as sent, percent-encoded, without query: `/contacts/abc`. */
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Headers that matter to GHL (`version`, `locationid`), lower case. Never `authorization`. */
  readonly headers: Readonly<Record<string, string>>
  /** Plain, frozen JSON; absent when there is none. */
  readonly body?: Json
  /** Set when the body is not JSON (a file upload), which can be sent and never read: the SHA-256 of its bytes, hex. */
  readonly opaqueBody?: string
  /** The location whose token the client takes for it, where that is known: the request is about no other one. */
  readonly tokenLocation?: string
  /** Why the body cannot be judged, naming the field: a request with it is refused. */
  readonly bodyFault?: string
}

export interface GhlResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}
