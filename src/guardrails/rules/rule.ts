import type { Channel } from '../../core/contact.js'

/** Bodies of rules that can be switched on and off together. `product` is our own and always on. */
export const PACKS = ['product', 'us-federal', 'us-states', 'canada', 'uk', 'eu', 'ghl', 'mailbox-providers', 'carriers'] as const
export type Pack = (typeof PACKS)[number]

/** What is known of one rule beside the code that applies it. `docs/rules.md` is written from these. */
export interface Rule {
  /** What `Reason.rule` says when it speaks, e.g. `content.merge-tag`. */
  readonly id: string
  readonly pack: Pack
  readonly channels: readonly Channel[]
  /** `all`, an ISO 3166 country, or a state as `US-FL`: where the recipient has to be for the rule to apply. */
  readonly jurisdiction: string
  /** The strictest it can say. */
  readonly verdict: 'block' | 'hold' | 'warn'
  /** One sentence: what it refuses, with its figures. */
  readonly says: string
  /** When the source was last read, `2026-11-23`. */
  readonly asOf: string
  /** Statute, provider page or measurement the figure comes from; `own` for the product's own judgement. */
  readonly source: string
}
