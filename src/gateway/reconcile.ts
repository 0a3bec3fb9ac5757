import type { Json } from '../core/json.js'
import type { Message } from '../core/message.js'
import type { Entry, Op } from '../core/storage-ops.js'
import { findSent } from '../ghl/index.js'
import { senderDomain } from '../guardrails/recipients/index.js'
import type { IntentRecord } from './begin.js'
import type { Core } from './core.js'
import { MAX_EVENT_AGE_MS } from './feedback-memory.js'
import { keys } from './keys.js'
import { lookBack } from './look-back.js'
import { type OnceRecord, onceOp } from './once.js'
import { operatorRecord, recordOp } from './records.js'
import { scanAll } from './scan-all.js'
import { claimOp } from './sent-messages.js'

/** An action that may or may not have happened. Its units stay charged and it is never sent again. */
export interface UnknownAction {
  readonly actionId: string
  readonly agent: string
  readonly action: string
  readonly operation: string
  readonly location: string
  readonly contactIds: readonly string[]
  /** When it was about to be sent, ms since 1970. */
  readonly at: number
  readonly error?: string
}

export interface Reconciled {
  /** Found in GHL: closed as executed. */
  readonly sent: readonly string[]
  /** Not found, several candidates, or not readable: a human has to look and call `resolve`. */
  readonly held: readonly string[]
}

/** Unknown outcomes: of timeouts and resets, and of processes that died between their two commits. */
export interface Reconciler {
  list(): Promise<readonly UnknownAction[]>
  /** Reads GHL back for every unknown message. What is not found is never resent: GHL names no time after which it could not still leave. */
  reconcile(): Promise<Reconciled>
  /** A human looked: it was sent, or it was not. */
  resolve(actionId: string, finding: 'sent' | 'not_sent', by?: string): Promise<void>
}

const PAGE = 200
const FINDING = 'The `finding` is "sent" or "not_sent": nothing else says whether it may be sent again.'

export function createReconciler(core: Core): Reconciler {
  const { known, storage, clock, policy, sealer } = core

  /** Intents nobody is working on any more. */
  async function* abandoned(): AsyncGenerator<OpenAction> {
    await known.open()
    for await (const one of openActions(core))
      if (one.intent.state === 'unknown' || one.intent.leaseUntil <= clock.now()) yield one
  }

  /** False = it was not closed: somebody else did, or `also` does not hold. */
  async function close(
    { entry, intent, actionId }: OpenAction,
    status: 'executed' | 'failed',
    by: string,
    also: readonly Op[] = [],
  ): Promise<boolean> {
    const now = clock.now()
    const ops: Op[] = [
      { op: 'del', key: entry.key, version: entry.version },
      ...also,
      ...onceOps(intent, actionId, status, now),
      // What was scheduled stays known, to be found and cancelled when somebody says no.
      ...(status === 'failed' ? [{ op: 'del', key: keys.scheduled(actionId) } as const] : []),
      recordOp(operatorRecord(now, by, `unknown.${status}`, policy, { actionId, agent: intent.agent, action: intent.action })),
    ]
    const [result] = await storage.commit([ops])
    sealer.wrote()
    return result?.ok === true
  }

  /** A process died with it: from now on it says so itself. */
  async function markUnknown({ entry, intent, actionId }: OpenAction): Promise<void> {
    if (intent.state === 'unknown') return
    const now = clock.now()
    const value: IntentRecord = { ...intent, state: 'unknown', error: 'The process ended before the outcome was known.' }
    await storage.commit([
      [
        { op: 'put', key: entry.key, value: value as unknown as Json, version: entry.version },
        ...onceOps(intent, actionId, 'unknown', now),
        recordOp({
          v: 1,
          at: now,
          kind: 'outcome',
          status: 'unknown',
          actionId,
          agent: intent.agent,
          action: intent.action,
          operation: intent.operation,
          locationId: intent.location,
          requestDigest: intent.digest,
          policyVersion: policy.version,
        }),
      ],
    ])
    sealer.wrote()
  }

  return {
    async list() {
      const found: UnknownAction[] = []
      for await (const { intent, actionId } of abandoned()) {
        const { agent, action, operation, location, contactIds, at, error } = intent
        found.push({ actionId, agent, action, operation, location, contactIds, at, ...(error !== undefined && { error }) })
      }
      return found
    },
    async reconcile() {
      const sent: string[] = []
      const held: string[] = []
      for await (const one of abandoned()) {
        const claim = await foundInGhl(core, one)
        if (claim !== undefined && (await close(one, 'executed', 'reconciler', [claim]))) {
          sent.push(one.actionId)
        } else {
          await markUnknown(one)
          held.push(one.actionId)
        }
      }
      // A process that died while it scheduled something could not look whether somebody had said no meanwhile.
      core.suppressed()
      return { sent, held }
    },
    async resolve(actionId, finding, by = 'operator') {
      if (finding !== 'sent' && finding !== 'not_sent') throw new TypeError(FINDING)
      await known.open()
      const [entry] = await storage.read([keys.intent(actionId)])
      if (!entry) throw new TypeError(`There is no open action ${actionId}. See unknowns.list().`)
      const intent = entry.value as unknown as IntentRecord
      if (intent.state === 'sending' && intent.leaseUntil > clock.now())
        throw new TypeError(`Action ${actionId} is still being sent. Wait for its outcome.`)
      await close({ entry, intent, actionId }, finding === 'sent' ? 'executed' : 'failed', by)
    },
  }
}

