import { CHANNELS, type Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import type { Op } from '../core/storage-ops.js'
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

/** Whom to suppress: a contact of GHL, an address on a channel (its spellings count as one), or a whole e-mail domain. */
export type SuppressionTarget =
  | { readonly contactId: string }
  | { readonly channel: Channel; readonly address: string }
  | { readonly domain: string }

/** The list of people nobody writes to. Checked with every send, and again in its begin commit. No agent can touch it. */
export interface Suppressions {
  add(target: SuppressionTarget, why: { readonly cause: SuppressionCause; readonly by?: string }): Promise<void>
  has(target: SuppressionTarget): Promise<boolean>
  /** Only for a mistake, or on the person's own word. */
  remove(target: SuppressionTarget, why: { readonly by: string; readonly note: string }): Promise<void>
}

export function createSuppressions({ known, storage, clock, policy, sealer }: Core): Suppressions {
  async function write(op: Op, at: number, by: string, what: 'add' | 'remove', note?: string): Promise<void> {
    await storage.commit([[op, recordOp(operatorRecord(at, by, `suppression.${what}`, policy, {}, note))]])
    sealer.wrote()
  }

  return {
    async add(target, { cause, by = 'operator' }) {
      const key = keyOf(target)
      await known.open()
      const at = clock.now()
      const value: Suppression = { key, cause, at, by }
      await write({ op: 'put', key: keys.suppressed(key), value: value as unknown as Json }, at, by, 'add')
    },
    async remove(target, { by, note }) {
      const key = keyOf(target)
      await known.open()
      await write({ op: 'del', key: keys.suppressed(key) }, clock.now(), by, 'remove', note)
    },
    async has(target) {
      const key = keyOf(target)
      await known.open()
      const [entry] = await storage.read([keys.suppressed(key)])
      return Boolean(entry)
    },
  }
}

/** Throws `TypeError` for a target that names nobody: suppressing nobody would look like success. */
function keyOf(target: SuppressionTarget): string {
  if ('contactId' in target && typeof target.contactId === 'string' && target.contactId !== '')
    return `contact:${target.contactId}`
  if ('domain' in target) {
    const domain = recipientKeys('email', `x@${target.domain}`).find((key) => key.startsWith('@'))
    if (domain !== undefined) return domain
  }
  if ('address' in target && CHANNELS.includes(target.channel)) {
    // The mailbox behind the address, so that another spelling does not get around it.
    const mailbox = recipientKeys(target.channel, target.address).findLast((key) => !key.startsWith('@'))
    if (mailbox !== undefined) return mailbox
  }
  throw new TypeError('A suppression needs a contactId, a channel and an address, or a domain.')
}
