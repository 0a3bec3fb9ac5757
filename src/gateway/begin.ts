import type { Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import { memoize } from '../core/memo.js'
import type { Stage } from '../core/reason.js'
import type { Op, Version } from '../core/storage-ops.js'
import { NO_HEALTH } from '../guardrails/health/index.js'
import { type LimitWindow, reserve } from '../limits/index.js'
import { putApproval } from './approval-store.js'
import { type Attempt, digestOf } from './attempt.js'
import type { Core } from './core.js'
import type { IntentRecord } from './intent.js'
import type { Judged, Lane } from './judge.js'
import { keys } from './keys.js'
import { type OnceRecord, onceOp } from './once.js'
import { addressesOf, messageKeys, recipientKeysOf } from './people.js'
import { intentRecord, outcomeRecord, recordOp } from './records.js'
import { beginScheduled } from './scheduled.js'
import { sendingRecord } from './warm-up.js'
import { windowsFor } from './windows.js'

/** How long a sender may take before others count its intent as unknown. Longer than any deadline of a call. */
export const LEASE_MS = 120_000

/** The begin commit: every check, every reservation, the write-ahead intent and the audit record, all or nothing. */
export interface BeginPlan {
  readonly ops: readonly Op[]
  /** What a failing operation means, by its index. */
  readonly meaning: readonly Meaning[]
  readonly windows: readonly LimitWindow[]
  readonly at: number
}

export type Meaning =
  | { readonly kind: 'seen'; readonly key: string }
  | { readonly kind: 'incarnation' }
  | { readonly kind: 'suppressed'; readonly recipientKey: string }
  | { readonly kind: 'approval'; readonly key: string }
  | { readonly kind: 'idempotency' }
  | { readonly kind: 'intent' }
  | { readonly kind: 'window' }
  | { readonly kind: 'record' }

/** `once` = the version of a failed earlier try under the same idempotency key, which may be tried again. */
export function planBegin(core: Core, attempt: Attempt, judged: Judged, now: number, once: Version | null): BeginPlan {
  const { known, policy } = core
  const { lane } = judged
  const ops: Op[] = []
  const meaning: Meaning[] = []
  const add = (op: Op, what: Meaning) => {
    ops.push(op)
    meaning.push(what)
  }
  const checkSeen = (key: string, version: Version | null) => add({ op: 'check', key, version }, { kind: 'seen', key })

  add({ op: 'check', key: keys.incarnation, version: known.incarnation }, { kind: 'incarnation' })
  checkSeen(keys.system, known.system().version)
  for (const { op, recipientKey } of suppressionChecks(core, attempt)) add(op, { kind: 'suppressed', recipientKey })
  beginHealth(core, attempt, lane, now, checkSeen, add)
  beginBreaker(judged, known, checkSeen, add)

  const live = lane === 'live'
  if (live && !attempt.classified.reads && attempt.context.idempotencyKey !== undefined) {
    const record: OnceRecord = { digest: digestOf(attempt.request), actionId: attempt.id, status: 'in_flight' }
    add(onceOp(attempt.agent, attempt.context.idempotencyKey, record, now, once), { kind: 'idempotency' })
  }
  if (live) {
    add(
      { op: 'put', key: keys.intent(attempt.id), value: intentOf(attempt, now) as unknown as Json, version: null },
      { kind: 'intent' },
    )
    for (const op of beginScheduled(attempt, now)) add(op, { kind: 'intent' })
    if (attempt.grant !== undefined) {
      const op = putApproval(attempt.grant, attempt.grantVersion ?? null)
      add(op, { kind: 'approval', key: op.key })
    }
  }
  const windows = windowsFor(attempt, core, lane, now)
  for (const op of reserve(windows, now)) add(op, { kind: 'window' })

  const about = { attempt, policy, pseudonymKey: known.pseudonymKey, at: now }
  add(recordOp(live ? intentRecord(about, lane) : outcomeRecord(about, 'shadowed')), { kind: 'record' })
  return { ops, meaning, windows, at: now }
}

/** Nobody this action reaches is on the suppression list: checked where it is written, so that no race gets past it. */
export function suppressionChecks({ policy, resolveContact }: Core, attempt: Attempt): readonly SuppressionCheck[] {
  const { message, reach, protective } = attempt.classified
  // What takes contact away is for those on the list too.
  if (protective || (message === undefined && reach === undefined)) return []
  const dnd = policy.hearsReplies && resolveContact !== undefined
  const [contactId, another] = attempt.contactIds
  const [address, more] = addressesOf(attempt)
  if (message === undefined || contactId === undefined || another !== undefined || address === undefined || more !== undefined)
    return recipientKeysOf(attempt, dnd).map(suppressionCheck)
  // The usual message, to one contact at one address: the same people are written to again and again.
  const last = lastOf(contactId)
  const { channel } = message
  if (last.channel !== channel || last.address !== address || last.dnd !== dnd) {
    last.channel = channel
    last.address = address
    last.dnd = dnd
    last.checks = messageKeys(channel, [contactId], [address], dnd).map(suppressionCheck)
  }
  return last.checks
}

interface SuppressionCheck {
  readonly op: Op
  readonly recipientKey: string
}

/** By contact, what was last checked of it. */
const lastOf = memoize(2000, () => ({
  channel: undefined as Channel | undefined,
  address: '',
  dnd: false,
  checks: [] as readonly SuppressionCheck[],
}))

function suppressionCheck(recipientKey: string): SuppressionCheck {
  return { op: { op: 'check', key: keys.suppressed(recipientKey), version: null }, recipientKey }
}

export type SeenCheck = Extract<Op, { op: 'check' }>

/** The shared state that a decision not to act rests on, as this process saw it. */
export function seenChecks({ known, policy }: Core, attempt: Attempt, stage: Stage | undefined): readonly SeenCheck[] {
  const checks: SeenCheck[] = [{ op: 'check', key: keys.system, version: known.system().version }]
  const domain = stage === 'guardrails' ? attempt.senderDomain : undefined
  const health = domain === undefined ? undefined : known.health(domain)
  if (domain !== undefined && health !== undefined)
    checks.push({ op: 'check', key: keys.health(domain), version: health.version })
  const { message } = attempt.classified
  if (stage === 'guardrails' && policy.hearsReplies && message?.channel === 'whatsapp' && message.contactId !== undefined)
    checks.push({ op: 'check', key: keys.heard(message.contactId), version: known.heard(message.contactId).version })
  if (stage === 'breaker') checks.push(breakerCheck({ known }, attempt))
  return checks
}

/** The same of its breaker. */
export function breakerCheck({ known }: Pick<Core, 'known'>, { classified }: Attempt): SeenCheck {
  return { op: 'check', key: keys.breaker(classified.breaker), version: known.breaker(classified.breaker).version }
}

/** The domain is still what the decision rests on; the first mail of a day takes a new one a step further. */
function beginHealth(
  { known, policy }: Core,
  attempt: Attempt,
  lane: Lane,
  now: number,
  checkSeen: (key: string, version: Version | null) => void,
  add: (op: Op, what: Meaning) => void,
): void {
  const domain = attempt.senderDomain
  if (domain === undefined) return
  const key = keys.health(domain)
  const { state, version } = known.health(domain) ?? { state: null, version: null }
  const next = sendingRecord(domain, known, policy, now)
  if (lane === 'live' && next !== (state ?? NO_HEALTH))
    add({ op: 'put', key, value: next as unknown as Json, version }, { kind: 'seen', key })
  else checkSeen(key, version)
}

function beginBreaker(
  judged: Judged,
  known: Core['known'],
  checkSeen: (key: string, version: Version | null) => void,
  add: (op: Op, what: Meaning) => void,
): void {
  const { breaker, lane } = judged
  if (breaker === undefined) return
  const key = keys.breaker(breaker.name)
  const { version } = known.breaker(breaker.name)
  // A shadowed action sees the breaker as it is, but takes no probe from those that really go out.
  if (breaker.changed && lane === 'live')
    add({ op: 'put', key, value: breaker.state as unknown as Json, version }, { kind: 'seen', key })
  else checkSeen(key, version)
}

function intentOf(attempt: Attempt, now: number): IntentRecord {
  const { classified, context } = attempt
  return {
    state: 'sending',
    fence: attempt.id,
    agent: attempt.agent,
    action: classified.action,
    operation: classified.operation.id,
    location: attempt.location,
    digest: digestOf(attempt.request),
    at: now,
    leaseUntil: now + LEASE_MS,
    contactIds: attempt.contactIds,
    ...(classified.message !== undefined && { message: classified.message }),
    ...(context.idempotencyKey !== undefined && { idempotencyKey: context.idempotencyKey }),
  }
}
