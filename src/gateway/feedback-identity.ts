import type { Feedback } from '../ghl/index.js'
import type { HealthEvent } from '../guardrails/index.js'
import { mailboxKey } from './suppression-store.js'

export function inboundIdentity(messageId: string): string {
  return `inbound ${messageId}`
}

/** What makes it one count for the domain, whoever of its recipients it is about. */
export function countIdentity(mailId: string, event: HealthEvent): string {
  return `${mailId} counts as ${event}`
}

/**
 * What makes an event one event, whether a webhook or a poll tells of it, once or several times: GHL's id of the message
 * and what happened to it. `fallback` where it names no message: the webhook's own id.
 */
export function feedbackIdentity(feedback: Feedback, fallback: string): string {
  switch (feedback.kind) {
    case 'status':
      return `${feedback.messageId} ${feedback.status}`
    case 'inbound':
      return inboundIdentity(feedback.messageId ?? fallback)
    case 'dnd':
      return `dnd ${feedback.contactId} ${fallback}`
    case 'delivered':
    case 'opened':
      return `mail ${feedback.mailId ?? fallback} ${feedback.kind}`
    default: {
      // One mail has several recipients, and each may bounce. What says why tells more than what does not.
      const whom = feedback.recipient === undefined ? '' : (mailboxKey('email', feedback.recipient) ?? '')
      return `mail ${feedback.mailId ?? fallback} ${feedback.kind} ${whom} ${feedback.noMailbox === true}`
    }
  }
}
