import { sha256 } from '../core/json.js'
import { memoize } from '../core/memo.js'

/** Recipient keys that may stand in a storage key as they are: each holds `:`, `@` or `+`, which no digest does. */
const PLAIN = /^(?=.*[:@+])[\x21-\x7e]{1,200}$/

/** Every key the gateway keeps in storage, in one place. Names that come from outside are encoded or hashed. */
export const keys = {
  incarnation: 'meta/incarnation',
  /** Secret of this installation: pseudonyms in the audit are made with it. */
  pseudonymKey: 'meta/pseudonym',
  system: 'system',
  breaker: memoize(1000, (name) => `breaker/${encodeURIComponent(name)}`),
  intent: (actionId: string) => `intent/${actionId}`,
  intents: 'intent/',
  idempotency: (agent: string, key: string) => `once/${sha256(JSON.stringify([agent, key])).slice(0, 40)}`,
  approval: (id: string) => `approval/${id}`,
  approvals: 'approval/',
  /** The latest approval of one agent's request, by the digest of the request. */
  held: (agent: string, digest: string) => `held/${sha256(JSON.stringify([agent, digest])).slice(0, 40)}`,
  suppressed: (recipientKey: string) =>
    `suppressed/${PLAIN.test(recipientKey) ? recipientKey : sha256(recipientKey).slice(0, 40)}`,
  suppressions: 'suppressed/',
  health: memoize(1000, (domain) => `health/${encodeURIComponent(domain)}`),
  /** E-mails that left from a domain on one UTC day. */
  sent: (domain: string, day: number) => `sent/${encodeURIComponent(domain)}/${day}`,
  /** Which action sent an e-mail, and from which domain, by GHL's id of it. */
  mail: (emailMessageId: string) => `mail/${sha256(emailMessageId).slice(0, 40)}`,
  /** Which action sent any other message. */
  message: (messageId: string) => `message/${sha256(messageId).slice(0, 40)}`,
  /** What GHL told once already. */
  told: (identity: string) => `told/${sha256(identity).slice(0, 40)}`,
  /** What a contact last wished, for telling what is out of date. */
  wish: (contactId: string, about: string) => `wish/${encodeURIComponent(contactId)}/${about}`,
  /** When a contact last wrote on WhatsApp. */
  heard: (contactId: string) => `heard/${encodeURIComponent(contactId)}`,
  /** A message GHL keeps until its time. */
  scheduled: (actionId: string) => `scheduled/${actionId}`,
  scheduledAll: 'scheduled/',
  /** Failed and unknown outcomes of one stretch of time. */
  errors: (bucket: number) => `errors/${bucket}`,
  outbox: 'outbox/',
  auditHead: 'audit-head',
  /** The head before the oldest segment that was not archived. */
  auditBase: 'audit-base',
  audit: 'audit/',
} as const
