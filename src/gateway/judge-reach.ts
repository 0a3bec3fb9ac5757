import type { ContactFacts } from '../core/contact.js'
import { allow, combine, type Decision, denyIf, holdIf } from '../core/decision.js'
import { type Reason, reason, ruleOf } from '../core/reason.js'
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
 * not decides; of those a human has to look at every one is named, and so is that some could not be looked up.
 */
export function judgeReach(attempt: Attempt, facts: MessageFacts, policy: GuardrailPolicy): Decision {
  const { suppressed = [], action, groundedAt = facts.now } = facts
  const people = askedFor(attempt)
  const held: Told = new Map()
  const warned: Told = new Map()
  if (people.length === 0 && action !== undefined) {
    const grounded = checkGrounding(facts.grounding, action, policy, groundedAt)
    if (grounded.verdict === 'deny') return grounded
  }
  for (const contact of people) {
    const found = judgeOne(attempt, contact === undefined ? facts : { ...facts, contact }, policy)
    const ids = people.length > 1 && contact !== undefined ? [contact.id] : []
    add(warned, found.warnings, ids)
    if (found.verdict === 'deny')
      return denyIf(
        found.reasons.map((why) => naming({ why, ids })),
        allIn(warned),
      )
    if (found.verdict === 'hold') add(held, found.reasons, ids)
  }
  return combine(holdIf([...unseen(attempt), ...allIn(held)], allIn(warned)), suppressedPeople(suppressed))
}

/** A reason, and the contacts it is about where there are several. */
interface About {
  readonly why: Reason
  readonly ids: readonly string[]
}

/** What is the same of several contacts is told once. */
type Told = Map<string, About>

function add(told: Told, reasons: readonly Reason[], ids: readonly string[]): void {
  for (const why of reasons) {
    const key = ruleOf(why)
    told.set(key, { why, ids: [...(told.get(key)?.ids ?? []), ...ids] })
  }
}

function allIn(told: Told): readonly Reason[] {
  return [...told.values()].map(naming)
}

/** Contacts named in a sentence; all of them are in the data. */
const NAMED = 5

/** undefined = somebody the action names and GHL does not know. */
function askedFor({ classified, contact, people }: Attempt): readonly (ContactFacts | undefined)[] {
  if (people !== undefined) return people
  return contact === undefined && classified.reached !== 'named' ? [] : [contact ?? undefined]
}

function judgeOne({ classified }: Attempt, facts: MessageFacts, policy: GuardrailPolicy): Decision {
  // The notices of an appointment are the only ones that their named action calls less than high.
  if (classified.risk === 'medium') return withAdvice(checkNotice(facts, policy))
  return checkReach(facts, policy, classified.breaker === 'email_sending' ? { channels: ['email'] } : {})
}

function withAdvice(decision: Decision): Decision {
  if (decision.verdict !== 'deny') return decision
  return denyIf(
    decision.reasons.map((why) => ({ ...why, message: `${why.message} ${QUIETLY}` })),
    decision.warnings,
  )
}

const QUIETLY =
  'GHL tells nobody of an appointment made or changed with toNotify: false; to cancel one so, update it with appointmentStatus: cancelled.'

function naming({ why, ids }: About): Reason {
  if (ids.length === 0) return why
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''
  const who = `Contact${ids.length > 1 ? 's' : ''} ${ids.slice(0, NAMED).join(', ')}${more}`
  return { ...why, message: `${who}: ${why.message}`, data: { ...why.data, contactIds: [...ids] } }
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
