import type { Decision } from '../../src/core/decision.js'
import type { MessageFacts } from '../../src/guardrails/index.js'
import { contact, grounding } from '../../src/testing/builders.js'

/** Monday 2 March 2026, 10:00 in New York. */
export const NOW = Date.parse('2026-03-02T15:00:00Z')

/** Facts under which a harmless message passes. */
export function facts(more: Partial<MessageFacts> = {}): MessageFacts {
  return {
    now: NOW,
    contact: contact(),
    action: { type: 'send_email', risk: 'high', contactIds: ['contact_1'] },
    grounding: grounding(),
    senderDomain: 'agency.example.com',
    ...more,
  }
}

export function codes(decision: Decision): string[] {
  return decision.verdict === 'allow' ? [] : decision.reasons.map(({ code }) => code)
}

export function warningRules(decision: Decision): string[] {
  return decision.warnings.map(({ rule }) => rule)
}

export function rules(decision: Decision): string[] {
  return decision.verdict === 'allow' ? [] : decision.reasons.map(({ rule }) => rule)
}
