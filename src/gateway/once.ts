import { z } from 'zod'
import type { Json } from '../core/json.js'
import type { Blocked, Executed, OutcomeBase, Unknown } from '../core/outcome.js'
import { reason } from '../core/reason.js'
import type { Entry, Op, Version } from '../core/storage-ops.js'
import { type Attempt, digestOf } from './attempt.js'
import type { Core } from './core.js'
import { isUnderWay, loadIntent } from './intent.js'
import { keys } from './keys.js'
import { baseOf, blocked } from './outcomes.js'
import { unreadable } from './unreadable.js'

/** How long an idempotency key is remembered once it is certain what became of its action. */
const KEY_LIFE_MS = 30 * 24 * 3_600_000

const schema = z.object({
  digest: z.string(),
  actionId: z.string(),
  status: z.enum(['in_flight', 'executed', 'failed', 'unknown']),
  value: z.custom<Json>().exactOptional(),
})

/** What is kept under an idempotency key: for which request, and what became of it. */
export type OnceRecord = Readonly<z.infer<typeof schema>>

/** Writes what an idempotency key stands for; `version` = what it has to be now (null = unused), left out = whatever it is. */
export function onceOp(agent: string, key: string, record: OnceRecord, now: number, version?: Version | null): Op {
  return {
    op: 'put',
    key: keys.idempotency(agent, key),
    value: record as unknown as Json,
    ...(isCertain(record) && { expiresAt: now + KEY_LIFE_MS }),
    ...(version !== undefined && { version }),
  }
}

function isCertain({ status }: OnceRecord): boolean {
  return status === 'executed' || status === 'failed'
}

/** Which version of the idempotency key this try may replace, or the outcome of the earlier one. */
export type EarlierTry = Blocked | Executed | Unknown | { readonly once: Version | null }

export async function earlierTry(core: Core, attempt: Attempt): Promise<EarlierTry> {
  const { idempotencyKey } = attempt.context
  if (idempotencyKey === undefined || attempt.classified.reads) return { once: null }
  const [found] = await core.storage.read([keys.idempotency(attempt.agent, idempotencyKey)])
  return earlierOutcome(core, attempt, found ?? null)
}

/**
 * The same idempotency key was used before: its outcome is given again; only a certain failure may be tried again. Throws
 * `StorageError` where nobody can read what became of it.
 */
export async function earlierOutcome(core: Core, attempt: Attempt, found: Entry | null): Promise<EarlierTry> {
  if (found === null) return { once: null }
  const { data } = schema.safeParse(found.value)
  if (data === undefined) throw unreadable('outcome of an idempotency key', found.key)
  const { digest, status, value = null, actionId } = data
  const base = { ...baseOf(attempt, []), actionId }
  const refusal = (code: 'idempotency.conflict' | 'idempotency.in_flight', message: string) =>
    blocked(base, 'classify', [reason('classify', code, message, { actionId })])
  if (digest !== digestOf(attempt.request))
    return refusal('idempotency.conflict', 'This idempotency key was used for another request. Use a new key for a new request.')
  switch (status) {
    case 'executed':
      return { ...base, status, value }
    case 'unknown':
      return mayHaveHappened(base)
    case 'in_flight': {
      const intent = await loadIntent(core, actionId)
      if (intent !== null && !isUnderWay(intent, core.clock.now())) return mayHaveHappened(base)
      return refusal(
        'idempotency.in_flight',
        'The same request is being sent at this moment. Wait for its outcome; do not send it again.',
      )
    }
    case 'failed':
      return { once: found.version }
  }
}

function mayHaveHappened(base: OutcomeBase): Unknown {
  return {
    ...base,
    status: 'unknown',
    error: {
      message: 'An earlier try with this idempotency key may have happened. An operator finds out with unknowns.reconcile().',
    },
  }
}
