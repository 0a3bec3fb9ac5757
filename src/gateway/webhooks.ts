import type { KeyObject } from 'node:crypto'
import pLimit from 'p-limit'
import { type Json, type JsonObject, sha256 } from '../core/json.js'
import { type Feedback, type Forgery, forgery, readWebhook, sentAt, type WebhookHeaders } from '../ghl/index.js'
import { type Apply, applyFeedback } from './apply-feedback.js'
import { type CatchUp, type CatchUpOptions, catchUp } from './catch-up.js'
import type { Core } from './core.js'
import { feedbackIdentity } from './feedback-identity.js'
import { MAX_EVENT_AGE_MS } from './feedback-memory.js'

export type { CatchUp } from './catch-up.js'

/** What became of one delivery. `httpStatus` is what to answer: GHL sends again after a 429 only, and loses everything else. */
export interface WebhookResult {
  readonly status: 'handled' | 'duplicate' | 'ignored' | 'rejected'
  readonly reason:
    | Feedback['kind']
    | Forgery
    | 'told_before'
    | 'nothing_to_do'
    | 'not_configured'
    | 'not_raw'
    | 'too_large'
    | 'unreadable'
    | 'too_old'
    | 'from_the_future'
    | 'storage_unavailable'
  readonly httpStatus: 200 | 400 | 401 | 413 | 429 | 503
}

/** What GHL tells of messages and people: deliveries, bounces, complaints, answers, STOP. */
export interface Webhooks {
  /**
   * Takes one delivery: the body exactly as it came, and its headers. Checks GHL's signature, does what the event asks
   * for once, and never throws. The host's route hands over and answers with `httpStatus`.
   */
  handle(rawBody: string | Uint8Array, headers: WebhookHeaders): Promise<WebhookResult>
  /**
   * Reads from GHL what webhooks may have lost, for messages written since (default: three days ago), within GHL's own
   * limits. Nothing counts twice, so it may run as often as you like. Complaints are told by webhooks only.
   */
  catchUp(options?: CatchUpOptions): Promise<CatchUp>
}

/** Longest body that is read, bytes. */
const MAX_BODY = 1_000_000
/** Clocks differ. */
const SKEW_MS = 5 * 60_000

export function createWebhooks(core: Core, publicKeys: readonly KeyObject[]): Webhooks {
  // Events of one domain write one record: taken in turn, none has to try twice.
  const inTurn = pLimit(1)
  const apply: Apply = (feedback, identity, by) => inTurn(() => applyFeedback(core, feedback, identity, by))
  return {
    async handle(rawBody, headers) {
      const event = authentic(rawBody, headers, publicKeys)
      if ('status' in event) return event
      const { body, digest } = event
      const now = core.clock.now()
      const sent = sentAt(body) ?? now
      if (sent > now + SKEW_MS) return rejected('from_the_future', 400)
      const feedback = readWebhook(body, now)
      if (Math.min(sent, feedback?.at ?? sent) < now - MAX_EVENT_AGE_MS) return rejected('too_old', 400)
      if (feedback === undefined) return { status: 'ignored', reason: 'nothing_to_do', httpStatus: 200 }
      // No event happened after it was told of.
      const told = { ...feedback, at: Math.min(feedback.at, now) }
      const { webhookId } = body
      const fallback = typeof webhookId === 'string' && webhookId !== '' ? webhookId : digest
      try {
        await core.known.open()
        const isNew = await apply(told, feedbackIdentity(told, fallback), 'webhook')
        return isNew
          ? { status: 'handled', reason: told.kind, httpStatus: 200 }
          : { status: 'duplicate', reason: 'told_before', httpStatus: 200 }
      } catch (error) {
        core.tell('fault', error)
        return rejected('storage_unavailable', 429)
      }
    },
    async catchUp(options) {
      const caughtUp = await catchUp(core, apply, options)
      core.suppressed()
      return caughtUp
    },
  }
}

/** The event behind these bytes, or why it is none of GHL's. */
function authentic(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  publicKeys: readonly KeyObject[],
): WebhookResult | { readonly body: JsonObject; readonly digest: string } {
  if (publicKeys.length === 0) return rejected('not_configured', 503)
  if (typeof rawBody !== 'string' && !ArrayBuffer.isView(rawBody)) return rejected('not_raw', 400)
  if (rawBody.length > MAX_BODY) return rejected('too_large', 413)
  const bytes = typeof rawBody === 'string' ? Buffer.from(rawBody) : rawBody
  if (bytes.byteLength > MAX_BODY) return rejected('too_large', 413)
  try {
    const forged = forgery(bytes, headers, publicKeys)
    if (forged !== undefined) return rejected(forged, 401)
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    const body = JSON.parse(text) as Json
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return rejected('unreadable', 400)
    return { body: body as JsonObject, digest: sha256(text) }
  } catch {
    // No JSON, or headers that cannot be read.
    return rejected('unreadable', 400)
  }
}

function rejected(reason: WebhookResult['reason'], httpStatus: WebhookResult['httpStatus']): WebhookResult {
  return { status: 'rejected', reason, httpStatus }
}