function onceOps(
  { agent, digest, idempotencyKey }: IntentRecord,
  actionId: string,
  status: OnceRecord['status'],
  now: number,
): readonly Op[] {
  return idempotencyKey === undefined ? [] : [onceOp(agent, idempotencyKey, { digest, actionId, status }, now)]
}

/**
 * Its message in GHL, as the operation that makes it known as this action's; undefined where that is not certain. Two
 * actions may have said the same: what another one sent, or may have sent, proves nothing.
 */
async function foundInGhl(core: Core, one: OpenAction): Promise<Op | undefined> {
  const { actionId, intent } = one
  const now = core.clock.now()
  // What other actions sent is forgotten after that.
  if (intent.message === undefined || intent.at < now - MAX_EVENT_AGE_MS) return undefined
  const message = intent.message as unknown as Message
  const seen = await lookBack(core, { actionId, message, location: intent.location, at: intent.at })
  if ('unread' in seen) return undefined
  const find = (wanted: Message) => findSent(wanted, seen.window, seen.answers, seen.ofOthers)
  const found = find(message)
  if (typeof found === 'string' || found.id === undefined) return undefined
  // After GHL was read: whose message is there, and is no more among these, has claimed it, and the commit finds the claim.
  for await (const other of openActions(core)) {
    const { message: said } = other.intent
    if (other.actionId === actionId || said === undefined) continue
    const rival = said as unknown as Message
    if (rival.contactId !== message.contactId || rival.channel !== message.channel) continue
    const theirs = find(rival)
    if (theirs === 'ambiguous' || (theirs !== 'not_found' && theirs.id === found.id)) return undefined
  }
  const { channel, from } = message
  const domain = channel === 'email' ? senderDomain(from ?? core.policy.account.senderDomain) : undefined
  return claimOp({ channel, id: found.id, actionId, domain }, now, null)
}

interface OpenAction {
  readonly entry: Entry
  readonly intent: IntentRecord
  readonly actionId: string
}

/** Every action between its two commits. */
async function* openActions({ storage }: Core): AsyncGenerator<OpenAction> {
  for await (const entry of scanAll(storage, keys.intents, { page: PAGE }))
    yield { entry, intent: entry.value as unknown as IntentRecord, actionId: entry.key.slice(keys.intents.length) }
}
