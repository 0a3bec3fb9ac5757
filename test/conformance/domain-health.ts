import { domainHealth } from 'sendwarden/guardrails'
import { z } from 'zod'

const file = z.object({
  cases: z.array(
    z.object({
      id: z.string().optional(),
      input: z.object({
        totalSent: z.number(),
        bounces: z.number(),
        complaints: z.number(),
        unsubscribes: z.number(),
        opens: z.number(),
        replies: z.number(),
      }),
      expect: z.object({ score: z.number(), healthy: z.boolean() }),
    }),
  ),
})

export interface CaseResult {
  readonly id: string
  readonly ok: boolean
  readonly skipped?: string
  readonly expected?: unknown
  readonly got?: unknown
}

/** Counters give the original's score and health, with the original's policy. */
export function runDomainHealthSuite(vectors: unknown): CaseResult[] {
  return file.parse(vectors).cases.map(({ id, input, expect }, index) => {
    const { score, healthy } = domainHealth(input, 'original')
    const ok = Math.abs(score - expect.score) < 1e-9 && healthy === expect.healthy
    return { id: id ?? `case-${index}`, ok, expected: expect, got: { score, healthy } }
  })
}
