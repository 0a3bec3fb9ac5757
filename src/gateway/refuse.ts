import { redact } from '../audit/index.js'
import { denyIf } from '../core/decision.js'
import { isStorageError } from '../core/errors.js'
import type { Blocked } from '../core/outcome.js'
import { type Reason, reason, type Stage } from '../core/reason.js'
import type { Op } from '../core/storage-ops.js'
import type { Attempt } from './attempt.js'
import { seenChecks } from './begin.js'
import type { Core } from './core.js'
import type { Judged } from './judge.js'
import { keys } from './keys.js'
import { baseOf, blocked } from './outcomes.js'
import { recordOp, refusalRecord } from './records.js'
import { countedOps } from './windows.js'

/** Writes what a refusal leaves behind in one commit: its record, and the lookups it cost at GHL. */
export async function refuse(core: Core, attempt: Attempt, judged: Judged): Promise<Blocked> {
  const { ops, outcome } = refusal(core, attempt, judged)
  await core.storage.commit([ops])
  core.sealer.wrote()
  return outcome
}

/**
 * The same where it rests on what this process last saw of the shared state (a stop, a breaker, a domain's health).
 * Undefined = that has changed since: judge again. Otherwise a stop that another process lifted would go on here.
 */
export async function refuseAsSeen(core: Core, attempt: Attempt, judged: Judged): Promise<Blocked | undefined> {
  const { ops, outcome } = refusal(core, attempt, judged)
  const checks = seenChecks(core, attempt, judged.stoppedAt)
  const [result] = await core.storage.commit([[...checks, ...ops]])
  core.sealer.wrote()
  if (result === undefined || result.ok) return outcome
  core.known.learn(checks[result.failed]?.key ?? keys.system, result.found)
  return undefined
}

function refusal(core: Core, attempt: Attempt, judged: Judged): { readonly ops: readonly Op[]; readonly outcome: Blocked } {
  const { decision, stoppedAt = 'system', lane } = judged
  const reasons = decision.verdict === 'allow' ? ([unavailable('Refused without a reason.')] as const) : decision.reasons
  const now = core.clock.now()
  const about = { attempt, policy: core.policy, pseudonymKey: core.known.pseudonymKey, at: now }
  return {
    ops: [recordOp(refusalRecord(about, stoppedAt, reasons, lane)), ...countedOps(attempt, core.policy, now)],
    outcome: blocked(baseOf(attempt, judged.trace, decision.warnings), stoppedAt, reasons),
  }
}

/** Nothing is sent while the state cannot be trusted. */
export function storageRefusal(core: Core, attempt: Attempt, error: unknown): Blocked {
  core.tell('fault', error)
  const why = storageReason(error)
  return blocked(baseOf(attempt, [{ stage: 'system', result: 'deny', codes: [why.code] }]), 'system', [why])
}

/** Why nothing is sent after what a storage threw. */
export function storageReason(error: unknown): Reason {
  if (isStorageError(error) && error.code === 'wiped') return wiped()
  return unavailable(redact(error instanceof Error ? error.message : String(error)))
}

export function stopped(judged: Judged, stage: Stage, why: Reason): Judged {
  return {
    ...judged,
    decision: denyIf([why], judged.decision.warnings),
    stoppedAt: stage,
    trace: [...judged.trace, { stage, result: 'deny', codes: [why.code] }],
  }
}

export function unavailable(message: string): Reason {
  return reason('system', 'storage.unavailable', `The gateway's storage cannot be used, so nothing is sent: ${message}`, {})
}

export function wiped(): Reason {
  return reason(
    'system',
    'storage.wiped',
    'The storage lost its state (its marks are gone): every limit would be forgotten, so nothing is sent. Restore it, or start a new gateway on a new storage.',
    {},
  )
}
