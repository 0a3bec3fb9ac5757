import { type BreakerState, closedAfter, type Holder, type Isolated } from './state.js'

/** Holds the circuit open in somebody's name, until `release` or `expiresAt` (ms since 1970). Calls in flight no longer count. */
export function isolate(
  state: BreakerState,
  holder: string,
  now: number,
  more: { readonly reason?: string; readonly expiresAt?: number } = {},
): BreakerState {
  if (state.kind === 'shutdown') return state
  const held: Holder = {
    name: holder,
    since: now,
    ...(more.reason === undefined ? {} : { reason: more.reason }),
    ...(more.expiresAt === undefined ? {} : { expiresAt: more.expiresAt }),
  }
  if (state.kind !== 'isolated') {
    return {
      v: 1,
      kind: 'isolated',
      gen: state.gen + 1,
      holders: [held],
      after: state.kind === 'disabled' ? 'disabled' : 'closed',
    }
  }
  return { ...state, holders: [...state.holders.filter((other) => other.name !== holder), held] }
}

/** Gives up one holder's hold. After the last one the circuit is closed with nothing counted. Unknown holders change nothing. */
export function release(state: BreakerState, holder: string, now: number): BreakerState {
  if (state.kind !== 'isolated' || !state.holders.some((held) => held.name === holder)) return state
  return endIsolation({ ...state, holders: state.holders.filter((held) => held.name !== holder) }, now)
}

/** The state after the isolation if every hold is over, else the same object. */
export function endIsolation(state: Isolated, now: number): BreakerState {
  if (state.holders.some((held) => held.expiresAt === undefined || !(now >= held.expiresAt))) return state
  return state.after === 'disabled' ? { v: 1, kind: 'disabled', gen: state.gen + 1 } : closedAfter(state)
}

/** When the last hold ends by itself; undefined if one never does. */
export function isolatedUntil(state: Isolated): number | undefined {
  let last: number | undefined
  for (const { expiresAt } of state.holders) {
    if (expiresAt === undefined) return undefined
    if (last === undefined || expiresAt > last) last = expiresAt
  }
  return last
}
