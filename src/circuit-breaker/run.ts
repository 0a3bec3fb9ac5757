import type { Denied } from './admit.js'
import { BreakerOpenError } from './breaker-open-error.js'
import { type Classify, classifyCall, type Ended } from './classify.js'
import type { CallOutcome } from './settle.js'
import type { Permit } from './state.js'

export interface RunOptions {
  /** Handed to the function. When it is aborted, the call's end says nothing about the other side. */
  readonly signal?: AbortSignal
  /** Judges this call instead of the breaker's own classifier. */
  readonly classify?: Classify
}

/** The two steps that stand around a call, and what `run` needs beside them. */
export interface Gate {
  readonly name: string
  readonly classify?: Classify | undefined
  now(): number
  admit(): Ask | Promise<Ask>
  settle(permit: Permit, outcome: CallOutcome): unknown
}

export type Ask =
  | { readonly permit: Permit; readonly denied?: undefined }
  | { readonly permit?: undefined; readonly denied: Denied & { readonly at: number } }

/** Calls the function if the breaker lets it, and tells the breaker what came of it. Values and errors pass through untouched. */
export async function runThrough<T>(
  gate: Gate,
  fn: (signal: AbortSignal | undefined) => T | PromiseLike<T>,
  options: RunOptions = {},
): Promise<T> {
  const { signal, classify = gate.classify } = options
  signal?.throwIfAborted()
  const asked = gate.admit()
  const { permit, denied } = asked instanceof Promise ? await asked : asked
  if (denied !== undefined) throw new BreakerOpenError(gate.name, denied, denied.at)
  if (signal?.aborted) {
    await gate.settle(permit, { kind: 'local' })
    throw signal.reason
  }
  const from = gate.now()
  const settle = (ended: Ended) =>
    gate.settle(permit, { durationMs: gate.now() - from, ...classifyCall(ended, classify, signal) })
  let value: T
  try {
    value = await fn(signal)
  } catch (error) {
    await settle({ ok: false, error })
    throw error
  }
  const settling = settle({ ok: true, value })
  if (settling instanceof Promise) await settling
  return value
}
