import { z } from 'zod'

/**
 * How much of the work is real: `shadow` sends nothing and records what would have happened, `{ pilot: 0.1 }` is
 * live for a tenth of the contacts and shadow for the others, `live` is live for all.
 */
export const rolloutMode = z.union([
  z.enum(['shadow', 'live']),
  /** The share of contacts, 0 to 1. */
  z.strictObject({ pilot: z.number().min(0).max(1) }).readonly(),
])

export type RolloutMode = z.infer<typeof rolloutMode>

/** The share of contacts a mode is live for: 0 to 1. What is not a mode is live for nobody. */
export function liveShare(mode: RolloutMode): number {
  if (mode === 'live') return 1
  const result = rolloutMode.safeParse(mode)
  return result.success && typeof result.data === 'object' ? result.data.pilot : 0
}

/** The mode that lets the fewest through; `live` when there is none to choose from. */
export function strictest(...modes: readonly RolloutMode[]): RolloutMode {
  let least: RolloutMode = 'live'
  for (const mode of modes) if (liveShare(mode) < liveShare(least)) least = mode
  return least
}
