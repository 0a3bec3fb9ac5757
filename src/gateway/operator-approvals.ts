import { type Approval, type Approver, consume, decide, edit, readApproval } from '../approvals/index.js'
import { combine } from '../core/decision.js'
import { newId } from '../core/ids.js'
import { freezeJson, type Json } from '../core/json.js'
import type { Outcome } from '../core/outcome.js'
import type { Permission } from '../core/permission.js'
import { type Reason, reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import type { Entry } from '../core/storage-ops.js'
import { type LimitWindow, refusals, reserve } from '../limits/index.js'
import { checkSystem } from '../orchestrator/index.js'
import type { HeldCall } from './approval-requests.js'
import { isWaiting, putApproval, putHeld, storedApprovals } from './approval-store.js'
import { type Attempt, attemptOf, digestOf, UNKNOWN_LOCATION } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'
import { readWindows } from './windows.js'

/** What became of a decision. `outcome` is there once the request ran. */
export type ApprovalAnswer =
  | { readonly approval: Approval; readonly outcome?: Outcome }
  | { readonly refused: Reason; readonly approval?: Approval }

/** Held requests: look at them, decide on them. A grant works once, for exactly what was asked, until it expires. */
export interface Approvals {
  /** Oldest first. `pending` = still to be decided: a request whose time is over is listed without a filter only. */
  list(filter?: {
    readonly status?: Approval['status']
    readonly limit?: number
    readonly after?: string
  }): Promise<readonly Approval[]>
  get(id: string): Promise<Approval | null>
  /** Approves and runs it through every check again. What the clock forbids now stays approved: call `run` later. */
  approve(id: string, decision?: { readonly by?: string; readonly note?: string }): Promise<ApprovalAnswer>
  reject(id: string, decision?: { readonly by?: string; readonly note?: string }): Promise<ApprovalAnswer>
  /** Runs an approved request that could not run when it was approved. */
  run(id: string): Promise<ApprovalAnswer>
  /** Replaces the request by another one: a new approval, which goes through every check again when approved. */
  edit(id: string, request: Partial<Pick<GhlRequest, 'query' | 'body'>>, by?: string): Promise<ApprovalAnswer>
}

/** Sends an approved attempt through every stage again. */
export type RunApproved = (attempt: Attempt) => Promise<Outcome>

/** The approvals as one decider sees them: the operator, or an agent whose role may approve. */
export function createApprovals(core: Core, decider: (by: string | undefined) => Approver, runApproved: RunApproved): Approvals {
  const { storage, clock, known, policy } = core

  async function load(id: string): Promise<Loaded | { readonly refused: Reason }> {
    await known.open()
    const [entry] = await storage.read([keys.approval(String(id))])
    if (!entry) return { refused: notFound(id) }
    const approval = readApproval(entry.value)
    return approval === null ? { refused: unreadable(id) } : { entry, approval }
  }

  async function decideOn(
    id: string,
    verdict: 'approve' | 'reject',
    { by, note }: { by?: string; note?: string } = {},
  ): Promise<ApprovalAnswer> {
    const who = decider(by)
    for (;;) {
      const loaded = await load(id)
      if ('refused' in loaded) return loaded
      const { entry, approval: before } = loaded
      const forbidden = await refusedTo(core, who, verdict === 'approve' ? 'approve_campaign' : 'reject_campaign')
      if (forbidden !== undefined) return { refused: forbidden, approval: before }
      const now = clock.now()
      const windows = decisionWindows(core, who)
      const decided = decide(before, { verdict, by: who, at: now, ...(note !== undefined && { note }) }, known.sealKey)
      if ('refused' in decided) return { refused: decided.refused, approval: before }
      const [result] = await storage.commit([
        [
          putApproval(decided.approval, entry.version),
          ...reserve(windows, now),
          recordOp(
            operatorRecord(
              now,
              `${who.kind}:${who.name}`,
              `approval.${verdict}`,
              policy,
              { approvalId: id, agent: before.agent, action: before.action },
              note,
            ),
          ),
        ],
      ])
      core.sealer.wrote()
      if (result?.ok === false) {
        if (result.failed === 0) continue
        const [full = tooMany(now)] = refusals(windows, await readWindows(storage, windows, now), now)
        return { refused: full, approval: before }
      }
      core.tell('approval', { id, status: decided.approval.status, agent: before.agent, action: before.action })
      return verdict === 'approve' && decided.approval.status === 'approved' ? run(id) : { approval: decided.approval }
    }
  }

  async function run(id: string): Promise<ApprovalAnswer> {
    const loaded = await load(id)
    if ('refused' in loaded) return loaded
    const { entry, approval } = loaded
    const forbidden = await refusedTo(core, decider(undefined), 'approve_campaign')
    if (forbidden !== undefined) return { refused: forbidden, approval }
    const now = clock.now()
    // Before anything in it is believed: is it sealed, approved, and still good?
    const asStored = { digest: approval.digest, policyVersion: policy.version, locationId: approval.locationId, at: now }
    const sound = consume(approval, asStored, policy.approvals, known.sealKey)
    if ('refused' in sound) return { refused: sound.refused, approval }
    const { call, context } = approval.request as unknown as HeldCall
    const given = { id: newId('act', now), agent: approval.agent, context, request: call }
    const attempt = attemptOf(core, given, now, approval.locationId ?? UNKNOWN_LOCATION)
    if ('refused' in attempt) return { refused: attempt.refused, approval }
    const use = { ...asStored, digest: digestOf(attempt.request), locationId: attempt.location }
    const used = consume(approval, use, policy.approvals, known.sealKey)
    if ('refused' in used) return { refused: used.refused, approval }
    const outcome = await runApproved({ ...attempt, grant: used.approval, grantVersion: entry.version })
    const after = await load(id)
    return { approval: 'refused' in after ? approval : after.approval, outcome }
  }

  return {
    async list({ status, limit = 100, after } = {}) {
      await known.open()
      const now = clock.now()
      const found: Approval[] = []
      for await (const approval of storedApprovals(storage, after)) {
        if (status === 'pending' ? !isWaiting(approval, now) : status !== undefined && approval.status !== status) continue
        if (found.push(approval) >= limit) break
      }
      return found
    },
    async get(id) {
      const loaded = await load(id)
      return 'refused' in loaded ? null : loaded.approval
    },
    approve: (id, decision) => decideOn(id, 'approve', decision),
    reject: (id, decision) => decideOn(id, 'reject', decision),
    run,
    async edit(id, change, by) {
      const loaded = await load(id)
      if ('refused' in loaded) return loaded
      const { entry, approval: before } = loaded
      const held = before.request as unknown as HeldCall
      // Whatever else is passed: an edit changes what is said, never to whom it is said.
      const { query = held.call.query, body = held.call.body } = freezeJson(change) as Partial<GhlRequest>
      const request: GhlRequest = { ...held.call, query, ...(body !== undefined && { body }) }
      const who = decider(by)
      const forbidden = await refusedTo(core, who, 'approve_campaign')
      if (forbidden !== undefined) return { refused: forbidden, approval: before }
      const now = clock.now()
      const given = { id: newId('act', now), agent: before.agent, context: held.context, request }
      const attempt = attemptOf(core, given, now, before.locationId ?? UNKNOWN_LOCATION)
      if ('refused' in attempt) return { refused: attempt.refused, approval: before }
      const edited = edit(
        before,
        {
          id: newId('apr', now),
          by: who,
          at: now,
          expiresAt: now + policy.approvals.expireMs,
          request: { call: request, context: held.context } as unknown as Json,
          digest: digestOf(attempt.request),
          policyVersion: policy.version,
          action: attempt.classified.action,
          contactIds: attempt.contactIds,
        },
        known.sealKey,
      )
      if ('refused' in edited) return { refused: edited.refused, approval: before }
      const [result] = await storage.commit([
        [
          putApproval(edited.superseded, entry.version),
          putApproval(edited.approval, null),
          putHeld(edited.approval),
          recordOp(
            operatorRecord(now, `${who.kind}:${who.name}`, 'approval.edit', policy, {
              approvalId: id,
              newApprovalId: edited.approval.id,
            }),
          ),
        ],
      ])
      core.sealer.wrote()
      return result?.ok
        ? { approval: edited.approval }
        : { refused: reason('approval', 'approval.not_pending', 'The approval was decided meanwhile.', {}), approval: before }
    },
  }
}

interface Loaded {
  readonly entry: Entry
  readonly approval: Approval
}

/** Why an agent may not decide: its role does not allow this verdict, or it was stopped. An operator always may. */
async function refusedTo({ known, policy }: Core, who: Approver, permission: Permission): Promise<Reason | undefined> {
  if (who.kind === 'operator') return undefined
  await known.refresh([keys.system])
  const { permissions, system } = policy
  const decision = combine(
    checkSystem(known.system().state, { agent: who.name, reads: false, protective: false }, system),
    permissions.check(who.name, permission),
  )
  return decision.verdict === 'deny' ? decision.reasons[0] : undefined
}

/** How many decisions an agent's role allows per hour; an operator may decide as often as needed. */
function decisionWindows({ policy }: Core, who: Approver): readonly LimitWindow[] {
  if (who.kind === 'operator') return []
  return policy.limits.agent(who.name).windows({ agent: who.name, limitKey: 'approval_decision' })
}

/** The window emptied between the commit and the read: it was full when it counted. */
function tooMany(now: number): Reason {
  return reason(
    'limits',
    'agent.hourly_limit',
    'The limit of decisions was reached a moment ago. Try again.',
    {},
    { retryAt: now + 1000 },
  )
}

function unreadable(id: string): Reason {
  return reason(
    'approval',
    'approval.tampered',
    `What is stored as approval ${String(id).slice(0, 60)} is not one. Ask again, and find out who changed it.`,
    {},
  )
}

function notFound(id: string): Reason {
  return reason('approval', 'approval.not_found', `There is no approval ${String(id).slice(0, 60)}. See approvals.list().`, {})
}
