import { admit } from './admit.js'
import { type AdmitResult, announce, type Breaker, type BreakerOptions, readPolicy } from './breaker.js'
import { isolate, release } from './isolation.js'
import { disable, enable, reset, shutdown, trip } from './operate.js'
import type { BreakerPolicy, BreakerPolicyInput } from './policy.js'
import { type Gate, runThrough } from './run.js'
import { type CallOutcome, type Counted, isRoutine, type OutcomeKind, settle } from './settle.js'
import { shiftState } from './shift.js'
import { exportState, restore } from './snapshot.js'
import type { BreakerState, Permit } from './state.js'
import { statusOf } from './status.js'
import { steadyClock } from './steady-clock.js'

/** A breaker that lives in this process. It runs on steady time; times that are told to or by others are wall time. */
export function memoryBreaker(given: BreakerPolicyInput | BreakerPolicy, options: BreakerOptions = {}): Breaker {
  const policy = readPolicy(given)
  const { name = 'default', classify } = options
  const { now, drift } = steadyClock(options.clock)
  const taken = restore(options.snapshot, policy, now())
  let state = taken.state

  function move(next: BreakerState): void {
    if (next === state) return
    const from = state.kind
    state = next
    announce(options, from, next.kind)
  }

  function ask(): AdmitResult {
    // A closed circuit asks nothing of the clock, and reading it is most of what a call costs.
    const at = state.kind === 'closed' ? 0 : now()
    const { state: next, permit, denied } = admit(state, policy, at)
    move(next)
    if (denied === undefined) return { permit }
    const offset = drift()
    const retry = denied.retryAt === undefined ? {} : { retryAt: denied.retryAt + offset }
    return { denied: { code: denied.code, ...retry, at: at + offset } }
  }

  function settled(permit: Permit, outcome: CallOutcome | OutcomeKind): Counted {
    if (permit.gen === state.gen && isRoutine(state, outcome, policy)) return 'counted'
    const { state: next, counted } = settle(state, permit, outcome, policy, now())
    move(next)
    return counted
  }

  const gate: Gate = { name, classify, timer: policy.slow === undefined ? undefined : now, admit: ask, settle: settled }

  return {
    name,
    policy,
    restored: taken.restored,
    get state() {
      return statusOf(state, policy, now()).state
    },
    status: () => statusOf(shiftState(state, drift()), policy, now() + drift()),
    run: (fn, runOptions) => runThrough(gate, fn, runOptions),
    admit: ask,
    settle: settled,
    isolate(holder = 'operator', more = {}) {
      const until = more.expiresAt === undefined ? {} : { expiresAt: more.expiresAt - drift() }
      move(isolate(state, holder, now(), { ...more, ...until }))
    },
    release: (holder = 'operator') => move(release(state, holder, now())),
    reset: () => move(reset(state)),
    trip: () => move(trip(state, policy, now())),
    disable: () => move(disable(state)),
    enable: () => move(enable(state)),
    shutdown: () => move(shutdown(state)),
    export: () => exportState(shiftState(state, drift()), now() + drift()),
  }
}
