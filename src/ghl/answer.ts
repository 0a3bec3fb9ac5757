import type { ErrorFacts } from '../core/outcome.js'
import type { GhlResponse } from '../core/request.js'
import { NotTriedError, wasNeverSent } from '../http/http.js'
import { isObject } from './body.js'
import { cancellationStatus } from './cancel-scheduled.js'
import type { Classified } from './classify.js'
import { errorFacts, faultFacts } from './error-facts.js'
import { readRateHeaders, waitAfterLimit } from './rate-headers.js'

/** `failed` = it certainly did not happen; `unknown` = it may have. */
export type Answer =
  | { readonly kind: 'executed'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorFacts; readonly retryAfterMs?: number }
  | { readonly kind: 'unknown'; readonly error: ErrorFacts }

/** What a call says about the health of GHL: a refusal for business reasons comes from a GHL that is well. */
export type BreakerVerdict = 'success' | 'failure' | 'neutral'

/** Their answer says in its body how it went. */
const CANCELS = new Set([
  'DELETE /conversations/messages/{messageId}/schedule',
  'DELETE /conversations/messages/email/{emailMessageId}/schedule',
])

/** Client errors after which the request may still have been carried out. */
const UNSURE = new Set([408, 409, 425])

/**
 * What an answer means. 2xx: executed. 4xx: failed, 429 with the time to wait. 408, 409, 425, 3xx, 5xx and anything
 * else: unknown, because it may have been carried out; for a read failed, because that does not matter.
 */
export function readAnswer(classified: Classified, response: GhlResponse): Answer & { readonly breaker: BreakerVerdict } {
  const { status, body } = response
  if (status >= 200 && status < 300) {
    const inner = CANCELS.has(classified.operation.id) ? cancellationStatus(response) : status
    if (inner >= 400) return { kind: 'failed', error: errorFacts(inner, body), breaker: 'success' }
    return { kind: 'executed', value: body, breaker: 'success' }
  }
  const error = errorFacts(status, body)
  const breaker = breakerVerdict(status)
  if (status === 429) return { kind: 'failed', error, retryAfterMs: waitAfterLimit(readRateHeaders(response.headers)), breaker }
  const sure = status >= 400 && status < 500 && !UNSURE.has(status)
  if (!sure && !isHarmless(classified)) return { kind: 'unknown', error, breaker }
  const { retryAfterMs } = readRateHeaders(response.headers)
  return { kind: 'failed', error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), breaker }
}

/** What a thrown transport error means; errors that carry an HTTP answer (axios, the official client) are read as one. */
export function readFault(classified: Classified, error: unknown): Answer & { readonly breaker: BreakerVerdict } {
  const response = responseOf(error)
  if (response !== null) return readAnswer(classified, response)
  const sure = wasNeverSent(error) || isHarmless(classified)
  const breaker = error instanceof NotTriedError ? 'neutral' : 'failure'
  return { kind: sure ? 'failed' : 'unknown', error: faultFacts(error), breaker }
}

/** A call that changes nothing: whether it arrived does not matter. */
function isHarmless({ operation }: Classified): boolean {
  return operation.kind === 'read'
}

function breakerVerdict(status: number): BreakerVerdict {
  if (status === 408 || status === 429 || status >= 500) return 'failure'
  // 401 and 403 speak of our token, 409 and 425 of timing, 3xx of a misrouted host: nothing about health.
  return status >= 400 && ![401, 403, 409, 425].includes(status) ? 'success' : 'neutral'
}

/** axios: `error.response` is the response. The official client: `error.statusCode`, `error.response` is the body. */
function responseOf(error: unknown): GhlResponse | null {
  if (typeof error !== 'object' || error === null) return null
  const { statusCode, response } = error as { statusCode?: unknown; response?: unknown }
  if (isStatus(statusCode)) return { status: statusCode, headers: limitHeaders(error), body: response }
  if (typeof response !== 'object' || response === null) return null
  const { status, headers, data } = response as { status?: unknown; headers?: unknown; data?: unknown }
  return isStatus(status) ? { status, headers: plainHeaders(headers), body: data } : null
}

/** The official client drops the headers but keeps what it read from them for a 429. */
function limitHeaders(error: object): Record<string, string> {
  const { rateLimit } = error as { rateLimit?: unknown }
  const { intervalMs, dailyRemaining, dailyResetMs } = (isObject(rateLimit) ? rateLimit : {}) as Record<string, unknown>
  return plainHeaders({
    'x-ratelimit-interval-milliseconds': intervalMs,
    'x-ratelimit-daily-remaining': dailyRemaining,
    'x-ratelimit-daily-reset': dailyResetMs,
  })
}

function plainHeaders(headers: unknown): Record<string, string> {
  const plain: Record<string, string> = {}
  if (typeof headers !== 'object' || headers === null) return plain
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' || typeof value === 'number') plain[name.toLowerCase()] = String(value)
  }
  return plain
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value < 600
}
