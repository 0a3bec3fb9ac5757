import type { Grounding } from '../core/action.js'
import type { Channel, ConsentClaim, ContactFacts } from '../core/contact.js'
import type { Decision } from '../core/decision.js'
import type { Message } from '../core/message.js'
import { checkCompliance } from './compliance/check-compliance.js'
import type { MessageContext } from './content/case.js'
import { checkContent } from './content/check-content.js'
import { holdOpaque } from './content/opaque.js'
import { readPage } from './content/reading/page.js'
import { refuseTooLarge } from './content/too-large.js'
import { decide, deny, type Findings, noFindings } from './findings.js'
import { checkGrounding, type GroundedAction } from './grounding.js'
import { checkSender } from './health/check-sender.js'
import type { DomainHealth } from './health/domain-health.js'
import type { GuardrailPolicy } from './policy.js'
import { checkReachable, checkRecipients, checkWishes } from './recipients/check-recipients.js'
import { checkTime } from './time/check-time.js'

/** What a caller looked up before a message is judged. */
export interface MessageFacts extends Omit<MessageContext, 'contact'> {
  /** ms since 1970. */
  readonly now: number
  /** Absent = the contact could not be read, and nothing is sent to it. */
  readonly contact?: ContactFacts
  /** What the message is part of; absent = an action of risk `high` on this contact. */
  readonly action?: GroundedAction
  readonly grounding?: Grounding
  /** When the evidence had to be fresh, ms since 1970: for an approved request, when it was asked for. Default: `now`. */
  readonly groundedAt?: number
  /** The suppressed among the recipients: keys as `recipientKeys` makes them, addresses, `contact:<id>` or `contact:<id>#sms`. */
  readonly suppressed?: readonly string[]
  /** Consent that came with the call; the contact's own is in its facts. */
  readonly consent?: ConsentClaim
  /** When the contact last wrote on WhatsApp, ms; null = never; absent = nobody keeps it. */
  readonly heardAt?: number | null
  /** The domain it leaves from: of `message.from`, else the account's default. */
  readonly senderDomain?: string
  /** What `domainHealth` says of it; absent = nothing is counted yet. */
  readonly senderHealth?: DomainHealth
}

/**
 * Whether a message may be sent. Applies, in this order: recipients, compliance, content, grounding, health of
 * the sending domain, time. Every reason is collected; the strictest verdict wins, and what can only be waited
 * out never hides what has to be mended. Never throws.
 */
export function checkMessage(message: Message, policy: GuardrailPolicy, facts: MessageFacts): Decision {
  const found = noFindings()
  checkRecipients(message, facts, policy, found)
  if (message.channel !== 'call') {
    checkText(message, policy, facts, found)
  }
  checkEvidence(facts, message.contactId, policy, found)
  if (message.channel === 'email') checkSender(facts.senderDomain, facts.senderHealth, facts.now, found)
  checkTime(message, facts.contact, policy, facts.now, found)
  return decide(found)
}

/** Compliance and content, as far as the text can be read. */
function checkText(message: Message, policy: GuardrailPolicy, facts: MessageFacts, found: Findings): void {
  // GHL adds the body of a template to whatever else is given.
  if (message.templateId !== undefined) holdOpaque(found)
  const page = readPage(message, policy)
  if (page === 'too-large') refuseTooLarge(policy, found)
  else if (page !== 'opaque') {
    const about = { message, page, policy, context: facts }
    checkCompliance(about, found)
    checkContent(about, found)
  }
}

/** How an action reaches its contact without a message of its own. */
export interface Reach {
  /** Channels it may use; default e-mail and SMS, so that the hours of both are kept. */
  readonly channels?: readonly Channel[]
  /** When GHL acts, ms since 1970; absent = now. */
  readonly sendAt?: number
}

/**
 * The subset for an action that makes GHL write to a contact (a workflow, a campaign): recipients with their
 * consent, grounding, time. What will be written cannot be read here.
 */
export function checkReach(facts: MessageFacts, policy: GuardrailPolicy, reach: Reach = {}): Decision {
  const { channels = REACHED, sendAt } = reach
  const found = noFindings()
  checkReachable(facts, reach.channels ?? [], policy, found)
  checkEvidence(facts, undefined, policy, found)
  for (const channel of channels) {
    const before = found.reasons.length
    checkTime(sendAt === undefined ? { channel } : { channel, sendAt }, facts.contact, policy, facts.now, found)
    if (found.reasons.length > before) break
  }
  return decide(found)
}

/**
 * The least, for what the contact's own appointment makes GHL tell it: whether it wants to be told at all, and evidence
 * where it is given. Neither the hour nor a consent to advertising matters there.
 */
export function checkNotice(facts: MessageFacts, policy: GuardrailPolicy): Decision {
  const found = noFindings()
  checkWishes(facts, [], found)
  checkEvidence(facts, undefined, policy, found)
  return decide(found)
}

/** What can be said of a campaign to many: whether the domain it leaves from may send. */
export function checkSendingDomain({ senderDomain, senderHealth, now }: MessageFacts): Decision {
  const found = noFindings()
  checkSender(senderDomain, senderHealth, now, found)
  return decide(found)
}

const REACHED: readonly Channel[] = ['email', 'sms']

function checkEvidence(
  { action, grounding, contact, now, groundedAt = now }: MessageFacts,
  contactId: string | undefined,
  policy: GuardrailPolicy,
  found: Findings,
): void {
  const id = contact?.id ?? contactId
  const judged = action ?? { type: 'ghl_request', risk: 'high', contactIds: id === undefined ? [] : [id] }
  const decision = checkGrounding(grounding, judged, policy, groundedAt)
  if (decision.verdict !== 'allow') for (const why of decision.reasons) deny(found, why)
}
