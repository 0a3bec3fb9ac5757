import type { Message } from '../../core/message.js'
import { because, deny, type Findings, warn } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { hasPack } from '../rules/has-pack.js'

/** How long after a person's last message WhatsApp takes free text; after it only templates it approved. */
const WHATSAPP_WINDOW_MS = 24 * 3_600_000

/**
 * Free text on WhatsApp needs a message from the contact in the last 24 hours. `heardAt` = when the last one came, ms;
 * null = none came; undefined = nobody keeps it, which is a warning.
 */
export function checkWhatsAppWindow(
  message: Message,
  heardAt: number | null | undefined,
  policy: GuardrailPolicy,
  now: number,
  found: Findings,
): void {
  if (message.channel !== 'whatsapp' || message.templateId !== undefined || !hasPack(policy, 'ghl')) return
  const why = (text: string, data: { readonly [key: string]: number } = {}) =>
    because('recipient.whatsapp_window', text, data, { rule: 'whatsapp.window' })
  if (heardAt === undefined || (heardAt !== null && !(heardAt >= 0 && heardAt < 8.64e15))) {
    warn(found, why('Nobody here knows whether this contact wrote in the last 24 hours: set up webhooks, or send a template.'))
    return
  }
  const sendAt = Math.max(now, message.sendAt ?? now) + (message.sendWithinMs ?? 0)
  if (heardAt !== null && sendAt - heardAt <= WHATSAPP_WINDOW_MS) return
  const since = heardAt === null ? 'has not written in the last 24 hours' : `last wrote at ${new Date(heardAt).toISOString()}`
  deny(
    found,
    why(`On WhatsApp this contact ${since}: only a template may be sent now.`, heardAt === null ? {} : { lastHeardAt: heardAt }),
  )
}
