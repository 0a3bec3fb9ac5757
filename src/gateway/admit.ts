import { denyIf } from '../core/decision.js'
import type { Blocked, Outcome, PendingApproval, Shadowed, TraceStep } from '../core/outcome.js'
import { type Reason, reason } from '../core/reason.js'
import type { Op, Version } from '../core/storage-ops.js'
import { type LimitWindow, refusals } from '../limits/index.js'
import { holdForApproval, type JudgeAgain } from './approval-requests.js'
import type { Attempt } from './attempt.js'
import { type BeginPlan, planBegin } from './begin.js'
import { commitOnce } from './commit.js'
import type { ContactLookup } from './contact-lookup.js'
import type { Core } from './core.js'
import { type Judged, judge, judgeEarly } from './judge.js'
import { keys } from './keys.js'
import { missingKeys } from './missing-keys.js'
import { earlierOutcome, earlierTry } from './once.js'
import { baseOf } from './outcomes.js'
import { refuse, refuseAsSeen, stopped, storageRefusal, unavailable, wiped } from './refuse.js'
import { readWindows, windowsFor } from './windows.js'

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
    if (!core.known.isOpen) await core.known.open()
    // What takes contact away is never late.
    const doubtful = attempt.classified.protective ? undefined : core.time.requireOnward()
    if (doubtful !== undefined) await doubtful
    return await admitOpened(core, lookUp, attempt)
  } catch (error) {
    return storageRefusal(core, attempt, error)
  }
}

async function admitOpened(core: Core, lookUp: ContactLookup, given: Attempt): Promise<Admitted | Outcome> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const early = judgeEarly(given, core.known, core.policy, { now: core.clock.now(), suppressed: [] })
    if (early === undefined) break
    const refused = await refuseAsSeen(core, given, early)
    if (refused !== undefined) return refused
  }

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
  const missing = missingKeys(core, attempt)
  if (missing.length > 0) await known.load(missing)
  const earlier = await earlierTry(core, attempt)
  if ('status' in earlier) return earlier
  let { once } = earlier
  let suppressed: readonly string[] = []

  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = clock.now()
    const judged = judge(attempt, known, policy, { now, suppressed })
    if (judged.decision.verdict === 'deny') {
      const refused = await refuseAsSeen(core, attempt, judged)
      if (refused !== undefined) return refused
      continue
    }
    if (judged.decision.verdict === 'hold') {
      const held = await hold(core, attempt, judged, now)
      if ('status' in held) return held
      if ('suppressed' in held) suppressed = [...suppressed, held.suppressed]
      continue
    }

    const exhausted = judged.lane === 'live' ? core.budget.exhausted(attempt.location, now) : undefined
    if (exhausted !== undefined)
      return overLimit(core, attempt, judged, windowsFor(attempt, core, judged.lane, now), now, exhausted)

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
        const raced = await earlierOutcome(core, attempt, result.found)
        if ('status' in raced) return raced
        once = raced.once
        break
      }
      case 'window':
        return overLimit(core, attempt, judged, plan.windows, now)
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

async function hold(core: Core, attempt: Attempt, judged: Judged, now: number): Promise<PendingApproval | Blocked | JudgeAgain> {
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
  if (!('id' in held)) return held
  return {
    ...baseOf(attempt, judged.trace, judged.decision.warnings),
    status: 'pending_approval',
    approvalId: held.id,
    expiresAt: held.expiresAt,
    reasons,
  }
}

/** Says every window that is full, and what GHL said of its own: `retryAt` is then the latest of them. */
async function overLimit(
  core: Core,
  attempt: Attempt,
  judged: Judged,
  windows: readonly LimitWindow[],
  now: number,
  ...told: readonly Reason[]
): Promise<Blocked> {
  const reasons = [...told, ...refusals(windows, await readWindows(core.storage, windows, now), now)]
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

function learnWritten({ known }: Core, { ops }: BeginPlan, versions: readonly Version[]): void {
  ops.forEach((op, index) => {
    if (op.op === 'put' && (op.key.startsWith('breaker/') || op.key.startsWith('health/')))
      known.learn(op.key, { value: op.value, version: versions[index] ?? '' })
  })
}

function lastKey(ops: readonly Op[]): string {
  return ops.at(-1)?.key ?? ''
}
