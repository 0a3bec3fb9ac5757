import { StorageError } from '../core/errors.js'
import { freezeJson } from '../core/json.js'
import type { Entry } from '../core/storage-ops.js'
import { admit } from './admit.js'
import { type AdmitResult, announce, readPolicy, type StoredBreaker, type StoredBreakerOptions } from './breaker.js'
import { isolate, release } from './isolation.js'
import { disable, enable, reset, shutdown, trip } from './operate.js'
import type { BreakerPolicy, BreakerPolicyInput } from './policy.js'
import { type Gate, runThrough } from './run.js'
import { type CallOutcome, isRoutine, type OutcomeKind, settle } from './settle.js'
import { restoreState } from './snapshot.js'
import { type BreakerState, initialState, type Permit } from './state.js'
import { statusOf } from './status.js'

/** How often a transition is tried again when another process was faster. */
const TRIES = 100

/**
 * A breaker whose state lives in a storage: one read per call, a write only when something changed. `run` and `admit` throw
 * what the storage throws: a state that cannot be read lets nothing through. One that is not a breaker's is reported and starts closed.
 */
export function storedBreaker(given: BreakerPolicyInput | BreakerPolicy, options: StoredBreakerOptions): StoredBreaker {
  const policy = readPolicy(given)
  const { name = 'default', storage, classify } = options
  const key = `brk/${name}`
  const clock = options.clock ?? { now: () => Date.now() }
  const now = () => clock.now()
  const fresh = initialState(policy, now())
  let seen: BreakerState = fresh
  let changes: Promise<unknown> = Promise.resolve()

  function report(error: unknown): void {
    try {
      options.onStorageError?.(error)
    } catch {
      // A listener's fault must not change what becomes of the call.
    }
  }

  async function load(): Promise<{ entry: Entry | null; state: BreakerState }> {
    const [entry = null] = await storage.read([key])
    const found = entry === null ? null : restoreState(entry.value, policy, now())
    if (found?.restored === false) {
      report(new StorageError('corrupt', `${key} does not hold a circuit breaker's state: it starts closed`))
    }
    seen = found?.restored ? found.state : fresh
    return { entry, state: seen }
  }

  /** Applies one change by compare-and-set. Changes of this process go one after the other, so that they do not race. */
  function change<T extends { readonly state: BreakerState }>(apply: (state: BreakerState) => T): Promise<T> {
    const result = changes.then(() => compareAndSet(apply))
    changes = result.catch(() => undefined)
    return result
  }

  async function compareAndSet<T extends { readonly state: BreakerState }>(apply: (state: BreakerState) => T): Promise<T> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const { entry, state } = await load()
      const result = apply(state)
      if (result.state === state) return result
      const [written] = await storage.commit([
        [{ op: 'put', key, value: freezeJson(result.state), version: entry?.version ?? null }],
      ])
      if (written?.ok) {
        seen = result.state
        announce(options, state.kind, result.state.kind)
        return result
      }
    }
    throw new StorageError('unavailable', `${key} was changed by others ${TRIES} times in a row`)
  }

  async function ask(): Promise<AdmitResult> {
    const { state } = await load()
    const first = admit(state, policy, now())
    const { permit, denied } = first.state === state ? first : await change((current) => admit(current, policy, now()))
    return denied === undefined ? { permit } : { denied: { ...denied, at: now() } }
  }

  const operate = async (apply: (state: BreakerState) => BreakerState): Promise<void> => {
    await change((state) => ({ state: apply(state) }))
  }

  const breaker: StoredBreaker = {
    name,
    policy,
    get state() {
      return statusOf(seen, policy, now()).state
    },
    status: () => statusOf(seen, policy, now()),
    run: (fn, runOptions) => runThrough(gate, fn, runOptions),
    admit: ask,
    async settle(permit, outcome) {
      // The healthy path: judged by the state its call was let in with, without asking the storage again.
      if (seen.gen === permit.gen && isRoutine(seen, outcome, policy)) return 'counted'
      return (await change((state) => settle(state, permit, outcome, policy, now()))).counted
    },
    isolate: (holder = 'operator', more = {}) => operate((state) => isolate(state, holder, now(), more)),
    release: (holder = 'operator') => operate((state) => release(state, holder, now())),
    reset: () => operate(reset),
    trip: () => operate((state) => trip(state, policy, now())),
    disable: () => operate(disable),
    enable: () => operate(enable),
    shutdown: () => operate(shutdown),
  }

  /** The caller gets the result of the call, also when nobody could write it down. */
  async function settleQuietly(permit: Permit, outcome: CallOutcome | OutcomeKind): Promise<void> {
    await breaker.settle(permit, outcome).catch(report)
  }

  const timer = policy.slow === undefined ? undefined : now
  const gate: Gate = { name, classify, timer, admit: ask, settle: settleQuietly }
  return breaker
}
