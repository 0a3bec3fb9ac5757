import type { ContactFacts } from '../core/contact.js'
import { allow, combine, type Decision, denyIf, holdIf } from '../core/decision.js'
import { type Reason, reason } from '../core/reason.js'
import {
  checkGrounding,
  checkNotice,
  checkReach,
  type GuardrailPolicy,
  type MessageFacts,
  maskAddress,
} from '../guardrails/index.js'
import type { Attempt } from './attempt.js'

/**
 * An action without a message of ours: everybody it makes GHL write to has to be free to be written to. The first one who is
 * not decides; whom nobody could look up is for a human to look at.
 */
export function judgeReach(attempt: Attempt, facts: MessageFacts, policy: GuardrailPolicy): Decision {
  const { suppressed = [], action, groundedAt = facts.now } = facts
  const people = askedFor(attempt)
  let decision = holdIf(unseen(attempt))
  if (people.length === 0 && action !== undefined)
    decision = combine(decision, checkGrounding(facts.grounding, action, policy, groundedAt))
  for (const contact of people) {
    const found = judgeOne(attempt, contact === undefined ? facts : { ...facts, contact }, policy)
    // One person held is enough for a human to look; one refused ends it.
    if (found.verdict === 'deny' || decision.verdict === 'allow')
      decision = combine(decision, people.length > 1 && contact !== undefined ? naming(contact, found) : found)
    if (decision.verdict === 'deny') return decision
  }
  return combine(decision, suppressedPeople(suppressed))
}

/** undefined = somebody the action names and GHL does not know. */
function askedFor({ classified, contact, people }: Attempt): readonly (ContactFacts | undefined)[] {
  if (people !== undefined) return people
  return contact === undefined && classified.reached !== 'named' ? [] : [contact ?? undefined]
}

function judgeOne({ classified }: Attempt, facts: MessageFacts, policy: GuardrailPolicy): Decision {
  // The notices of an appointment are the only ones that their named action calls less than high.
  if (classified.risk === 'medium') return checkNotice(facts, policy)
  return checkReach(facts, policy, classified.breaker === 'email_sending' ? { channels: ['email'] } : {})
}

function naming({ id }: ContactFacts, decision: Decision): Decision {
  if (decision.verdict === 'allow') return decision
  const [first, ...rest] = decision.reasons
  const named = (why: Reason): Reason => ({ ...why, message: `Contact ${id}: ${why.message}` })
  return { ...decision, reasons: [named(first), ...rest.map(named)] }
}

/** Why somebody it reaches was not looked at. */
function unseen({ classified, contactIds, people }: Attempt): readonly Reason[] {
  const { reached, recipients } = classified
  if (reached === 'unnamed' || (reached === 'named' && recipients === Number.POSITIVE_INFINITY)) {
    const message =
      'The call does not say whom it reaches, so nobody looked at their do-not-disturb, consent and hours: look yourself before you say yes.'
    return [reason('guardrails', 'recipient.unresolved', message, {}, { rule: 'recipient.unnamed' })]
  }
  if (people === undefined || people.length === contactIds.length) return []
  const message = `It reaches ${contactIds.length} contacts and the first ${people.length} were looked up: look at the others' do-not-disturb, consent and hours before you say yes, or make several calls.`
  const data = { contacts: contactIds.length, lookedUp: people.length }
  return [reason('guardrails', 'recipient.unresolved', message, data, { rule: 'recipient.too_many' })]
}

/** Somebody on the list whom nothing above has named. */
function suppressedPeople(keys: readonly string[]): Decision {
  const [first] = keys
  if (first === undefined) return allow()
  const who = first.startsWith('contact:') ? first : maskAddress(first)
  const message = `${keys.length} of the contacts are on the suppression list, e.g. ${who}. Take them out; an agent cannot lift it.`
  return denyIf([reason('guardrails', 'recipient.suppressed', message, { suppressed: keys.length })])
}
