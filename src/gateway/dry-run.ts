import { combine, type Decision, denyIf, holdIf } from '../core/decision.js'
import { StorageError } from '../core/errors.js'
import type { Reason } from '../core/reason.js'
import type { BatchResult, Entry, Op } from '../core/storage-ops.js'
import { refusals, reserve } from '../limits/index.js'
import { type Attempt, attemptOf, parseAction } from './attempt.js'
import { breakerCheck, seenChecks, suppressionChecks } from './begin.js'
import type { ContactLookup } from './contact-lookup.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'
import { builtRequest } from './entrance.js'
import { type Judged, judge, judgeEarly, laneOf } from './judge.js'
import { keys } from './keys.js'
import { missingKeys } from './missing-keys.js'
import { storageReason } from './refuse.js'
import { countedOps, readWindows, windowsFor } from './windows.js'

export type DryRun = (agent: string, action: unknown, context: AgentContext) => Promise<Decision>

/** What `execute` would decide now: the same rules on the same state, read instead of reserved. Nothing is stored or sent; only a look-up at GHL, where one was needed, counts against GHL's own limits. */
export function createDryRun(core: Core, lookUp: ContactLookup): DryRun {
  const { policy, known, clock, storage } = core
  return async (agent, input, context) => {
    try {
      const now = clock.now()
      const attempt = attemptFor(core, agent, input, context, now)
      if ('refused' in attempt) return denyIf([attempt.refused])
      // Awaited only where there is something to wait for: an await costs more than most rules.
      if (!known.isOpen) await known.open()
      const doubtful = attempt.classified.protective ? undefined : core.time.requireOnward()
      if (doubtful !== undefined) await doubtful
      const early = judgeEarly(attempt, known, policy, { now, suppressed: [] })
      const refused = early === undefined ? undefined : await confirmed(core, attempt, early, now)
      if (refused !== undefined) return refused
      const found = await lookUp(attempt)
      // The one thing a dry run leaves behind: a call that GHL really counted.
      const counted = countedOps('refused' in found ? found.attempt : found, policy, now)
      if (counted.length > 0) await storage.commit([counted])
      if ('refused' in found) return denyIf([found.refused])
      return await judgedWhole(core, found, now)
    } catch (error) {
      return denyIf([storageReason(error)])
    }
  }
}

function attemptFor(
  core: Core,
  agent: string,
  input: unknown,
  context: AgentContext,
  now: number,
): Attempt | { readonly refused: Reason } {
  const action = parseAction(input)
  if ('refused' in action) return action
  const request = builtRequest(core, action, now)
  if ('refused' in request) return request
  return attemptOf(core, { id: 'check', agent, context, request }, now)
}

/** A refusal of stages 1 and 2, if the state it rests on still holds. */
async function confirmed(core: Core, attempt: Attempt, early: Judged, now: number): Promise<Decision | undefined> {
  let judged: Judged | undefined = early
  while (judged !== undefined) {
    const checks = seenChecks(core, attempt, judged.stoppedAt)
    const { failed, found } = tried(await core.storage.commit([trial(core, checks)]))
    if (failed === checks.length) return judged.decision
    core.known.learn(checks[failed]?.key ?? keys.system, found)
    judged = judgeEarly(attempt, core.known, core.policy, { now, suppressed: [] })
  }
  return undefined
}

/** Every stage, the limits by trying the reservation out: as cheap as the real one, and as right. */
async function judgedWhole(core: Core, attempt: Attempt, now: number): Promise<Decision> {
  const { policy, known, storage } = core
  const missing = missingKeys(core, attempt)
  if (missing.length > 0) await known.load(missing)
  for (;;) {
    const seen = [...seenChecks(core, attempt, 'guardrails'), breakerCheck(core, attempt)]
    const people = suppressionChecks(core, attempt)
    // The look-up is counted already.
    const counted = attempt.lookups === 0 ? attempt : { ...attempt, lookups: 0 }
    const windows = windowsFor(counted, core, laneOf(attempt, known, policy), now)
    const ops: Op[] = [...seen]
    for (const { op } of people) ops.push(op)
    for (const op of reserve(windows, now)) ops.push(op)
    const { failed, found } = tried(await storage.commit([trial(core, ops)]))
    const stale = seen[failed]
    if (stale !== undefined) {
      known.learn(stale.key, found)
      continue
    }
    const suppressed = people[failed - seen.length]
    const judged = judge(attempt, known, policy, { now, suppressed: suppressed === undefined ? [] : [suppressed.recipientKey] })
    if (judged.decision.verdict !== 'allow') return judged.decision
    const exhausted = core.budget.exhausted(attempt.location, now)
    const full = failed < ops.length ? refusals(windows, await readWindows(storage, windows, now), now) : []
    const over = denyIf(exhausted === undefined ? full : [exhausted, ...full])
    return over.verdict === 'deny' ? combine(judged.decision, over) : holdIf(judged.wouldHold, judged.decision.warnings)
  }
}

/** The operations as a batch that is judged and never written: its last guard does not hold. */
function trial({ known }: Core, ops: readonly Op[]): readonly Op[] {
  const mark: Op = { op: 'check', key: keys.incarnation, version: known.incarnation }
  const never: Op = { op: 'check', key: keys.pseudonymKey, version: null }
  return [mark, ...ops, never]
}

/** The index of the first operation that would have failed; their number = all of them would hold. */
function tried([result]: readonly BatchResult[]): { readonly failed: number; readonly found: Entry | null } {
  if (result === undefined || result.ok || result.failed === 0) throw new StorageError('wiped', 'its marks are gone.')
  return { failed: result.failed - 1, found: result.found }
}
