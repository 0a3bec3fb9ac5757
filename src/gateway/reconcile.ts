import type { Json } from '../core/json.js'
import type { Message } from '../core/message.js'
import type { Entry, Op } from '../core/storage-ops.js'
import { findSent } from '../ghl/index.js'
import type { IntentRecord } from './begin.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { lookBack } from './look-back.js'
import { type OnceRecord, onceOp } from './once.js'
import { operatorRecord, recordOp } from './records.js'
import { scanAll } from './scan-all.js'

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
  async function* abandoned(): AsyncGenerator<{ entry: Entry; intent: IntentRecord; actionId: string }> {
    await known.open()
    for await (const entry of scanAll(storage, keys.intents, { page: PAGE })) {
      const intent = entry.value as unknown as IntentRecord
      if (intent.state === 'unknown' || intent.leaseUntil <= clock.now())
        yield { entry, intent, actionId: entry.key.slice(keys.intents.length) }
    }
  }

  async function close(
    { entry, intent, actionId }: { entry: Entry; intent: IntentRecord; actionId: string },
    status: 'executed' | 'failed',
    by: string,
  ): Promise<void> {
    const now = clock.now()
    const ops: Op[] = [
      { op: 'del', key: entry.key, version: entry.version },
      ...onceOps(intent, actionId, status, now),
      // What was scheduled stays known, to be found and cancelled when somebody says no.
      ...(status === 'failed' ? [{ op: 'del', key: keys.scheduled(actionId) } as const] : []),
      recordOp(operatorRecord(now, by, `unknown.${status}`, policy, { actionId, agent: intent.agent, action: intent.action })),
    ]
    await storage.commit([ops])
    sealer.wrote()
  }

  /** A process died with it: from now on it says so itself. */
  async function markUnknown({
    entry,
    intent,
    actionId,
  }: {
    entry: Entry
    intent: IntentRecord
    actionId: string
  }): Promise<void> {
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
        if (await wasSent(core, one.intent)) {
          await close(one, 'executed', 'reconciler')
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

async function wasSent(core: Core, { message, location, at }: IntentRecord): Promise<boolean> {
  if (message === undefined) return false
  const answer = await lookBack(core, { message: message as unknown as Message, location, at }, findSent)
  return 'found' in answer && answer.found === 'sent'
}
