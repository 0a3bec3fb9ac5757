import { type Approval, checkApproval } from '../approvals/index.js'
import { admit as admitBreaker, type BreakerState, denialReason, type Permit } from '../circuit-breaker/index.js'
import { allow, combine, type Decision, denyIf, holdIf } from '../core/decision.js'
import type { TraceStep } from '../core/outcome.js'
import { type Reason, reason, ruleOf, type Stage } from '../core/reason.js'
import { countersAt, domainHealth } from '../guardrails/health/index.js'
import { checkMessage, checkSendingDomain, type MessageFacts } from '../guardrails/index.js'
import { UNKNOWN_SENDER } from '../guardrails/recipients/index.js'
import { checkSystem } from '../orchestrator/index.js'
import { decideRollout } from '../rollout/index.js'
import type { Attempt } from './attempt.js'
import type { GatewayPolicy } from './config.js'
import { judgeReach } from './judge-reach.js'
import type { KnownState } from './known-state.js'

/** Whether an action is to happen, or only to be recorded. */
export type Lane = 'live' | 'shadow'

export interface Judged {
  readonly decision: Decision
  /** Where it stopped; absent when it may go on to the limits. */
  readonly stoppedAt?: Stage
  readonly lane: Lane
  /** Why a human has to say yes first; only ever filled in the shadow lane when the decision is `allow`. */
  readonly wouldHold: readonly Reason[]
  /** What the breaker gave: its next state and the permit to settle with (none where a protective action passes an open breaker). */
  readonly breaker?: { readonly name: string; readonly state: BreakerState; readonly permit?: Permit; readonly changed: boolean }
  readonly trace: readonly TraceStep[]
}

/** What is known of the recipients at this moment, beside the attempt. */
export interface Moment {
  readonly now: number
  /** Suppression keys found in storage for this attempt. */
  readonly suppressed: readonly string[]
}

type Rule = (attempt: Attempt, known: KnownState, policy: GatewayPolicy, moment: Moment) => Decision

/** The way of one action up to the approval, in its fixed order. Pure: everything it needs is handed in. */
const RULES: readonly (readonly [Stage, Rule])[] = [
  ['system', system],
  ['permission', permission],
  ['guardrails', guardrails],
]

/** Those that need nothing looked up. */
const EARLY = RULES.slice(0, 2)

/** Stages 1 to 6 for one attempt. The first stage that denies ends the way; its reasons are all there. */
export function judge(attempt: Attempt, known: KnownState, policy: GatewayPolicy, moment: Moment): Judged {
  const trace: TraceStep[] = []
  const lane = laneOf(attempt, known, policy)
  let decision: Decision = allow()
  for (const [stage, rule] of RULES) {
    const found = rule(attempt, known, policy, moment)
    decision = combine(decision, found)
    trace.push(step(stage, found))
    if (found.verdict === 'deny') return { decision, stoppedAt: stage, lane, wouldHold: [], trace }
  }

  const { warnings } = decision
  const asked = approval(attempt, policy, decision.verdict === 'hold' ? decision.reasons : [])
  trace.push(step('approval', asked))
  if (asked.verdict === 'hold' && lane === 'live')
    return { decision: holdIf(asked.reasons, warnings), stoppedAt: 'approval', lane, wouldHold: [], trace }
  const wouldHold = asked.verdict === 'hold' ? asked.reasons : []

  trace.push({ stage: 'rollout', result: lane === 'shadow' ? 'shadow' : 'pass' })

  const breaker = breakerFor(attempt, known, policy, moment.now)
  if ('denied' in breaker) {
    const denied = denyIf([breaker.denied], warnings)
    trace.push(step('breaker', denied))
    return { decision: denied, stoppedAt: 'breaker', lane, wouldHold, trace }
  }
  trace.push({ stage: 'breaker', result: 'pass' })
  return { decision: allow(warnings), lane, wouldHold, breaker, trace }
}

/** Stages 1 and 2 alone: what can be said before anything is looked up. */
export function judgeEarly(attempt: Attempt, known: KnownState, policy: GatewayPolicy, moment: Moment): Judged | undefined {
  const trace: TraceStep[] = []
  for (const [stage, rule] of EARLY) {
    const decision = rule(attempt, known, policy, moment)
    trace.push(step(stage, decision))
    if (decision.verdict === 'deny')
      return { decision, stoppedAt: stage, lane: laneOf(attempt, known, policy), wouldHold: [], trace }
  }
  return undefined
}

function system({ agent, location, classified }: Attempt, known: KnownState, policy: GatewayPolicy): Decision {
  const { reads, protective, message, breaker } = classified
  // A campaign is e-mail without a message of its own.
  const channel = message?.channel ?? (breaker === 'email_sending' ? 'email' : undefined)
  return checkSystem(known.system().state, { agent, locationId: location, reads, protective, channel }, policy.system)
}

const GHL_PLATFORM = 'GoHighLevel'

