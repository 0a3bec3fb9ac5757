import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Agenda } from './agenda.js'
import { isoTime } from './world.js'

/** A webhook body before `webhookId`, `timestamp` and `appId` are added. */
export type FakeEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/**
 * Ways a delivery may go wrong.
 * `duplicate` twice with the same webhookId; `reorder` held back until the next event has gone; `late` with a timestamp ten minutes old;
 * `unsigned` without the header; `not_available` with the header `N/A`; `wrong_key` signed by another key.
 */
export type WebhookMode = 'normal' | 'duplicate' | 'reorder' | 'late' | 'unsigned' | 'not_available' | 'wrong_key'

export interface WebhookDelivery {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes that were signed, as text. */
  readonly rawBody: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A handler may return the HTTP status it would answer; nothing counts as 200, a throw as 500. */
export type WebhookHandler = (delivery: WebhookDelivery) => unknown

export interface WebhookAttempt {
  readonly event: string
  readonly webhookId: string
  readonly attempt: number
  /** Null when the receiver could not be reached. */
  readonly status: number | null
  readonly at: number
}

export interface FakeWebhooks {
  /** Ed25519, SPKI in base64: the form GHL publishes its key in. */
  readonly publicKey: string
  /** How deliveries go from now on; default `normal`. */
  mode: WebhookMode
  readonly attempts: readonly WebhookAttempt[]
  /** Events handed out so far, oldest first, with or without a subscriber. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  /** Delivers to a loopback URL or a function; `types` limits it to some events. Returns the way to stop. A handler must not wait for `tick()`. */
  subscribe(target: string | WebhookHandler, types?: readonly string[]): () => void
}

export interface WebhookSender extends FakeWebhooks {
  emit(event: FakeEvent, mode?: WebhookMode): void
  /** Resolves when every delivery under way has been answered. */
  settled(): Promise<void>
  clear(): void
}

interface Subscriber {
  readonly target: string | WebhookHandler
  readonly types: readonly string[] | undefined
}

const RETRY_MS = 600_000
const MAX_ATTEMPTS = 6
const LATE_MS = 600_000

export function createWebhooks(options: {
  now: () => number
  agenda: () => Agenda
  appId: string
  nextId: (p: string) => string
}): WebhookSender {
  const keys = generateKeyPairSync('ed25519')
  const wrong = generateKeyPairSync('ed25519')
  const subscribers = new Set<Subscriber>()
  const attempts: WebhookAttempt[] = []
  const events: Readonly<Record<string, unknown>>[] = []
  let held: (() => void)[] = []
  /** One delivery at a time, so that receivers see events in their order. */
  let queue: Promise<void> = Promise.resolve()

  function enqueue(body: Record<string, unknown>, mode: WebhookMode, attempt = 1, only?: Subscriber) {
    if (subscribers.size === 0) return
    const rawBody = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', ...signature(rawBody, mode) }
    queue = queue.then(async () => {
      for (const subscriber of only ? [only] : [...subscribers]) {
        if (!subscribers.has(subscriber) || (subscriber.types && !subscriber.types.includes(String(body.type)))) continue
        const status = await deliver(subscriber.target, { headers, rawBody, body })
        attempts.push({ event: String(body.type), webhookId: String(body.webhookId), attempt, status, at: options.now() })
        // GHL tries again only when told 429; anything else that went wrong is an event lost.
        if (status === 429 && attempt < MAX_ATTEMPTS) {
          options.agenda().at(options.now() + RETRY_MS, () => enqueue(body, mode, attempt + 1, subscriber))
        }
      }
    })
  }

  function signature(rawBody: string, mode: WebhookMode): Record<string, string> {
    if (mode === 'unsigned') return {}
    if (mode === 'not_available') return { 'x-ghl-signature': 'N/A' }
    return { 'x-ghl-signature': signed(rawBody, (mode === 'wrong_key' ? wrong : keys).privateKey) }
  }

  const sender: WebhookSender = {
    publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    mode: 'normal',
    attempts,
    events,
    subscribe(target, types) {
      if (typeof target === 'string') needLoopback(target)
      const subscriber = { target, types }
      subscribers.add(subscriber)
      return () => void subscribers.delete(subscriber)
    },
    emit(event, mode = sender.mode) {
      const at = options.now() - (mode === 'late' ? LATE_MS : 0)
      const body = { ...event, webhookId: options.nextId('webhook'), timestamp: isoTime(at), appId: options.appId }
      events.push(body)
      if (mode === 'reorder') {
        held.push(() => enqueue(body, 'normal'))
        return
      }
      enqueue(body, mode)
      if (mode === 'duplicate') enqueue(body, mode)
      for (const release of held.splice(0)) release()
    },
    async settled() {
      for (const release of held.splice(0)) release()
      for (let seen: Promise<void> | null = null; seen !== queue; ) {
        seen = queue
        await seen
      }
    },
    clear() {
      held = []
      attempts.length = 0
      events.length = 0
    },
  }
  return sender
}

function signed(rawBody: string, key: KeyObject): string {
  return sign(null, Buffer.from(rawBody), key).toString('base64')
}

async function deliver(target: string | WebhookHandler, delivery: WebhookDelivery): Promise<number | null> {
  if (typeof target === 'function') {
    try {
      const status = await target(delivery)
      return typeof status === 'number' ? status : 200
    } catch {
      return 500
    }
  }
  try {
    const { headers, rawBody } = delivery
    const response = await fetch(target, { method: 'POST', headers, body: rawBody, signal: AbortSignal.timeout(10_000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}

/** The fake never speaks to another machine. */
function needLoopback(url: string): void {
  const { hostname } = new URL(url)
  if (hostname !== 'localhost' && hostname !== '[::1]' && !/^127\.\d+\.\d+\.\d+$/.test(hostname)) {
    throw new TypeError(`webhooks go to loopback addresses only, not to '${hostname}'`)
  }
}
