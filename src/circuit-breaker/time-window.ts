import type { TimeTrip } from './policy.js'
import { rateTripped } from './rate.js'
import type { TimeSlot, TimeWindow } from './state.js'
import type { Sample } from './window.js'

/**
 * Adds a result and forgets those that left the window. Slots begin with an event, not on a grid:
 * sparse results are aged exactly, dense ones leave at most one part of the window early.
 */
export function recordTime(window: TimeWindow | null, sample: Sample, trip: TimeTrip, now: number): TimeWindow {
  const slots = window === null ? [] : young(window.slots, trip.windowMs, now)
  const last = slots.at(-1)
  if (last !== undefined && now - last.at < trip.windowMs / trip.parts) slots[slots.length - 1] = plus(last, sample)
  else slots.push(plus({ at: now, calls: 0, failures: 0, slow: 0 }, sample))
  return { kind: 'time', slots }
}

/** A copy without what left the window. Slots are in the order of time, so mostly a look at both ends will do. */
function young(slots: readonly TimeSlot[], windowMs: number, now: number): TimeSlot[] {
  const [first] = slots
  const last = slots.at(-1)
  if (first !== undefined && last !== undefined && now - first.at < windowMs && last.at <= now) return slots.slice()
  // A slot from the future was written before the clock was set back: it is as young as can be.
  return slots.map((slot) => (slot.at > now ? { ...slot, at: now } : slot)).filter((slot) => now - slot.at < windowMs)
}

/** Judged right after a result was recorded, so every slot is inside the window. */
export function timeTripped({ slots }: TimeWindow, trip: TimeTrip, slowRate?: number): boolean {
  return rateTripped(totals(slots), trip, slowRate)
}

export function totals(slots: readonly TimeSlot[]): { calls: number; failures: number; slow: number } {
  const sum = { calls: 0, failures: 0, slow: 0 }
  for (const slot of slots) {
    sum.calls += slot.calls
    sum.failures += slot.failures
    sum.slow += slot.slow
  }
  return sum
}

function plus(slot: TimeSlot, sample: Sample): TimeSlot {
  return {
    at: slot.at,
    calls: slot.calls + 1,
    failures: slot.failures + (sample.failed ? 1 : 0),
    slow: slot.slow + (sample.slow ? 1 : 0),
  }
}
