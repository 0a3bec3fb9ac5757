import type { Approval } from '../approvals/index.js'
import { type AuditRecord, pseudonym, redact } from '../audit/index.js'
import type { Grounding } from '../core/action.js'
import type { ConsentClaim } from '../core/contact.js'
import { orderedId } from '../core/ids.js'
import type { Json, JsonObject } from '../core/json.js'
import { memoize } from '../core/memo.js'
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
  const record = base(about, 'intent')
  record.mode = mode
  return record
}

export function outcomeRecord(about: About, status: string, error?: ErrorFacts): AuditRecord {
  const record = base(about, 'outcome')
  record.status = status
  if (error !== undefined) {
    record.note = redact(error.message)
    if (error.status !== undefined) record.data = { httpStatus: error.status }
  }
  return record
}

/** A refusal; one for lack of permission is a violation. */
export function refusalRecord(about: About, stage: Stage, reasons: readonly Reason[], mode: Lane): AuditRecord {
  const record = base(about, 'refusal')
  record.stage = stage
  record.mode = mode
  record.codes = reasons.map(({ code }) => code)
  record.data = figuresOf(reasons)
  if (stage === 'permission') record.violation = true
  return record
}

export function approvalRecord(about: About, { id, status, expiresAt }: Approval, by?: string, note?: string): AuditRecord {
  const record = base(about, 'approval')
  record.status = status
  record.approvalId = id
  record.data = { expiresAt }
  if (by !== undefined) record.by = by
  if (note !== undefined) record.note = redact(note)
  return record
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

/** The numbers behind the reasons, by code. Paths, keys and names in them are the caller's, and may hold anything. */
export function figuresOf(reasons: readonly Reason[]): JsonObject {
  return Object.fromEntries(reasons.map(({ code, data }) => [code, masked(data)]))
}

const MAX_TEXT = 500

function masked(value: Json): Json {
  if (typeof value === 'string') return redact(value.slice(0, MAX_TEXT))
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(masked)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, masked(member as Json)]))
}

/** Where the evidence came from and when; its record id may be personal. */
function groundingOf({ source, verifiedAt }: Grounding): JsonObject {
  return { source: redact(String(source).slice(0, 60)), verifiedAt: verifiedAt ?? null }
}

function consentOf({ channel, status, basis, at, record }: ConsentClaim): JsonObject {
  return { channel, status, basis: basis ?? null, at: at ?? null, record: record === undefined ? null : redact(record) }
}

type Draft = { -readonly [K in keyof AuditRecord]: AuditRecord[K] }

/** What every record about an action says. Its writer adds the rest to it: copying takes longer than all of this. */
function base({ attempt, policy, pseudonymKey, at }: About, kind: AuditRecord['kind']): Draft {
  const { classified, context } = attempt
  const record: Draft = {
    v: 1,
    at,
    kind,
    actionId: attempt.id,
    agent: attempt.agent,
    action: classified.action,
    operation: classified.operation.id,
    risk: classified.risk,
    locationId: attempt.location,
    requestDigest: digestOf(attempt.request),
    policyVersion: policy.version,
  }
  const subject = subjectOf(attempt, pseudonymKey)
  if (subject !== undefined) record.subject = subject
  if (context.campaign !== undefined) record.campaign = redact(context.campaign)
  if (context.grounding !== undefined) record.grounding = groundingOf(context.grounding)
  if (context.purpose !== undefined) record.purpose = context.purpose
  if (context.consent !== undefined) record.consent = consentOf(context.consent)
  if (attempt.grant !== undefined) record.approvalId = attempt.grant.id
  return record
}

/** Contacts whose pseudonyms are remembered: each is named at least twice per action. */
const REMEMBERED = 1000
const pseudonymsOf = memoize(20, (key) => memoize(REMEMBERED, (contactId) => pseudonym(key, contactId)))

function subjectOf({ contactIds: [contactId] }: Attempt, pseudonymKey: string): string | undefined {
  return contactId === undefined ? undefined : pseudonymsOf(pseudonymKey)(contactId)
}