function permission(attempt: Attempt, _known: KnownState, policy: GatewayPolicy): Decision {
  const { agent, location, classified } = attempt
  const { permissions } = policy
  const granted = permissions.check(agent, classified.permission)
  if (granted.verdict === 'deny') return granted
  return combine(
    granted,
    permissions.platform(agent, GHL_PLATFORM),
    permissions.location(agent, location),
    purpose(attempt, policy),
  )
}

/** No agent loosens what its messages are judged by, unless the host trusts its word. */
function purpose({ agent, context, classified }: Attempt, policy: GatewayPolicy): Decision {
  const milder = context.purpose === 'transactional' || context.firstMessage === false
  if (!milder || classified.message === undefined || policy.isTrusted(agent)) return allow()
  const said = context.purpose === 'transactional' ? 'transactional' : 'not the first'
  const message = `Agent "${agent}" may not say that its messages are ${said}. Leave it out, or name the agent in guardrails.transactional.`
  return denyIf([reason('permission', 'permission.purpose', message, { agent, said })])
}

function guardrails(attempt: Attempt, known: KnownState, policy: GatewayPolicy, moment: Moment): Decision {
  const { classified, context, senderDomain } = attempt
  if (classified.reads || classified.protective) return allow()
  const subject = { type: classified.action, risk: classified.risk, contactIds: attempt.contactIds }
  const health = senderDomain === undefined ? undefined : known.health(senderDomain)?.state
  // What a human approved rested on evidence that was fresh when it was asked for; everything else is judged now.
  const groundedAt = attempt.grant?.at ?? moment.now
  const facts: { -readonly [K in keyof MessageFacts]: MessageFacts[K] } = {
    now: moment.now,
    action: subject,
    suppressed: moment.suppressed,
    groundedAt,
  }
  if (context.grounding) facts.grounding = context.grounding
  if (senderDomain !== undefined && senderDomain !== UNKNOWN_SENDER) facts.senderDomain = senderDomain
  if (health) facts.senderHealth = domainHealth(countersAt(health, moment.now), policy.guardrails, moment.now)
  if (context.consent) facts.consent = context.consent
  const { message } = classified
  if (message === undefined) {
    const sender = classified.action === 'bulk_send_email' ? checkSendingDomain(facts) : allow()
    return combine(judgeReach(attempt, facts, policy.guardrails), sender)
  }

  if (attempt.contact) facts.contact = attempt.contact
  if (context.purpose) facts.purpose = context.purpose
  if (context.firstMessage !== undefined) facts.firstMessage = context.firstMessage
  // Where no webhooks are set up, nobody knows.
  if (message.channel === 'whatsapp' && message.contactId !== undefined && policy.hearsReplies)
    facts.heardAt = known.heard(message.contactId).state
  return checkMessage(message, policy.guardrails, facts)
}

/** Everything that has to be asked of a human, unless the grant at hand answers exactly that. */
function approval({ agent, classified, grant }: Attempt, policy: GatewayPolicy, held: readonly Reason[]): Decision {
  const { action, permission, risk } = classified
  const roleRequires = policy.permissions.needsApproval(agent, permission)
  const asked = combine(holdIf(held), checkApproval({ agent, action, permission, risk, roleRequires }, policy.approvals))
  if (grant === undefined || asked.verdict !== 'hold') return asked
  return holdIf(unanswered(grant, asked.reasons))
}

/** What a yes to the approval does not answer: reasons it was not asked for. */
export function unanswered(approval: Pick<Approval, 'reasons'>, reasons: readonly Reason[]): readonly Reason[] {
  const answered = new Set(approval.reasons.map(ruleOf))
  return reasons.filter((why) => !answered.has(ruleOf(why)))
}

/**
 * Reads change nothing and are live in every mode: agents could not work without them. An action on several
 * contacts is live only if each of them is, so that nobody mixes modes; one on no contact is shadow in a pilot.
 */
export function laneOf({ classified }: Attempt, known: KnownState, policy: GatewayPolicy): Lane {
  if (classified.reads) return 'live'
  const mode = policy.modeNow(known.system().state)
  // Only contacts the request itself names: what an agent says about its call must not choose the mode.
  const { contactIds } = classified
  if (contactIds.length === 0) return decideRollout(mode, '')
  return contactIds.every((contactId) => decideRollout(mode, contactId) === 'live') ? 'live' : 'shadow'
}

function breakerFor(
  { classified }: Attempt,
  known: KnownState,
  policy: GatewayPolicy,
  now: number,
): NonNullable<Judged['breaker']> | { readonly denied: Reason } {
  const name = classified.breaker
  const { state: before } = known.breaker(name)
  const answer = admitBreaker(before, policy.breakerOf(name), now)
  if (answer.denied === undefined) return { name, state: answer.state, permit: answer.permit, changed: answer.state !== before }
  if (classified.protective) return { name, state: before, changed: false }
  return { denied: denialReason(name, answer.denied, now) }
}

function step(stage: Stage, decision: Decision): TraceStep {
  if (decision.verdict === 'allow') return { stage, result: 'pass' }
  return { stage, result: decision.verdict, codes: decision.reasons.map(({ code }) => code) }
}
