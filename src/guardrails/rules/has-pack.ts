import type { Pack } from './rule.js'

/** The packs a policy switches on; left out = all. */
export interface PackChoice {
  readonly packs?: readonly Pack[] | undefined
}

/** Whether the rules of a pack are applied. The product's own always are. */
export function hasPack({ packs }: PackChoice, pack: Pack): boolean {
  return pack === 'product' || packs === undefined || packs.includes(pack)
}
