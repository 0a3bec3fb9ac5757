import type { BreakerState, TimeSlot, Window } from './state.js'

/** The same state told by a clock that shows `by` ms more. */
export function shiftState(state: BreakerState, by: number): BreakerState {
  if (by === 0) return state
  switch (state.kind) {
    case 'closed': {
      const window = shiftWindow(state.window, by)
      return state.warmUntil === undefined ? { ...state, window } : { ...state, window, warmUntil: state.warmUntil + by }
    }
    case 'open':
      return { ...state, openedAt: state.openedAt + by, retryAt: state.retryAt + by }
    case 'half-open':
      return { ...state, probes: state.probes.map((probe) => ({ ...probe, at: probe.at + by, until: probe.until + by })) }
    case 'isolated': {
      const holders = state.holders.map((held) => ({
        ...held,
        since: held.since + by,
        ...(held.expiresAt === undefined ? {} : { expiresAt: held.expiresAt + by }),
      }))
      return { ...state, holders }
    }
    case 'disabled':
    case 'shutdown':
      return state
  }
}

function shiftWindow(window: Window | null, by: number): Window | null {
  if (window === null || window.kind === 'count') return window
  if (window.kind === 'consecutive') return { ...window, lastAt: window.lastAt + by }
  const later = (slot: TimeSlot): TimeSlot => ({ ...slot, at: slot.at + by })
  return { ...window, older: window.older.map(later), newest: later(window.newest) }
}
