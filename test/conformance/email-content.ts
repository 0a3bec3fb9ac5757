import { checkMessage, guardrailDefaults, scoreContent } from 'sendwarden/guardrails'
import { z } from 'zod'
import type { CaseResult } from './domain-health.js'

const file = z.object({
  cases: z.array(
    z.object({ id: z.string(), subject: z.string(), body: z.string(), human: z.object({ acceptable: z.boolean() }) }),
  ),
})

const NOON = Date.parse('2026-03-04T12:00:00Z')
const contact = { id: 'c', emails: ['dana@acme.test'], phones: [], dndAll: false, dnd: [], timeZone: 'UTC', country: 'US' }
const grounding = { source: 'manual', dataId: 'c', verifiedAt: NOON }

/**
 * A message is acceptable when nothing about what it says is refused or warned of. The postal address is left out:
 * the vectors hold none and do not judge it.
 */
export function runEmailContentSuite(vectors: unknown): CaseResult[] {
  return file.parse(vectors).cases.map(({ id, subject, body, human }) => {
    const message = { channel: 'email', recipients: [], subject, text: body } as const
    const decision = checkMessage(message, guardrailDefaults, { now: NOON, contact, grounding, senderDomain: 'sender.test' })
    const reasons = decision.verdict === 'allow' ? [] : decision.reasons
    const faults = [...reasons, ...decision.warnings]
      .map(({ rule }) => rule)
      .filter((rule) => rule !== 'compliance.postal-address-missing')
    const acceptable = faults.length === 0
    return {
      id,
      ok: acceptable === human.acceptable,
      expected: human,
      got: { acceptable, faults, score: scoreContent(message, guardrailDefaults).score },
    }
  })
}
