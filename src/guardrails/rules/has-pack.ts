import type { GuardrailPolicy } from '../policy.js'
import type { Pack } from './rule.js'

/** Whether the rules of a pack are on; a policy that names no packs has all of them. */
export function hasPack(policy: GuardrailPolicy & { readonly packs?: readonly Pack[] }, pack: Pack): boolean {
  return policy.packs === undefined || policy.packs.includes(pack)
}
