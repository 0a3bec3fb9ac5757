import { CHANNELS, type Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import { recipientKeys } from '../guardrails/index.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'

/** Why somebody must not be contacted. */
export type SuppressionCause = 'unsubscribed' | 'complaint' | 'hard_bounce' | 'do_not_contact'

export interface Suppression {
  readonly key: string
  readonly cause: SuppressionCause
  readonly at: number
  readonly by: string
}

/** Whom to suppress: a contact of GHL, or an address on a channel (its spellings count as one). */
export type SuppressionTarget = { readonly contactId: string } | { readonly channel: Channel; readonly address: string }

/** The list of people nobody writes to. Checked with every send, and again in its begin commit. No agent can touch it. */
export interface Suppressions {
  add(target: SuppressionTarget, why: { readonly cause: SuppressionCause; readonly by?: string }): Promise<void>
  has(target: SuppressionTarget): Promise<boolean>
  /** Only for a mistake, or on the person's own word. */
  remove(target: SuppressionTarget, why: { readonly by: string; readonly note: string }): Promise<void>
}

export function createSuppressions({ known, storage, clock, policy, sealer }: Core): Suppressions {
  async function write(
    target: SuppressionTarget,
    by: string,
    what: 'add' | 'remove',
    value: (key: string, at: number) => Json | null,
    note?: string,
  ): Promise<void> {
    await known.open()
    const at = clock.now()
    const ops = keysOf(target).map((key) => {
      const entry = value(key, at)
      return entry === null
        ? ({ op: 'del', key: keys.suppressed(key) } as const)
        : ({ op: 'put', key: keys.suppressed(key), value: entry } as const)
    })
    await storage.commit([[...ops, recordOp(operatorRecord(at, by, `suppression.${what}`, policy, {}, note))]])
    sealer.wrote()
  }
  return {
    add: (target, { cause, by = 'operator' }) => write(target, by, 'add', (key, at) => ({ key, cause, at, by })),
    remove: (target, { by, note }) => write(target, by, 'remove', () => null, note),
    async has(target) {
      await known.open()
      return (await storage.read(keysOf(target).map(keys.suppressed))).some((entry) => entry !== null)
    },
  }
}

/** Throws `TypeError` for a target that names nobody: suppressing nobody would look like success. */
function keysOf(target: SuppressionTarget): readonly string[] {
  if ('contactId' in target && typeof target.contactId === 'string' && target.contactId !== '')
    return [`contact:${target.contactId}`]
  if ('address' in target && CHANNELS.includes(target.channel)) {
    const [own] = recipientKeys(target.channel, target.address)
    if (own !== undefined) return [own]
  }
  throw new TypeError('A suppression needs a contactId, or a channel and an address.')
}
