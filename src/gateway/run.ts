import type { Outcome } from '../core/outcome.js'
import type { GhlResponse } from '../core/request.js'
import { readAnswer, readFault } from '../ghl/index.js'
import { NotTriedError } from '../http/http.js'
import { type Admitted, admit } from './admit.js'
import type { Attempt } from './attempt.js'
import { LEASE_MS } from './begin.js'
import type { ContactLookup } from './contact-lookup.js'
import type { Core } from './core.js'
import { judgeEarly } from './judge.js'
import { keys } from './keys.js'
import { type Effect, settle, withdraw } from './settle.js'

/** Makes the one HTTP call of an admitted action. Rejects when no answer came. */
export type Send = (signal: AbortSignal) => Promise<GhlResponse>

/** The only way: request → admit → effect → settle → outcome. */
export async function run(core: Core, lookUp: ContactLookup, attempt: Attempt, send: Send): Promise<Outcome> {
  const admitted = await admit(core, lookUp, attempt)
  const outcome = 'status' in admitted ? admitted : await finish(core, admitted, send)
  core.tell('outcome', withoutCause(outcome))
  return outcome
}

/** Whoever listens may print it, and what a client threw has its request, credentials and all, hanging on it. */
function withoutCause(outcome: Outcome): Outcome {
  if (!('cause' in outcome)) return outcome
  const { cause: _, ...told } = outcome
  return told
}

/** Longer than this after the begin commit was made, what this process knows of a stop is read again before the call. */
const FRESH_MS = 500

/** A stop that was acknowledged between the begin commit and the call still holds: nothing leaves after it. */
async function finish(core: Core, admitted: Admitted, send: Send): Promise<Outcome> {
  const { attempt, plan } = admitted
  try {
    // A process that was held up would otherwise send long after everybody was told that all is stopped.
    if (core.clock.now() - plan.at > FRESH_MS) await core.known.refresh([keys.system])
  } catch (error) {
    const message = 'The storage did not say whether all was stopped meanwhile. Nothing was sent: try again.'
    return settle(core, admitted, unsent(attempt, new NotTriedError(message, { cause: error })))
  }
  const stop = judgeEarly(attempt, core.known, core.policy, { now: core.clock.now(), suppressed: [] })
  return stop === undefined ? settle(core, admitted, await effect(core, admitted, send)) : withdraw(core, admitted, stop)
}

function unsent({ classified }: Attempt, cause: NotTriedError): Effect {
  return { answer: readFault(classified, cause), durationMs: 0, cause }
}

/** One call with a deadline, never repeated: after the deadline it may still have happened. */
async function effect(core: Core, { attempt, plan }: Admitted, send: Send): Promise<Effect> {
  const started = performance.now()
  // Its answer has to come within the lease: after that others may have counted it as unknown and decided.
  if (core.clock.now() - plan.at > LEASE_MS - core.policy.deadlineMs)
    return unsent(
      attempt,
      new NotTriedError('This process stood still between its commit and its call. Nothing was sent: try again.'),
    )
  core.budget.spend(attempt.location)
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const late = new DOMException(`No answer within ${core.policy.deadlineMs} ms.`, 'TimeoutError')
      reject(late)
      abort.abort(late)
    }, core.policy.deadlineMs)
  })
  try {
    const response = await Promise.race([send(abort.signal), deadline])
    const answer = readAnswer(attempt.classified, response)
    return {
      answer,
      durationMs: performance.now() - started,
      headers: response.headers,
      ...(answer.kind !== 'executed' && { cause: response }),
    }
  } catch (cause) {
    return { answer: readFault(attempt.classified, cause), durationMs: performance.now() - started, cause }
  } finally {
    clearTimeout(timer)
  }
}
