import { requireOptions } from '../core/adapter-options.js'
import type { AlertChannel } from './alert.js'
import { requireUrl, type WebhookOptions, webhookAlerts } from './webhook.js'

const COLOURS = { info: '#36a64f', warning: '#ffcc00', critical: '#ff0000' } as const

/** Posts each alert to a Slack incoming webhook. Throws and rejects like `webhookAlerts`. */
export function slackAlerts(options: { readonly webhookUrl: string; readonly fetch?: WebhookOptions['fetch'] }): AlertChannel {
  requireOptions('slackAlerts', options, { webhookUrl: true, fetch: true })
  const { webhookUrl, fetch } = options
  requireUrl('slackAlerts.webhookUrl', webhookUrl)
  return webhookAlerts({
    url: webhookUrl,
    ...(fetch && { fetch }),
    body: ({ level, code, message, at }) => ({
      attachments: [{ color: COLOURS[level], title: code, text: message, footer: level, ts: Math.floor(at / 1000) }],
    }),
  })
}
