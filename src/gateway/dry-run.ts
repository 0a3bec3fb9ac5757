import { combine, type Decision, denyIf, holdIf } from '../core/decision.js'
import { newId } from '../core/ids.js'
import { reason } from '../core/reason.js'
import type { Entry } from '../core/storage-ops.js'
import { refusals, keys as windowKeys } from '../limits/index.js'
import { type Attempt, attemptOf, parseAction } from './attempt.js'
import type { ContactLookup } from './contact-lookup.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'
import { builtRequest } from './entrance.js'
import { judge, judgeEarly, laneOf } from './judge.js'
import { keys } from './keys.js'
import { recipientKeysOf, senderDomainOf } from './people.js'
import { countedOps, windowsFor } from './windows.js'

export type DryRun = (agent: string, action: unknown, context: AgentContext) => Promise<Decision>

/** What `execute` would decide now: the same rules on the same state, read instead of reserved. Nothing is stored or sent; only a look-up at GHL, where one was needed, counts against GHL's own limits. */
export function createDryRun(core: Core, lookUp: ContactLookup): DryRun {
  return async (agent, input, context) => {
    try {
      return await decide(core, lookUp, agent, input, context)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return denyIf([
        reason('system', 'storage.unavailable', `The gateway's storage cannot be used, so nothing would be sent: ${message}`, {}),
      ])
    }
  }
}

async function decide(
  core: Core,
  lookUp: ContactLookup,
  agent: string,
  input: unknown,
  context: AgentContext,
): Promise<Decision> {
  const { policy, known, storage, clock } = core
  const now = clock.now()
  const action = parseAction(input)
  if ('refused' in action) return denyIf([action.refused])
  const request = builtRequest(core, action, now)
  if ('refused' in request) return denyIf([request.refused])
  const attempt = attemptOf(
    { id: newId('chk', now), agent, context, request },
    core.hosts(),
    policy.account.locationId ?? core.http()?.locationId,
    now,
  )
  if ('refused' in attempt) return denyIf([attempt.refused])

  await known.open()
  const domain = senderDomainOf(attempt, policy)
  await known.refresh([
    keys.system,
    keys.breaker(attempt.classified.breaker),
    ...(domain === undefined ? [] : [keys.health(domain)]),
  ])
  const early = judgeEarly(attempt, known, policy, { now, suppressed: [] })
  if (early !== undefined) return early.decision
  const found = await lookUp(attempt)
  await countLookup(core, 'refused' in found ? found.attempt : found, now)
  if ('refused' in found) return denyIf([found.refused])

  const people = recipientKeysOf(found)
  const windows = windowsFor({ ...found, lookups: 0 }, policy, laneOf(found, known, policy))
  const wanted = [...people.map(keys.suppressed), ...windowKeys(windows, now)]
  const entries = await storage.read(wanted)
  const suppressed = people.filter((_, index) => entries[index])
  const judged = judge(found, known, policy, { now, suppressed })
  if (judged.decision.verdict !== 'allow') return judged.decision

  const counts = new Map<string, Entry>()
  for (const entry of entries) if (entry !== null) counts.set(entry.key, entry)
  const exhausted = core.budget.exhausted(found.location, now)
  const full = denyIf(exhausted === undefined ? refusals(windows, counts, now) : [exhausted])
  return full.verdict === 'deny' ? combine(judged.decision, full) : holdIf(judged.wouldHold, judged.decision.warnings)
}

/** The one thing a dry run leaves behind: a call that GHL really counted. */
async function countLookup({ policy, storage }: Core, attempt: Attempt, now: number): Promise<void> {
  const ops = countedOps(attempt, policy, now)
  if (ops.length > 0) await storage.commit([ops])
}
