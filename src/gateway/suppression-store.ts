import { CHANNELS, type Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import type { Entry, Op } from '../core/storage-ops.js'
import { channelFamily, contactKeys, recipientKeys } from '../guardrails/recipients/index.js'
import { keys } from './keys.js'
import type { SuppressionTarget } from './suppression-target.js'

/**
 * Why somebody must not be contacted. `stopped` = said so by text, and is the only one that the same person's START
 * lifts; `do_not_disturb` = set in GHL, and lifted there.
 */
export const SUPPRESSION_CAUSES = [
  'unsubscribed',
  'complaint',
  'hard_bounce',
  'do_not_contact',
  'stopped',
  'do_not_disturb',
] as const
export type SuppressionCause = (typeof SUPPRESSION_CAUSES)[number]

export interface SuppressionReason {
  readonly cause: SuppressionCause
  /** ms since 1970. */
  readonly at: number
  /** Who said so: an operator, `webhook`, `catch_up`, an import. */
  readonly by: string
}

/** One entry of the list: as long as there is a cause left, nobody writes there. */
export interface Suppression {
  /** `ann@acme.com`, `@acme.com`, `+14155550100`, `+14155550100#sms`, `contact:<id>`, `contact:<id>#sms`. */
  readonly key: string
  /** Each cause once, oldest first. */
  readonly causes: readonly SuppressionReason[]
}

/** The one key under which a target that `readTarget` gave is put on the list. */
export function suppressionKey(target: SuppressionTarget): string {
  if ('domain' in target) return `@${target.domain}`
  if ('address' in target) return mailboxKey(target.channel, target.address) ?? target.address
  return target.channel === undefined
    ? `contact:${target.contactId}`
    : `contact:${target.contactId}#${channelFamily(target.channel)}`
}

/** The mailbox behind an address, or the number, so that another spelling does not get around it. */
export function mailboxKey(channel: Channel, address: string): string | undefined {
  return recipientKeys(channel, address).findLast((key) => !key.startsWith('@') && !key.includes('#'))
}

/** Every key that speaks of the target itself: what taking it off the list removes. */
export function ownKeys(target: SuppressionTarget): readonly string[] {
  const key = suppressionKey(target)
  if ('contactId' in target) {
    const channels = target.channel === undefined ? CHANNELS : [target.channel]
    const all = channels.flatMap((channel) => contactKeys(target.contactId, channel))
    return [...new Set(target.channel === undefined ? all : all.filter((each) => each !== `contact:${target.contactId}`))]
  }
  if ('domain' in target) return [key]
  return target.channel === 'email' || target.address.includes('@')
    ? recipientKeys('email', target.address).filter((each) => !each.startsWith('@'))
    : [...new Set([key, ...CHANNELS.flatMap((channel) => recipientKeys(channel, target.address))])]
}

/** Every key that would stop a message to the target: with its domain. */
export function stoppingKeys(target: SuppressionTarget): readonly string[] {
  if ('address' in target) return recipientKeys(target.channel, target.address)
  if ('domain' in target) return recipientKeys('email', `x@${target.domain}`).filter((key) => key.startsWith('@'))
  return target.channel === undefined ? [suppressionKey(target)] : contactKeys(target.contactId, target.channel)
}

/** An entry as it was stored. What cannot be read still stops: somebody put it there. */
export function readSuppression(entry: Entry): Suppression {
  const { key, causes } = (entry.value ?? {}) as { key?: unknown; causes?: unknown }
  const name = typeof key === 'string' ? key : entry.key.slice(keys.suppressions.length)
  return { key: name, causes: Array.isArray(causes) ? (causes as SuppressionReason[]) : [] }
}

/** The write that adds a cause, unless somebody else wrote meanwhile; undefined where it is there already. */
export function addCause(key: string, entry: Entry | null, reason: SuppressionReason): Op | undefined {
  const causes = entry === null ? [] : readSuppression(entry).causes
  if (causes.some(({ cause }) => cause === reason.cause)) return undefined
  return put(key, entry, [...causes, reason])
}

/** The write that takes a cause away and leaves the others; undefined where there is nothing to take. */
export function liftCause(key: string, entry: Entry | null, cause: SuppressionCause): Op | undefined {
  if (entry === null) return undefined
  const { causes } = readSuppression(entry)
  const left = causes.filter((each) => each.cause !== cause)
  if (left.length === causes.length) return undefined
  return left.length > 0 ? put(key, entry, left) : { op: 'del', key: keys.suppressed(key), version: entry.version }
}

function put(key: string, entry: Entry | null, causes: readonly SuppressionReason[]): Op {
  const value: Suppression = { key, causes }
  return { op: 'put', key: keys.suppressed(key), value: value as unknown as Json, version: entry?.version ?? null }
}
