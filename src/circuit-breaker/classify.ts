import { isBreakerOpen } from './breaker-open-error.js'
import type { CallOutcome, OutcomeKind } from './settle.js'

/** How a call ended. */
export type Ended = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/** Your own judgement of a call; undefined leaves it to the default. A classifier that throws counts as undefined. */
export type Classify = (ended: Ended) => CallOutcome | OutcomeKind | undefined

/**
 * What came of a call. By default a value is a success and an error a failure, except: the caller gave up
 * (`signal` aborted, other than by its timeout) is neutral, a refusal of another breaker is local.
 */
export function classifyCall(ended: Ended, classify?: Classify, signal?: AbortSignal): CallOutcome {
  const judged = ask(ended, classify)
  if (judged !== undefined) return typeof judged === 'string' ? { kind: judged } : judged
  if (ended.ok) return { kind: 'success' }
  if (isBreakerOpen(ended.error)) return { kind: 'local' }
  if (signal?.aborted && !isTimeout(signal.reason)) return { kind: 'neutral' }
  return { kind: 'failure' }
}

function ask(ended: Ended, classify?: Classify): CallOutcome | OutcomeKind | undefined {
  try {
    return classify?.(ended)
  } catch {
    return undefined
  }
}

/** `AbortSignal.timeout()`: the other side was too slow, which is its failure. */
function isTimeout(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && (reason as { name?: unknown }).name === 'TimeoutError'
}
