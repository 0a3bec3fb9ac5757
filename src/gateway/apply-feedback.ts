import { type AuditRecord, pseudonym } from '../audit/index.js'
import type { Op } from '../core/storage-ops.js'
import type { Feedback } from '../ghl/index.js'
import type { Wish } from '../guardrails/recipients/index.js'
import type { Core, FeedbackEvent } from './core.js'
import { followMail } from './feedback-mail.js'
import { FEEDBACK_LIFE_MS } from './feedback-memory.js'
import { followDnd, hear } from './feedback-people.js'
import type { DomainStop } from './health-store.js'
import { keys } from './keys.js'
import { recordOp } from './records.js'
import { mailboxKey } from './suppression-store.js'

/** What one event changes, gathered while storage is read. */
export interface Draft {
  readonly core: Core
  readonly by: FeedbackEvent['by']
  readonly now: number
  readonly ops: Op[]
  /** Sending domains it stops. */
  readonly stops: DomainStop[]
}

/** `applyFeedback` as its callers have it. */
export type Apply = (feedback: Feedback, identity: string, by: FeedbackEvent['by']) => Promise<boolean>

/** Lost races before it is given up: the event can be told again. */
const MAX_TRIES = 50

/**
 * Does what an event asks for: the mark that it was told and everything it changes land in one commit, or nothing does.
 * `identity` = what makes it one event, whichever way it is told. False = it was told before. Throws `StorageError`.
 */
export async function applyFeedback(core: Core, feedback: Feedback, identity: string, by: FeedbackEvent['by']): Promise<boolean> {
  const { storage, known, clock, sealer } = core
  const mark = keys.told(identity)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [told] = await storage.read([mark])
    if (told) return false
    const now = clock.now()
    const draft: Draft = { core, by, now, ops: [], stops: [] }
    const wish = await gather(draft, feedback)
    const event = eventOf(feedback, by, wish)
    const ops: Op[] = [
      { op: 'put', key: mark, value: { at: now }, version: null, expiresAt: now + FEEDBACK_LIFE_MS },
      ...draft.ops,
      ...(isRecorded(feedback, wish) ? [recordOp(recordOf(core, feedback, event, now))] : []),
    ]
    const [result] = await storage.commit([ops])
    if (result !== undefined && !result.ok) continue
    sealer.wrote()
    for (const [index, op] of ops.entries()) {
      // This process decides by it from the next send on; others find out when their commit is refused.
      if (op.op === 'put' && (op.key.startsWith('health/') || op.key.startsWith('heard/')))
        known.learn(op.key, { value: op.value, version: result?.versions[index] ?? '' })
    }
    core.tell('feedback', event)
    for (const stop of draft.stops) core.tell('domain', stop)
    if (ops.some((op) => op.op === 'put' && op.key.startsWith(keys.suppressions))) core.suppressed()
    return true
  }
  throw new Error(`${MAX_TRIES} tries lost against other writers.`)
}

async function gather(draft: Draft, feedback: Feedback): Promise<Wish | undefined> {
  switch (feedback.kind) {
    case 'status':
    case 'soft_bounced':
      return undefined
    case 'dnd':
      await followDnd(draft, feedback)
      return undefined
    case 'inbound':
      return hear(draft, feedback)
    default:
      await followMail(draft, feedback)
      return undefined
  }
}

function eventOf(feedback: Feedback, by: FeedbackEvent['by'], wish: Wish | undefined): FeedbackEvent {
  const { kind, at } = feedback
  const messageId = 'mailId' in feedback ? feedback.mailId : 'messageId' in feedback ? feedback.messageId : undefined
  return {
    kind,
    by,
    at,
    channel: 'channel' in feedback ? feedback.channel : undefined,
    contactId: 'contactId' in feedback ? feedback.contactId : undefined,
    status: 'status' in feedback ? feedback.status : undefined,
    messageId,
    wish,
  }
}

const RECORDED: ReadonlySet<Feedback['kind']> = new Set(['bounced', 'complained', 'unsubscribed', 'dnd'])

/** What changed who may be written to, or what a domain answers for. Deliveries, opens and answers would only fill the log. */
function isRecorded({ kind }: Feedback, wish: Wish | undefined): boolean {
  return RECORDED.has(kind) || wish === 'stop' || wish === 'start'
}

function recordOf({ known, policy }: Core, feedback: Feedback, event: FeedbackEvent, now: number): AuditRecord {
  const { by, at, wish, channel = 'email' } = event
  const mailbox =
    'recipient' in feedback && feedback.recipient !== undefined ? mailboxKey('email', feedback.recipient) : undefined
  const subject = event.contactId ?? mailbox
  return {
    v: 1,
    at: now,
    kind: 'system',
    by,
    action: `feedback.${wish ?? feedback.kind}`,
    data: { at, channel },
    policyVersion: policy.version,
    ...(subject !== undefined && { subject: pseudonym(known.pseudonymKey, subject) }),
  }
}
