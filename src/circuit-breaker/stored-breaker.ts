import { StorageError } from '../core/errors.js'
import type { Json } from '../core/json.js'
import type { Entry } from '../core/storage-ops.js'
import { admit } from './admit.js'
import { type AdmitResult, announce, readPolicy, type StoredBreaker, type StoredBreakerOptions } from './breaker.js'
import { isolate, release } from './isolation.js'
import { disable, enable, reset, shutdown, trip } from './operate.js'
import type { BreakerPolicy, BreakerPolicyInput } from './policy.js'
import { runThrough } from './run.js'
import { settle } from './settle.js'
import { type BreakerState, initialState } from './state.js'
import { parseState } from './state-schema.js'
import { statusOf } from './status.js'

/** How often a transition is tried again when another process was faster. */
const TRIES = 100

/**
 * A breaker whose state lives in a storage: one read per call, a write only when something changed. `run` and `admit` throw
 * `StorageError` when the state cannot be read or is not a breaker's: an unknown state lets nothing through.
 */
export function storedBreaker(given: BreakerPolicyInput | BreakerPolicy, options: StoredBreakerOptions): StoredBreaker {
  const policy = readPolicy(given)
  const { name = 'default', storage, classify } = options
  const key = `brk/${name}`
  const clock = options.clock ?? { now: () => Date.now() }
  const now = () => clock.now()
  let seen: BreakerState = initialState(policy, now())
  /** The healthy path judges a result by the state its call was let in with. */
  let changes: Promise<unknown> = Promise.resolve()

  async function load(): Promise<{ entry: Entry | null; state: BreakerState }> {
    const [entry = null] = await storage.read([key])
    const state = entry === null ? initialState(policy, now()) : parseState(entry.value)
    if (state === null) throw new StorageError('corrupt', `${key} does not hold the state of a circuit breaker`)
    if (state.kind !== seen.kind || state.gen >= seen.gen) seen = state
    return { entry, state }
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
      const value = result.state as unknown as Json
      const [written] = await storage.commit([[{ op: 'put', key, value, version: entry?.version ?? null }]])
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
    run: (fn, runOptions) => runThrough({ name, classify, now, admit: ask, settle: settleQuietly }, fn, runOptions),
    admit: ask,
    async settle(permit, outcome) {
      const first = settle(seen, permit, outcome, policy, now())
      if (first.state === seen && seen.gen === permit.gen && first.counted === 'counted') return 'counted'
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

  async function settleQuietly(permit: Parameters<StoredBreaker['settle']>[0], outcome: Parameters<StoredBreaker['settle']>[1]) {
    try {
      await breaker.settle(permit, outcome)
    } catch (error) {
      options.onStorageError?.(error)
    }
  }

  return breaker
}
