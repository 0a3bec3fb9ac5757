import type { Json } from '../core/json.js'
import type { Blocked, Executed, Unknown } from '../core/outcome.js'
import { reason } from '../core/reason.js'
import type { Entry, Op, Version } from '../core/storage-ops.js'
import { type Attempt, digestOf } from './attempt.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { baseOf, blocked } from './outcomes.js'

/** How long an idempotency key is remembered once it is certain what became of its action. */
const KEY_LIFE_MS = 30 * 24 * 3_600_000

/** What is kept under an idempotency key: for which request, and what became of it. */
export interface OnceRecord {
  readonly digest: string
  readonly actionId: string
  readonly status: 'in_flight' | 'executed' | 'failed' | 'unknown'
  readonly value?: Json
}

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

export async function earlierTry({ storage }: Core, attempt: Attempt): Promise<EarlierTry> {
  const { idempotencyKey } = attempt.context
  if (idempotencyKey === undefined || attempt.classified.reads) return { once: null }
  const [found] = await storage.read([keys.idempotency(attempt.agent, idempotencyKey)])
  return earlierOutcome(attempt, found ?? null)
}

/** The same idempotency key was used before: its outcome is given again; only a certain failure may be tried again. */
export function earlierOutcome(attempt: Attempt, found: Entry | null): EarlierTry {
  if (found === null) return { once: null }
  const { digest, status, value = null, actionId } = found.value as unknown as OnceRecord
  const base = { ...baseOf(attempt, []), actionId }
  const refusal = (code: 'idempotency.conflict' | 'idempotency.in_flight', message: string) =>
    blocked(base, 'classify', [reason('classify', code, message, { actionId })])
  if (digest !== digestOf(attempt.request))
    return refusal('idempotency.conflict', 'This idempotency key was used for another request. Use a new key for a new request.')
  switch (status) {
    case 'executed':
      return { ...base, status, value }
    case 'unknown':
      return {
        ...base,
        status,
        error: {
          message: 'An earlier try with this idempotency key may have happened. An operator finds out with unknowns.reconcile().',
        },
      }
    case 'in_flight':
      return refusal(
        'idempotency.in_flight',
        'The same request is being sent at this moment. Wait for its outcome; do not send it again.',
      )
    case 'failed':
      return { once: found.version }
  }
}
