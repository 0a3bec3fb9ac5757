import { type BreakerState, settle as settleBreaker } from '../circuit-breaker/index.js'
import type { Json } from '../core/json.js'
import type { Outcome, TraceStep } from '../core/outcome.js'
import type { Op } from '../core/storage-ops.js'
import { type Answer, type BreakerVerdict, messageIdIn, readRateHeaders } from '../ghl/index.js'
import { release, releasePace } from '../limits/index.js'
import type { Admitted } from './admit.js'
import { type Attempt, digestOf } from './attempt.js'
import type { IntentRecord } from './begin.js'
import type { Core } from './core.js'
import { countError } from './error-count.js'
import type { Judged } from './judge.js'
import { keys } from './keys.js'
import type { Seen } from './known-state.js'
import { onceOp } from './once.js'
import { baseOf, blocked } from './outcomes.js'
import { outcomeRecord, recordOp } from './records.js'
import { cancelIfSuppressed, endScheduled } from './scheduled.js'
import { claimOp } from './sent-messages.js'
import { countSent } from './warm-up.js'

/** What came back from the one HTTP call. */
export interface Effect {
  readonly answer: Answer & { readonly breaker: BreakerVerdict }
  readonly durationMs: number
  /** Answer headers, where there was an answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** What the transport threw or GHL answered, for the host. */
  readonly cause?: unknown
}

/** Answers larger than this, and those with secrets, are not kept for an idempotency key: the replay then has no value. */
const MAX_KEPT_VALUE = 64_000

/**
 * The end commit: intent closed, breaker told, units given back when it certainly did not happen,
 * outcome audited. When it cannot be written the action is unknown to storage, never to the caller:
 * the intent's lease will run out and it will be reconciled.
 */
export async function settle(core: Core, admitted: Admitted, effect: Effect): Promise<Outcome> {
  const outcome = outcomeOf(admitted, effect, core.clock.now())
  try {
    await commitEnd(core, admitted, effect, outcome)
  } catch (error) {
    core.tell('fault', error)
  }
  core.sealer.wrote()
  return outcome
}

/** Closes an action that was stopped before its call was made: its units come back, its breaker is told nothing. */
export async function withdraw(
  core: Core,
  admitted: Admitted,
  { decision, stoppedAt = 'system', trace }: Judged,
): Promise<Outcome> {
  if (decision.verdict === 'allow') throw new TypeError('Nothing to withdraw for.')
  const error = { message: `Stopped before the call: ${decision.reasons.map(({ code }) => code).join(', ')}.` }
  await settle(core, admitted, { answer: { kind: 'failed', error, breaker: 'neutral' }, durationMs: 0 })
  return blocked(baseOf(admitted.attempt, trace, decision.warnings), stoppedAt, decision.reasons)
}

function outcomeOf({ attempt, judged }: Admitted, { answer, cause }: Effect, now: number): Outcome {
  const trace: TraceStep[] = [
    ...judged.trace,
    { stage: 'limits', result: 'pass' },
    { stage: 'effect', result: 'done', codes: [answer.kind] },
  ]
  const base = baseOf(attempt, trace, judged.decision.warnings)
  switch (answer.kind) {
    case 'executed': {
      const { actionId, agent, action, warnings } = base
      return { actionId, agent, action, warnings, trace, status: 'executed', value: answer.value }
    }
    case 'failed':
      return {
        ...base,
        status: 'failed',
        error: answer.error,
        cause,
        ...(answer.retryAfterMs !== undefined && { retryAt: now + answer.retryAfterMs }),
      }
    case 'unknown':
      return { ...base, status: 'unknown', error: answer.error, cause }
  }
}

/** More lost races than this: the action is closed without its breaker update rather than not at all. */
const MAX_RACES = 50

async function commitEnd(core: Core, admitted: Admitted, effect: Effect, outcome: Outcome): Promise<void> {
  let withPace = true
  let thrown = false
  for (let races = 0; ; races++) {
    const breaker = races < MAX_RACES ? breakerOps(core, admitted, effect) : []
    const ops = [
      ...closeIntent(admitted, outcome, core.clock.now()),
      ...breaker,
      ...refunds(admitted, outcome, withPace),
      ...tail(core, admitted, effect, outcome),
    ]
    const result = await core.storage.commit([ops]).then(
      ([only]) => only,
      (error: unknown) => {
        // It may have landed. The intent's version lets it land once, so trying again is safe, and once is enough.
        if (thrown) throw error
        thrown = true
        return 'again' as const
      },
    )
    if (result === 'again') continue
    if (result === undefined || result.ok) {
      for (const op of breaker) {
        if (result !== undefined && op.op === 'put')
          learnBreaker(core, admitted, op.value, result.versions[ops.indexOf(op)] ?? '')
      }
      await cancelIfSuppressed(core, admitted.attempt, outcome)
      return
    }
    const lost = ops[result.failed]
    if (lost === undefined) return
    // The intent was closed already: by an earlier try whose answer was lost, or by a reconciler, whose word is not ours.
    if (lost.key === keys.intent(admitted.attempt.id)) {
      if (!thrown)
        await core.storage.commit([
          [...onceOps(admitted.attempt, outcome, core.clock.now()), ...tail(core, admitted, effect, outcome)],
        ])
      await cancelIfSuppressed(core, admitted.attempt, outcome)
      return
    }
    if (lost.op === 'del') withPace = false
    else core.known.learn(lost.key, result.found)
  }
}

