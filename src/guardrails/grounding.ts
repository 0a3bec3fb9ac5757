import type { ActionType, Grounding, Risk } from '../core/action.js'
import { RISKS } from '../core/action.js'
import { type Decision, denyIf } from '../core/decision.js'
import type { Reason } from '../core/reason.js'
import { because } from './findings.js'
import type { GuardrailPolicy } from './policy.js'

/** The part of an action that decides which evidence it needs. */
export interface GroundedAction {
  readonly type: ActionType
  readonly risk: Risk
  /** The contacts it touches; empty when it touches none. */
  readonly contactIds: readonly string[]
}

/**
 * Whether an action's evidence is present, from an accepted source, fresh, and about a contact it touches.
 * Needed from `policy.grounding.requiredFrom` on; evidence that is given is judged at any risk.
 * `now` is ms since 1970. Returns allow, or deny with every fault.
 */
export function checkGrounding(
  grounding: Grounding | undefined,
  action: GroundedAction,
  policy: GuardrailPolicy,
  now: number,
): Decision {
  const rules = policy.grounding
  if (grounding === undefined || grounding === null) {
    if (RISKS.indexOf(action.risk) < RISKS.indexOf(rules.requiredFrom)) return denyIf([])
    return denyIf([
      because(
        'grounding.missing',
        `${action.type} has risk ${action.risk}, which needs evidence: pass grounding { source, dataId, verifiedAt } about its contact.`,
        { risk: action.risk, requiredFrom: rules.requiredFrom },
      ),
    ])
  }
  return denyIf([...origin(grounding, rules.sources), ...age(grounding, rules, now), ...subject(grounding, action)])
}

function origin({ source, dataId }: Grounding, sources: readonly string[]): Reason[] {
  const found: Reason[] = []
  if (!sources.includes(source)) {
    const named = typeof source === 'string' ? source.slice(0, 40) : null
    found.push(
      because('grounding.source', `Evidence may come from ${sources.join(', ')}, not from this source.`, { source: named }),
    )
  }
  if (typeof dataId !== 'string' || dataId.trim() === '') {
    found.push(
      because('grounding.invalid', 'Evidence has to name the record that was checked: set grounding.dataId.', {
        field: 'dataId',
      }),
    )
  }
  return found
}

function age({ verifiedAt }: Grounding, rules: GuardrailPolicy['grounding'], now: number): Reason[] {
  const at = instant(verifiedAt)
  if (Number.isNaN(at)) {
    return [
      because('grounding.invalid', 'grounding.verifiedAt has to be ms since 1970 or ISO 8601 with an offset.', {
        field: 'verifiedAt',
      }),
    ]
  }
  const old = now - at
  const data = { ageMs: old, maxAgeMs: rules.maxAgeMs }
  if (old < -rules.skewMs)
    return [
      because('grounding.future', `The evidence is dated ${seconds(-old)} s in the future. Check the clock that made it.`, data),
    ]
  if (old > rules.maxAgeMs)
    return [
      because(
        'grounding.stale',
        `The evidence is ${minutes(old)} minutes old; at most ${minutes(rules.maxAgeMs)} are accepted. Check the contact again.`,
        data,
      ),
    ]
  return []
}

function subject({ dataId, contactId }: Grounding, { contactIds }: GroundedAction): Reason[] {
  if (contactIds.length === 0 || contactIds.includes(dataId)) return []
  if (contactId !== undefined && contactIds.includes(contactId)) return []
  return [
    because(
      'grounding.other_contact',
      'The evidence is about another contact than the one this action touches. Check this contact.',
      {
        contacts: contactIds.length,
      },
    ),
  ]
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

function instant(value: number | string): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN
  return typeof value === 'string' && ISO.test(value) ? Date.parse(value) : Number.NaN
}

function seconds(ms: number): number {
  return Math.round(ms / 1000)
}

function minutes(ms: number): number {
  return Math.round(ms / 6000) / 10
}
