import type { Channel } from './contact.js'

/** Who a message goes to. `contact` is the contact itself, on whatever address GHL has; the others name an address. */
export interface Recipient {
  readonly kind: 'contact' | 'to' | 'cc' | 'bcc' | 'forward'
  /** E-mail address or phone number; absent for `contact` until its facts are known. */
  readonly address?: string
}

/** A message as the guardrails see it, whatever door it came through. */
export interface Message {
  readonly channel: Channel
  readonly contactId?: string
  readonly recipients: readonly Recipient[]
  readonly subject?: string
  /** Plain text body. */
  readonly text?: string
  readonly html?: string
  /** Sender address (e-mail) or number (SMS), where the request names one. */
  readonly from?: string
  /** Set when GHL fills the body itself: what is sent cannot be read here. */
  readonly templateId?: string
  /** It answers a message of a thread that the request names. */
  readonly isReply?: boolean
  /** When it will leave, ms since 1970; absent = now. */
  readonly sendAt?: number
  /** GHL may move the send within this many ms after `sendAt` (its send-time optimisation). */
  readonly sendWithinMs?: number
}