function closeIntent({ attempt, plan, versions }: Admitted, outcome: Outcome, now: number): readonly Op[] {
  const key = keys.intent(attempt.id)
  const index = plan.ops.findIndex((op) => op.key === key)
  const version = versions[index]
  const guard = version === undefined ? {} : { version }
  if (outcome.status !== 'unknown') return [{ op: 'del', key, ...guard }, ...onceOps(attempt, outcome, now)]
  const begun = plan.ops[index]
  const intent = (begun?.op === 'put' ? begun.value : {}) as unknown as IntentRecord
  const value: IntentRecord = { ...intent, state: 'unknown', error: outcome.error.message }
  return [{ op: 'put', key, value: value as unknown as Json, ...guard }, ...onceOps(attempt, outcome, now)]
}

/** What the action's idempotency key stands for from now on. */
function onceOps(attempt: Admitted['attempt'], outcome: Outcome, now: number): readonly Op[] {
  const { idempotencyKey } = attempt.context
  const { status } = outcome
  if (idempotencyKey === undefined || attempt.classified.reads) return []
  if (status !== 'executed' && status !== 'failed' && status !== 'unknown') return []
  const kept = status === 'executed' && !attempt.classified.operation.secret
  const value = kept ? { value: keepable(outcome.value) } : {}
  return [
    onceOp(attempt.agent, idempotencyKey, { digest: digestOf(attempt.request), actionId: attempt.id, status, ...value }, now),
  ]
}

function keepable(value: unknown): Json {
  const text = JSON.stringify(value ?? null)
  return text === undefined || text.length > MAX_KEPT_VALUE ? null : (JSON.parse(text) as Json)
}

function breakerOps(core: Core, { judged }: Admitted, { answer, durationMs }: Effect): readonly Op[] {
  const { breaker } = judged
  if (breaker?.permit === undefined) return []
  const { name, permit } = breaker
  let seen: Seen<BreakerState>
  try {
    seen = core.known.breaker(name)
  } catch (error) {
    // Unreadable since the action began. What was done is to be written down all the same; nothing else is admitted.
    core.tell('fault', error)
    return []
  }
  const { state: before, version } = seen
  const retryAfterMs = answer.kind === 'failed' ? answer.retryAfterMs : undefined
  const result = { kind: answer.breaker, durationMs, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  const { state } = settleBreaker(before, permit, result, core.policy.breakerOf(name), core.clock.now())
  return state === before ? [] : [{ op: 'put', key: keys.breaker(name), value: state as unknown as Json, version }]
}

function learnBreaker(core: Core, { judged }: Admitted, value: Json, version: string): void {
  const { breaker } = judged
  if (breaker === undefined) return
  const from = core.known.breaker(breaker.name).state.kind
  core.known.learn(keys.breaker(breaker.name), { value, version })
  const to = core.known.breaker(breaker.name).state.kind
  if (from !== to) core.tell('breaker', { name: breaker.name, from, to })
}

/** What certainly did not happen is given back, except GHL's own count: the call was made. */
function refunds({ plan, versions }: Admitted, outcome: Outcome, withPace: boolean): readonly Op[] {
  if (outcome.status !== 'failed') return []
  const own = plan.windows.filter(({ name }) => !name.startsWith('ghl.'))
  const reserved = own.map((window) => versions[plan.ops.findIndex(({ op, key }) => op === window.kind && key === window.key)])
  return [...release(own, plan.at), ...(withPace ? releasePace(own, reserved) : [])]
}

function tail(core: Core, { attempt }: Admitted, { headers }: Effect, outcome: Outcome): readonly Op[] {
  const { policy, known, clock } = core
  const about = { attempt, policy, pseudonymKey: known.pseudonymKey, at: clock.now() }
  const error = outcome.status === 'failed' || outcome.status === 'unknown' ? outcome.error : undefined
  if (headers !== undefined) core.budget.observe(attempt.location, readRateHeaders(headers), clock.now())
  return [
    ...sentOps(attempt, outcome, clock.now()),
    ...endScheduled(attempt, outcome, clock.now()),
    ...(error === undefined ? [] : [countError(clock.now())]),
    recordOp(outcomeRecord(about, outcome.status, error)),
  ]
}

/** A mail counts for its domain, and a message is known by GHL's id from now on. A campaign's mails are counted as GHL tells what became of each. */
function sentOps({ id: actionId, classified, senderDomain: domain }: Attempt, outcome: Outcome, now: number): readonly Op[] {
  if (classified.message === undefined || outcome.status === 'failed') return []
  const { channel } = classified.message
  const ops = domain === undefined ? [] : [countSent(domain, now)]
  const id = outcome.status === 'executed' ? messageIdIn(channel, outcome.value) : undefined
  if (id !== undefined) ops.push(claimOp({ channel, id, actionId, domain }, now))
  return ops
}
