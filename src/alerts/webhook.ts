import { requireOptions } from '../core/adapter-options.js'
import { ConfigError } from '../core/errors.js'
import type { Alert, AlertChannel } from './alert.js'

export interface WebhookOptions {
  readonly url: string
  /** Extra headers, e.g. an authorization of yours. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
  /** The body to post; default the alert itself as JSON. */
  readonly body?: (alert: Alert) => unknown
}

const DEADLINE_MS = 10_000

/**
 * Posts each alert as JSON. Rejects when the receiver did not answer 2xx within 10 s, throws `ConfigError` for what is no URL
 * and options it does not know; the URL, which may be a secret, is never in the error.
 */
export function webhookAlerts(options: WebhookOptions): AlertChannel {
  requireOptions('webhookAlerts', options, { url: true, headers: true, fetch: true, body: true })
  const { url, headers = {}, fetch = globalThis.fetch, body = (alert) => alert } = options
  requireUrl('webhookAlerts.url', url)
  return {
    async send(alert) {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body(alert)),
      }
      const answer = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) }).catch(
        (error: unknown) => {
          throw new Error(`The alert receiver did not answer (${error instanceof Error ? error.name : 'unknown fault'}).`)
        },
      )
      if (!answer.ok) throw new Error(`The alert receiver answered ${answer.status}.`)
    },
  }
}

export function requireUrl(path: string, url: unknown): void {
  if (typeof url === 'string' && /^https?:/i.test(url) && URL.canParse(url)) return
  throw new ConfigError([{ path, message: 'is no URL: expected the https address that takes the alerts.' }])
}
