import type { GhlRequest, GhlResponse } from '../core/request.js'

/**
 * How an approved request leaves the process. `send` resolves with whatever status GHL answered.
 * It rejects with `NotSentError` when the request certainly never reached GHL (refused connection,
 * unknown host); any other rejection means the outcome is unknown.
 */
export interface Http {
  /** The GHL host this transport speaks to, with port. */
  readonly host: string
  /** The location the token belongs to, where known. */
  readonly locationId?: string
  send(request: GhlRequest, options: { readonly signal: AbortSignal }): Promise<GhlResponse>
}

/** The request certainly never reached GHL. */
export class NotSentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NotSentError'
  }
}

/** The same, given up on this side before anything was tried: it says nothing of GHL's health. */
export class NotTriedError extends NotSentError {}

const NOT_SENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** True when an error of fetch, undici, axios or node:http says that no connection was ever made. */
export function wasNeverSent(error: unknown): boolean {
  for (let current: unknown = error, depth = 0; current instanceof Object && depth < 5; depth++) {
    const { name, code, cause, errors } = current as { name?: unknown; code?: unknown; cause?: unknown; errors?: unknown }
    if (name === 'NotSentError') return true
    if (typeof code === 'string' && NOT_SENT_CODES.has(code)) return true
    if (Array.isArray(errors) && errors.length > 0 && errors.every((inner) => wasNeverSent(inner))) return true
    current = cause
  }
  return false
}

/** Where GHL's API lives. */
export const GHL_HOST = 'services.leadconnectorhq.com'
