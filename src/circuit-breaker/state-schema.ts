import { z } from 'zod'
import type { BreakerState } from './state.js'

const count = z.int().min(0)
const at = z.number()
const base = { v: z.literal(1), gen: z.int().positive() }
const counts = { calls: count, failures: count, slow: count }

const slot = z.object({ at, ...counts })

const window = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('consecutive'), failures: count, lastAt: at }),
    z.object({ kind: z.literal('count'), size: z.int().positive(), words: z.array(count).max(625), next: count, ...counts }),
    z.object({ kind: z.literal('time'), older: z.array(slot).max(1000), newest: slot }),
  ])
  .refine((one) => one.kind !== 'count' || (one.next < one.size && one.words.length === Math.ceil(one.size / 16)))

const holder = z.object({ name: z.string(), since: at, reason: z.string().exactOptional(), expiresAt: at.exactOptional() })

const schema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('closed'), window: window.nullable(), warmUntil: at.exactOptional() }),
  z
    .object({ ...base, kind: z.literal('open'), openedAt: at, retryAt: at, round: count })
    .refine((open) => open.retryAt >= open.openedAt),
  z.object({
    ...base,
    kind: z.literal('half-open'),
    round: count,
    successes: count,
    failures: count,
    probes: z.array(z.object({ id: count, at, until: at })),
    issued: count,
  }),
  z.object({ ...base, kind: z.literal('isolated'), holders: z.array(holder).min(1), after: z.enum(['closed', 'disabled']) }),
  z.object({ ...base, kind: z.literal('disabled') }),
  z.object({ ...base, kind: z.literal('shutdown') }),
])

/** A state read back from a store, or null when it is not one of ours: corrupt, foreign, or of another version. */
export function parseState(json: unknown): BreakerState | null {
  const parsed = schema.safeParse(json)
  return parsed.success ? parsed.data : null
}
