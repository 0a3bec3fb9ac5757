import { guardrailPolicySchema, sendWindow } from 'sendwarden/guardrails'
import { z } from 'zod'
import type { CaseResult } from './suites.js'

const spans = z.array(z.tuple([z.string(), z.string()]))
const file = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      instantUtc: z.string(),
      channel: z.enum(['email', 'sms', 'call', 'whatsapp']),
      policy: z.object({ windows: z.record(z.string(), spans) }),
      recipient: z.record(z.string(), z.string()),
      candidateZones: z.array(z.string()),
      expect: z.object({ allowed: z.boolean(), nextAllowedUtc: z.string().nullable(), reason: z.string() }),
    }),
  ),
})

/**
 * The windows of a case are the whole of its rules, so no law is added to them. Its answers are those of tz 2026c:
 * what we know of younger laws (Manitoba, the Northwest Territories, Cuba) is left to the runtime, older ones are not.
 */
export function runQuietHoursSuite(vectors: unknown): CaseResult[] {
  return file.parse(vectors).cases.map(({ id, instantUtc, channel, policy, recipient, candidateZones, expect }) => {
    const { windows } = policy
    const rules = guardrailPolicySchema.parse({
      hours: {
        email: { windows },
        sms: { windows },
        zoneChanges: { 'America/Winnipeg': [], 'America/Inuvik': [], 'America/Havana': [] },
      },
    })
    const now = Date.parse(instantUtc)
    const { timezone: timeZone, ...rest } = recipient
    const window = sendWindow({ ...rest, timeZone }, channel, { ...rules, packs: ['product'] }, now)
    const got = {
      allowed: window.allowed,
      nextAllowedUtc: window.nextAllowed?.toISOString().replace('.000Z', 'Z') ?? null,
      reason: window.reason,
    }
    const missing = candidateZones.filter((zone) => !window.zones.some((ours) => offset(ours, now) === offset(zone, now)))
    return {
      id,
      ok: missing.length === 0 && JSON.stringify(got) === JSON.stringify(expect),
      expected: { ...expect, candidateZones },
      got: { ...got, zones: window.zones },
    }
  })
}

/** What the runtime's own data say. */
function offset(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'long' }).format(at).replace(/ [^ ]*$/, '')
}
