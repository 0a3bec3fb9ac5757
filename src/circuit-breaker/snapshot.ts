import type { BreakerPolicy } from './policy.js'
import { shiftState } from './shift.js'
import { type BreakerState, initialState } from './state.js'
import { parseState } from './state-schema.js'

/** A state on its way to another process, with the time at which it was true. */
export interface BreakerSnapshot {
  readonly v: 1
  readonly savedAt: number
  readonly state: BreakerState
}

/** Packs a state for keeping. Plain JSON. */
export function exportState(state: BreakerState, now: number): BreakerSnapshot {
  return { v: 1, savedAt: now, state }
}

export interface Restored {
  readonly state: BreakerState
  /** False when what was given was missing, corrupt or foreign: the state is then a new, closed one. */
  readonly restored: boolean
}

/**
 * Takes up a snapshot (or a bare state, or the JSON text of either) as its only owner: probes of the process that wrote it
 * are gone. Never throws. If the clock shows less than when it was saved, no time counts as passed; an open period is never
 * longer than the policy's `maxOpenMs`. Does not change what it is given.
 */
export function restore(json: unknown, policy: BreakerPolicy, now: number): Restored {
  const value = typeof json === 'string' ? parseText(json) : json
  const { savedAt, state: packed } = unpack(value)
  const state = parseState(packed)
  if (state === null) return { state: initialState(policy, now), restored: false }
  return { state: adopt(shiftState(state, Math.min(0, now - (savedAt ?? now))), policy), restored: true }
}

/**
 * Takes up a bare state from a store that others share: probes in flight stay, since they may be somebody else's, and end
 * with their lease. Otherwise like `restore`.
 */
export function restoreState(json: unknown, policy: BreakerPolicy, now: number): Restored {
  const state = parseState(json)
  return state === null ? { state: initialState(policy, now), restored: false } : { state: clamp(state, policy), restored: true }
}

function adopt(state: BreakerState, policy: BreakerPolicy): BreakerState {
  return state.kind === 'half-open' ? { ...state, probes: [] } : clamp(state, policy)
}

function clamp(state: BreakerState, policy: BreakerPolicy): BreakerState {
  if (state.kind !== 'open') return state
  return { ...state, retryAt: Math.min(state.retryAt, state.openedAt + policy.maxOpenMs) }
}

function unpack(value: unknown): { savedAt?: number; state: unknown } {
  if (typeof value !== 'object' || value === null || !('savedAt' in value) || !('state' in value)) return { state: value }
  const { savedAt, state } = value
  return typeof savedAt === 'number' && Number.isFinite(savedAt) ? { savedAt, state } : { state: null }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
