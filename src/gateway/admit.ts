import { redact } from '../audit/index.js'
import { denyIf } from '../core/decision.js'
import { isStorageError } from '../core/errors.js'
import type { Blocked, Executed, Outcome, PendingApproval, Shadowed, TraceStep, Unknown } from '../core/outcome.js'
import { type Reason, reason, type Stage } from '../core/reason.js'
import type { Entry, Op, Version } from '../core/storage-ops.js'
import { refusals, keys as windowKeys } from '../limits/index.js'
import { holdForApproval } from './approval-requests.js'
import { type Attempt, digestOf } from './attempt.js'
import { type BeginPlan, type OnceRecord, planBegin } from './begin.js'
import { commitOnce } from './commit.js'
import type { ContactLookup } from './contact-lookup.js'
import type { Core } from './core.js'
import { type Judged, judge, judgeEarly } from './judge.js'
import { keys } from './keys.js'
import { baseOf, blocked } from './outcomes.js'
import { senderDomainOf } from './people.js'
import { recordOp, refusalRecord } from './records.js'
import { countedOps } from './windows.js'

/** An action that may go out now: its intent is written, its limits are reserved. It has to be settled. */
export interface Admitted {
  readonly attempt: Attempt
  readonly judged: Judged
  readonly plan: BeginPlan
  /** Version of the intent, and of every reservation, as the begin commit left them. */
  readonly versions: readonly Version[]
}

/** More tries than this mean that other callers win every race: refuse rather than spin. */
const MAX_TRIES = 50

/**
 * Takes an attempt through every stage and writes the begin commit. What comes back is either an
 * admission to act on, or the outcome that ends the way here. Never throws: a storage that cannot
 * be trusted is a refusal.
 */
export async function admit(core: Core, lookUp: ContactLookup, attempt: Attempt): Promise<Admitted | Outcome> {
  try {
    await core.known.open()
    return await admitOpened(core, lookUp, attempt)
  } catch (error) {
    return storageRefusal(core, attempt, error)
  }
}

async function admitOpened(core: Core, lookUp: ContactLookup, given: Attempt): Promise<Admitted | Outcome> {
  const moment = { now: core.clock.now(), suppressed: [] }
  const early = judgeEarly(given, core.known, core.policy, moment)
  if (early !== undefined) return refuse(core, given, early)

  const found = await lookUp(given)
  if ('refused' in found) {
    const trace: TraceStep[] = [{ stage: 'guardrails', result: 'deny', codes: [found.refused.code] }]
    return refuse(core, found.attempt, {
      decision: denyIf([found.refused]),
      stoppedAt: found.refused.stage,
      lane: 'live',
      wouldHold: [],
      trace,
    })
  }
  return admitKnown(core, found)
}

async function admitKnown(core: Core, attempt: Attempt): Promise<Admitted | Outcome> {
  const { known, policy, clock, storage } = core
  const domain = senderDomainOf(attempt, policy)
  if (domain !== undefined) await known.load([keys.health(domain)])
  const earlier = await earlierTry(core, attempt)
  if ('status' in earlier) return earlier
  let { once } = earlier
  let suppressed: readonly string[] = []

  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = clock.now()
    const judged = judge(attempt, known, policy, { now, suppressed })
    if (judged.decision.verdict === 'deny') return refuse(core, attempt, judged)
    if (judged.decision.verdict === 'hold') {
      const held = await hold(core, attempt, judged, now)
      if ('status' in held) return held
      suppressed = [...suppressed, held.suppressed]
      continue
    }

    const exhausted = judged.lane === 'live' ? core.budget.exhausted(attempt.location, now) : undefined
    if (exhausted !== undefined) return refuse(core, attempt, stopped(judged, 'limits', exhausted))

    const plan = planBegin(core, attempt, judged, now, once)
    const result = await commitOnce(storage, plan.ops, judged.lane === 'live' ? keys.intent(attempt.id) : lastKey(plan.ops))
    core.sealer.wrote()
    if (result.ok) {
      learnWritten(core, plan, result.versions)
      const admitted = { attempt, judged, plan, versions: result.versions }
      return judged.lane === 'live' ? admitted : shadowed(admitted)
    }

    const meaning = plan.meaning[result.failed]
    switch (meaning?.kind) {
      case 'seen':
        known.learn(meaning.key, result.found)
        break
      case 'suppressed':
        suppressed = [...suppressed, meaning.recipientKey]
        break
      case 'idempotency': {
        const raced = earlierOutcome(attempt, result.found)
        if ('status' in raced) return raced
        once = raced.once
        break
      }
      case 'window':
        return overLimit(core, attempt, judged, plan, now)
      case 'approval':
        return refuse(
          core,
          attempt,
          stopped(
            judged,
            'approval',
            reason('approval', 'approval.not_pending', 'The approval was used or changed meanwhile: it works once.', {}),
          ),
        )
      case 'incarnation':
        return refuse(core, attempt, stopped(judged, 'system', wiped()))
      default:
        return refuse(
          core,
          attempt,
          stopped(judged, 'system', unavailable('The begin commit was refused for no reason this version knows.')),
        )
    }
  }
  return storageRefusal(core, attempt, new Error(`${MAX_TRIES} tries lost against other callers.`))
}

/** Writes what a refusal leaves behind in one commit: its record, and the lookups it cost at GHL. */
async function refuse(core: Core, attempt: Attempt, judged: Judged): Promise<Blocked> {
  const { decision, stoppedAt = 'system', lane } = judged
  const reasons = decision.verdict === 'allow' ? ([unavailable('Refused without a reason.')] as const) : decision.reasons
  const now = core.clock.now()
  const about = { attempt, policy: core.policy, pseudonymKey: core.known.pseudonymKey, at: now }
  await core.storage.commit([
    [recordOp(refusalRecord(about, stoppedAt, reasons, lane)), ...countedOps(attempt, core.policy, now)],
  ])
  core.sealer.wrote()
  return blocked(baseOf(attempt, judged.trace, decision.warnings), stoppedAt, reasons)
}

