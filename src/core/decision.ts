import type { Reason } from './reason.js'

/** `hold` means a human has to say yes first. Warnings never stop anything. */
export type Decision =
  | { readonly verdict: 'allow'; readonly warnings: readonly Reason[] }
  | { readonly verdict: 'deny'; readonly reasons: readonly [Reason, ...Reason[]]; readonly warnings: readonly Reason[] }
  | { readonly verdict: 'hold'; readonly reasons: readonly [Reason, ...Reason[]]; readonly warnings: readonly Reason[] }

export type Verdict = Decision['verdict']

export const ALLOW: Decision = Object.freeze({ verdict: 'allow', warnings: Object.freeze([]) })

export function allow(warnings: readonly Reason[] = []): Decision {
  return warnings.length === 0 ? ALLOW : { verdict: 'allow', warnings }
}

/** Denies when there is at least one reason, else allows. */
export function denyIf(reasons: readonly Reason[], warnings: readonly Reason[] = []): Decision {
  return isNonEmpty(reasons) ? { verdict: 'deny', reasons, warnings } : allow(warnings)
}

/** Holds when there is at least one reason, else allows. */
export function holdIf(reasons: readonly Reason[], warnings: readonly Reason[] = []): Decision {
  return isNonEmpty(reasons) ? { verdict: 'hold', reasons, warnings } : allow(warnings)
}

/**
 * Combines decisions: the strictest wins (deny, then hold, then allow), all reasons of that verdict
 * and all warnings are kept. The order of the arguments changes only the order of the reasons.
 */
export function combine(...decisions: readonly Decision[]): Decision {
  if (decisions.every((decision) => decision === ALLOW)) return ALLOW
  const warnings = decisions.flatMap((decision) => decision.warnings)
  const denied = decisions.flatMap((decision) => (decision.verdict === 'deny' ? decision.reasons : []))
  if (denied.length > 0) return denyIf(denied, warnings)
  return holdIf(
    decisions.flatMap((decision) => (decision.verdict === 'hold' ? decision.reasons : [])),
    warnings,
  )
}

/** The latest of the reasons' retry times; undefined as soon as one of them cannot be waited out. */
export function retryAtOf(reasons: readonly Reason[]): number | undefined {
  let latest: number | undefined
  for (const { retryAt } of reasons) {
    if (retryAt === undefined) return undefined
    if (latest === undefined || retryAt > latest) latest = retryAt
  }
  return latest
}

function isNonEmpty(reasons: readonly Reason[]): reasons is readonly [Reason, ...Reason[]] {
  return reasons.length > 0
}
