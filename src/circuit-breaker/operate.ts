import { openAfter } from './open-period.js'
import type { BreakerPolicy } from './policy.js'
import { type BreakerState, closedAfter } from './state.js'

/** Closes by hand and forgets what was counted; calls in flight no longer count. Does not lift an isolation, a disabling or a shutdown. */
export function reset(state: BreakerState): BreakerState {
  return isAutomatic(state) ? closedAfter(state) : state
}

/** Opens by hand for one period, after which probes are let in as usual. */
export function trip(state: BreakerState, policy: BreakerPolicy, now: number): BreakerState {
  return isAutomatic(state) ? openAfter(state, policy, now) : state
}

/** Lets everything through and counts nothing. An isolation stays and comes first. */
export function disable(state: BreakerState): BreakerState {
  if (state.kind === 'isolated') return state.after === 'disabled' ? state : { ...state, after: 'disabled' }
  return isAutomatic(state) ? { v: 1, kind: 'disabled', gen: state.gen + 1 } : state
}

/** Protects again after `disable`, with nothing counted. */
export function enable(state: BreakerState): BreakerState {
  if (state.kind === 'isolated') return state.after === 'closed' ? state : { ...state, after: 'closed' }
  return state.kind === 'disabled' ? closedAfter(state) : state
}

/** Refuses every call from now on. There is no way back. */
export function shutdown(state: BreakerState): BreakerState {
  return state.kind === 'shutdown' ? state : { v: 1, kind: 'shutdown', gen: state.gen + 1 }
}

function isAutomatic({ kind }: BreakerState): boolean {
  return kind === 'closed' || kind === 'open' || kind === 'half-open'
}