async function hold(
  core: Core,
  attempt: Attempt,
  judged: Judged,
  now: number,
): Promise<PendingApproval | Blocked | { readonly suppressed: string }> {
  const reasons = judged.decision.verdict === 'hold' ? judged.decision.reasons : []
  if (attempt.grant !== undefined) {
    const again = reason(
      'approval',
      'approval.policy_changed',
      'What has to be approved is no longer what was approved. Ask again.',
      { codes: reasons.map(({ code }) => code) },
    )
    return refuse(core, attempt, stopped(judged, 'approval', again))
  }
  const held = await holdForApproval(core, attempt, reasons, now)
  if ('suppressed' in held) return held
  return {
    ...baseOf(attempt, judged.trace, judged.decision.warnings),
    status: 'pending_approval',
    approvalId: held.id,
    expiresAt: held.expiresAt,
    reasons,
  }
}

async function overLimit(core: Core, attempt: Attempt, judged: Judged, plan: BeginPlan, now: number): Promise<Blocked> {
  const wanted = windowKeys(plan.windows, now)
  const entries = await core.storage.read(wanted)
  const byKey = new Map(wanted.flatMap((key, index) => (entries[index] ? [[key, entries[index]] as const] : [])))
  const reasons = refusals(plan.windows, byKey, now)
  // The window may have emptied between the commit and the read: it was full when it counted.
  const all =
    reasons.length > 0
      ? reasons
      : [reason('limits', 'ghl.rate_limit', 'A limit was reached a moment ago. Try again.', {}, { retryAt: now + 1000 })]
  const denied = denyIf(all, judged.decision.warnings)
  return refuse(core, attempt, {
    ...judged,
    decision: denied,
    stoppedAt: 'limits',
    trace: [...judged.trace, { stage: 'limits', result: 'deny', codes: all.map(({ code }) => code) }],
  })
}

function shadowed({ attempt, judged }: Admitted): Shadowed {
  const { wouldHold } = judged
  return {
    ...baseOf(attempt, judged.trace, judged.decision.warnings),
    status: 'shadowed',
    request: attempt.request,
    ...(wouldHold.length > 0 && { wouldHold }),
  }
}

/** Which version of the idempotency key this try may replace, or the outcome of the earlier one. */
type EarlierTry = Blocked | Executed | Unknown | { readonly once: Version | null }

async function earlierTry({ storage }: Core, attempt: Attempt): Promise<EarlierTry> {
  const { idempotencyKey } = attempt.context
  if (idempotencyKey === undefined || attempt.classified.reads) return { once: null }
  const [found] = await storage.read([keys.idempotency(attempt.agent, idempotencyKey)])
  return earlierOutcome(attempt, found ?? null)
}

/** The same idempotency key was used before: its outcome is given again; only a certain failure may be tried again. */
function earlierOutcome(attempt: Attempt, found: Entry | null): EarlierTry {
  if (found === null) return { once: null }
  const { digest, status, value = null, actionId } = found.value as unknown as OnceRecord
  const base = { ...baseOf(attempt, []), actionId }
  const refusal = (code: 'idempotency.conflict' | 'idempotency.in_flight', message: string) =>
    blocked(base, 'classify', [reason('classify', code, message, { actionId })])
  if (digest !== digestOf(attempt.request))
    return refusal('idempotency.conflict', 'This idempotency key was used for another request. Use a new key for a new request.')
  switch (status) {
    case 'executed':
      return { ...base, status, value }
    case 'unknown':
      return { ...base, status, error: { message: 'An earlier try with this idempotency key may have happened.' } }
    case 'in_flight':
      return refusal(
        'idempotency.in_flight',
        'The same request is being sent at this moment. Wait for its outcome; do not send it again.',
      )
    case 'failed':
      return { once: found.version }
  }
}

/** Nothing is sent while the state cannot be trusted. */
function storageRefusal(core: Core, attempt: Attempt, error: unknown): Blocked {
  core.tell('fault', error)
  const message = redact(error instanceof Error ? error.message : String(error))
  const why = isStorageError(error) && error.code === 'wiped' ? wiped() : unavailable(message)
  return blocked(baseOf(attempt, [{ stage: 'system', result: 'deny', codes: [why.code] }]), 'system', [why])
}

function stopped(judged: Judged, stage: Stage, why: Reason): Judged {
  return {
    ...judged,
    decision: denyIf([why], judged.decision.warnings),
    stoppedAt: stage,
    trace: [...judged.trace, { stage, result: 'deny', codes: [why.code] }],
  }
}

function unavailable(message: string): Reason {
  return reason('system', 'storage.unavailable', `The gateway's storage cannot be used, so nothing is sent: ${message}`, {})
}

function wiped(): Reason {
  return reason(
    'system',
    'storage.wiped',
    'The storage lost its state (its marks are gone): every limit would be forgotten, so nothing is sent. Restore it, or start a new gateway on a new storage.',
    {},
  )
}

function learnWritten({ known }: Core, { ops }: BeginPlan, versions: readonly Version[]): void {
  ops.forEach((op, index) => {
    if (op.op === 'put' && op.key.startsWith('breaker/')) known.learn(op.key, { value: op.value, version: versions[index] ?? '' })
  })
}

function lastKey(ops: readonly Op[]): string {
  return ops.at(-1)?.key ?? ''
}
