import type { AdmitResult } from './breaker.js'
import { BreakerOpenError } from './breaker-open-error.js'
import { type Classify, classifyCall, type Ended } from './classify.js'
import type { CallOutcome, OutcomeKind } from './settle.js'
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
  readonly classify: Classify | undefined
  /** Reads the time where durations matter (`slow`), else absent: reading a clock costs as much as the rest. */
  readonly timer: (() => number) | undefined
  admit(): AdmitResult | Promise<AdmitResult>
  settle(permit: Permit, outcome: CallOutcome | OutcomeKind): unknown
}

/** Calls the function if the breaker lets it, and tells the breaker what came of it. Values and errors pass through untouched. */
export async function runThrough<T>(
  gate: Gate,
  fn: (signal: AbortSignal | undefined) => T | PromiseLike<T>,
  options?: RunOptions,
): Promise<T> {
  const signal = options?.signal
  if (signal?.aborted) throw signal.reason
  const asked = gate.admit()
  const { permit, denied } = asked instanceof Promise ? await asked : asked
  if (denied !== undefined) throw new BreakerOpenError(gate.name, denied, denied.at)
  if (signal?.aborted) {
    await gate.settle(permit, 'local')
    throw signal.reason
  }
  const from = gate.timer?.() ?? 0
  let value: T
  try {
    value = await fn(signal)
  } catch (error) {
    await gate.settle(permit, judge(gate, { ok: false, error }, from, options))
    throw error
  }
  const plain = gate.timer === undefined && gate.classify === undefined && options?.classify === undefined
  const settling = gate.settle(permit, plain ? 'success' : judge(gate, { ok: true, value }, from, options))
  if (settling instanceof Promise) await settling
  return value
}

function judge(gate: Gate, ended: Ended, from: number, options: RunOptions | undefined): CallOutcome {
  const outcome = classifyCall(ended, options?.classify ?? gate.classify, options?.signal)
  return gate.timer === undefined ? outcome : { durationMs: gate.timer() - from, ...outcome }
}
