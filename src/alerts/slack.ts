import type { AlertChannel } from './alert.js'
import { type WebhookOptions, webhookAlerts } from './webhook.js'

const COLOURS = { info: '#36a64f', warning: '#ffcc00', critical: '#ff0000' } as const

/** Posts each alert to a Slack incoming webhook. Rejects like `webhookAlerts`. */
export function slackAlerts({
  webhookUrl,
  fetch,
}: {
  readonly webhookUrl: string
  readonly fetch?: WebhookOptions['fetch']
}): AlertChannel {
  return webhookAlerts({
    url: webhookUrl,
    ...(fetch && { fetch }),
    body: ({ level, code, message, at }) => ({
      attachments: [{ color: COLOURS[level], title: code, text: message, footer: level, ts: Math.floor(at / 1000) }],
    }),
  })
}
