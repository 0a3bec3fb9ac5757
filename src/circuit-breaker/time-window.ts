import type { TimeTrip } from './policy.js'
import { rateTripped } from './rate.js'
import type { TimeSlot, TimeWindow } from './state.js'
import type { Sample } from './window.js'

/**
 * Adds a result and forgets those that left the window. Slots begin with an event, not on a grid:
 * sparse results are aged exactly, dense ones leave at most one part of the window early.
 */
export function recordTime(window: TimeWindow | null, sample: Sample, trip: TimeTrip, now: number): TimeWindow {
  if (window === null) return { kind: 'time', older: NONE, newest: plus(emptySlot(now), sample) }
  const { older, newest } = window
  const oldest = older[0] ?? newest
  // Most results join the newest slot while nothing is old enough to leave.
  if (newest.at <= now && (now - newest.at) * trip.parts < trip.windowMs && now - oldest.at < trip.windowMs)
    return { kind: 'time', older, newest: plus(newest, sample) }
  return withYoung(youngOf(slotsOf(window), trip.windowMs, now), sample, trip, now)
}

function withYoung(slots: readonly TimeSlot[], sample: Sample, trip: TimeTrip, now: number): TimeWindow {
  const last = slots.at(-1)
  return last !== undefined && (now - last.at) * trip.parts < trip.windowMs
    ? { kind: 'time', older: slots.slice(0, -1), newest: plus(last, sample) }
    : { kind: 'time', older: slots, newest: plus(emptySlot(now), sample) }
}

const NONE: readonly TimeSlot[] = []

/** Without what left the window. A slot from the future was written before the clock was set back: it is as young as can be. */
function youngOf(slots: readonly TimeSlot[], windowMs: number, now: number): readonly TimeSlot[] {
  return slots.map((slot) => (slot.at > now ? { ...slot, at: now } : slot)).filter((slot) => now - slot.at < windowMs)
}

/** All slots, the oldest first. */
function slotsOf({ older, newest }: TimeWindow): readonly TimeSlot[] {
  return [...older, newest]
}

/** Judged right after a result was recorded, so every slot is inside the window. */
export function timeTripped(window: TimeWindow, trip: TimeTrip, slowRate?: number): boolean {
  return rateTripped(totals(window), trip, slowRate)
}

export function totals(window: TimeWindow): { calls: number; failures: number; slow: number } {
  const sum = { calls: 0, failures: 0, slow: 0 }
  for (const slot of slotsOf(window)) {
    sum.calls += slot.calls
    sum.failures += slot.failures
    sum.slow += slot.slow
  }
  return sum
}

function emptySlot(at: number): TimeSlot {
  return { at, calls: 0, failures: 0, slow: 0 }
}

function plus(slot: TimeSlot, sample: Sample): TimeSlot {
  return {
    at: slot.at,
    calls: slot.calls + 1,
    failures: slot.failures + (sample.failed ? 1 : 0),
    slow: slot.slow + (sample.slow ? 1 : 0),
  }
}
