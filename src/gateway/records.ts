import type { Approval } from '../approvals/index.js'
import { type AuditRecord, pseudonym, redact } from '../audit/index.js'
import type { Grounding } from '../core/action.js'
import { orderedId } from '../core/ids.js'
import type { Json, JsonObject } from '../core/json.js'
import type { ErrorFacts } from '../core/outcome.js'
import type { Reason, Stage } from '../core/reason.js'
import type { Op } from '../core/storage-ops.js'
import { type Attempt, digestOf } from './attempt.js'
import type { GatewayPolicy } from './config.js'
import type { Lane } from './judge.js'
import { keys } from './keys.js'

/** One audit record as an operation: it lands with the state change it tells of, and is chained a moment later. */
export function recordOp(record: AuditRecord): Op {
  return { op: 'put', key: keys.outbox + orderedId(record.at), value: record as unknown as Json }
}

interface About {
  readonly attempt: Attempt
  readonly policy: GatewayPolicy
  readonly pseudonymKey: string
  readonly at: number
}

/** What was about to happen, written before it could. */
export function intentRecord(about: About, mode: Lane): AuditRecord {
  return { ...base(about), kind: 'intent', mode }
}

export function outcomeRecord(about: About, status: string, error?: ErrorFacts): AuditRecord {
  if (error === undefined) return { ...base(about), kind: 'outcome', status }
  return {
    ...base(about),
    kind: 'outcome',
    status,
    note: redact(error.message),
    ...(error.status !== undefined && { data: { httpStatus: error.status } }),
  }
}

/** A refusal; one for lack of permission is a violation. */
export function refusalRecord(about: About, stage: Stage, reasons: readonly Reason[], mode: Lane): AuditRecord {
  return {
    ...base(about),
    kind: 'refusal',
    stage,
    mode,
    codes: reasons.map(({ code }) => code),
    data: figuresOf(reasons),
    ...(stage === 'permission' && { violation: true as const }),
  }
}

export function approvalRecord(about: About, { id, status, expiresAt }: Approval, by?: string, note?: string): AuditRecord {
  return {
    ...base(about),
    kind: 'approval',
    status,
    approvalId: id,
    data: { expiresAt },
    ...(by !== undefined && { by }),
    ...(note !== undefined && { note: redact(note) }),
  }
}

/** Something the operator did. */
export function operatorRecord(
  at: number,
  by: string,
  what: string,
  policy: GatewayPolicy,
  data: JsonObject = {},
  note?: string,
): AuditRecord {
  return {
    v: 1,
    at,
    kind: 'operator',
    by,
    action: what,
    data,
    policyVersion: policy.version,
    ...(note !== undefined && { note: redact(note) }),
  }
}

/** The numbers behind the reasons, by code. */
export function figuresOf(reasons: readonly Reason[]): JsonObject {
  return Object.fromEntries(reasons.map(({ code, data }) => [code, data]))
}

/** Where the evidence came from and when; its record id may be personal. */
function groundingOf({ source, verifiedAt }: Grounding): JsonObject {
  return { source: String(source).slice(0, 60), verifiedAt: verifiedAt ?? null }
}

function base({ attempt, policy, pseudonymKey, at }: About) {
  const { classified, context } = attempt
  return {
    v: 1 as const,
    at,
    actionId: attempt.id,
    agent: attempt.agent,
    action: classified.action,
    operation: classified.operation.id,
    risk: classified.risk,
    locationId: attempt.location,
    requestDigest: digestOf(attempt.request),
    policyVersion: policy.version,
    ...(attempt.contactIds[0] !== undefined && { subject: pseudonym(pseudonymKey, attempt.contactIds[0]) }),
    ...(context.campaign !== undefined && { campaign: context.campaign }),
    ...(context.grounding !== undefined && { grounding: groundingOf(context.grounding) }),
    ...(attempt.grant !== undefined && { approvalId: attempt.grant.id }),
  }
}
