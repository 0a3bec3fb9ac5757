import type { JsonObject } from '../core/json.js'
import type { MailFeedback } from '../ghl/index.js'
import type { HealthEvent } from '../guardrails/health/index.js'
import { senderDomain, UNKNOWN_SENDER } from '../guardrails/recipients/index.js'
import type { Draft } from './apply-feedback.js'
import { countIdentity } from './feedback-identity.js'
import { FEEDBACK_LIFE_MS } from './feedback-memory.js'
import { healthForFeedback, healthOp } from './health-store.js'
import { keys } from './keys.js'
import { addCause, mailboxKey, type SuppressionCause } from './suppression-store.js'
import { countSent } from './warm-up.js'

const HEALTH_EVENTS: { readonly [kind in MailFeedback['kind']]?: HealthEvent } = {
  opened: 'open',
  bounced: 'bounce',
  complained: 'complaint',
  unsubscribed: 'unsubscribe',
}

/** What an e-mail's fate changes: who may be written to, and how the domain it left from stands. */
export async function followMail(draft: Draft, feedback: MailFeedback): Promise<void> {
  const { kind, recipient, mailId, at, from } = feedback
  const { core, now, ops, stops } = draft
  const mailbox = recipient === undefined ? undefined : mailboxKey('email', recipient)
  const cause = causeOf(feedback)
  if (cause !== undefined && mailbox !== undefined) await suppress(draft, [mailbox], cause)

  const [ours = null] = mailId === undefined ? [] : await core.storage.read([keys.mail(mailId)])
  const domain = ours === null ? senderDomain(from ?? core.policy.account.senderDomain) : domainIn(ours.value as JsonObject)
  const event = HEALTH_EVENTS[kind]
  // A mail to several people counts once, and so does a bounce that both a webhook and a poll tell of.
  if (event !== undefined && event !== 'open' && mailId !== undefined) {
    const mark = keys.told(countIdentity(mailId, event))
    const [counted] = await core.storage.read([mark])
    if (counted) return
    ops.push({ op: 'put', key: mark, value: { at: now }, version: null, expiresAt: now + FEEDBACK_LIFE_MS })
  }
  // Mails of users and workflows leave from the same domain: without them in the count its rates would be too high.
  const fromElsewhere = ours === null && from !== undefined && domain !== UNKNOWN_SENDER
  if (fromElsewhere && (kind === 'delivered' || kind === 'bounced')) ops.push(countSent(domain, at))
  if (event === undefined) return
  const stored = await healthForFeedback(core, domain, now)
  if (stored === undefined) return
  const { op, stop } = healthOp(core, stored, event, { at, now })
  ops.push(op)
  if (stop !== undefined) stops.push(stop)
}

function causeOf({ kind, noMailbox }: MailFeedback): SuppressionCause | undefined {
  if (kind === 'complained') return 'complaint'
  if (kind === 'unsubscribed') return 'unsubscribed'
  return kind === 'bounced' && noMailbox === true ? 'hard_bounce' : undefined
}

function domainIn({ domain }: JsonObject): string {
  return typeof domain === 'string' ? domain : UNKNOWN_SENDER
}

/** Puts every one of these keys on the list, where the cause is not there yet. */
export async function suppress({ core, now, by, ops }: Draft, wanted: readonly string[], cause: SuppressionCause): Promise<void> {
  const found = await core.storage.read(wanted.map(keys.suppressed))
  for (const [index, key] of wanted.entries()) {
    const op = addCause(key, found[index] ?? null, { cause, at: now, by })
    if (op !== undefined) ops.push(op)
  }
}
