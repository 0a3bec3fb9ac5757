import { CHANNELS, type Channel } from '../core/contact.js'
import type { Json } from '../core/json.js'
import type { Entry, Op } from '../core/storage-ops.js'
import type { Feedback } from '../ghl/index.js'
import { channelFamily, ownWords, readOptOut, senderDomain, type Wish } from '../guardrails/recipients/index.js'
import type { Draft } from './apply-feedback.js'
import { suppress } from './feedback-mail.js'
import { FEEDBACK_LIFE_MS } from './feedback-memory.js'
import { healthForFeedback, healthOp } from './health-store.js'
import { keys } from './keys.js'
import { addCause, liftCause, mailboxKey } from './suppression-store.js'

type Inbound = Extract<Feedback, { kind: 'inbound' }>

/** A person wrote: STOP in whatever words, START after a STOP, or an answer. */
export async function hear(draft: Draft, inbound: Inbound): Promise<Wish | undefined> {
  const { channel, body } = inbound
  const wish = readOptOut(channel === 'email' ? ownWords(body) : body)
  if (wish === 'stop') await stop(draft, inbound)
  // Only the word by text takes back the word by text.
  if (wish === 'start' && channel !== 'email') await start(draft, inbound)
  if (channel === 'whatsapp') await openWindow(draft, inbound)
  if (channel === 'email') await countReply(draft, inbound)
  return wish
}

/** What was last wished, and when: an event that comes late is told from a new one by it. */
interface LastWish {
  readonly stopAt?: number
  readonly startAt?: number
  /** What the STOP put on the list. */
  readonly keys?: readonly string[]
}

async function stop(draft: Draft, { channel, contactId, from, at }: Inbound): Promise<void> {
  const { key, entry, last } = await lastWish<LastWish>(draft, contactId, channelFamily(channel))
  // They said START after it.
  if (last.startAt !== undefined && last.startAt > at) return
  const stopped = [`contact:${contactId}#${channelFamily(channel)}`, ...addressKeys(channel, from)]
  await suppress(draft, stopped, channel === 'email' ? 'unsubscribed' : 'stopped')
  const stopAt = Math.max(at, last.stopAt ?? 0)
  draft.ops.push(
    wishOp(key, entry, { stopAt, keys: [...new Set([...(last.keys ?? []), ...stopped])] } satisfies LastWish, draft.now),
  )
}

async function start(draft: Draft, { channel, contactId, at }: Inbound): Promise<void> {
  const { key, entry, last } = await lastWish<LastWish>(draft, contactId, channelFamily(channel))
  if (Math.max(last.stopAt ?? 0, last.startAt ?? 0) >= at) return
  const stopped = last.keys ?? [`contact:${contactId}#${channelFamily(channel)}`]
  const found = await draft.core.storage.read(stopped.map(keys.suppressed))
  for (const [index, each] of stopped.entries()) {
    const op = liftCause(each, found[index] ?? null, 'stopped')
    if (op !== undefined) draft.ops.push(op)
  }
  draft.ops.push(wishOp(key, entry, { startAt: at, keys: stopped } satisfies LastWish, draft.now))
}

/** The number on this channel, or the mailbox, where the event says who wrote. */
function addressKeys(channel: Channel, from: string | undefined): readonly string[] {
  const key = from === undefined ? undefined : mailboxKey(channel, from)
  if (key === undefined) return []
  return [key.startsWith('+') ? `${key}#${channelFamily(channel)}` : key]
}

/** A day longer than the window is open: that it closed has to be known too. */
const HEARD_MS = 2 * 24 * 3_600_000

async function openWindow({ core, ops }: Draft, { contactId, at }: Inbound): Promise<void> {
  const key = keys.heard(contactId)
  const [entry = null] = await core.storage.read([key])
  const before = (entry?.value as { readonly at?: number } | undefined)?.at ?? 0
  if (at > before) ops.push({ op: 'put', key, value: { at }, version: entry?.version ?? null, expiresAt: at + HEARD_MS })
}

async function countReply({ core, now, ops }: Draft, { to, at }: Inbound): Promise<void> {
  const stored = await healthForFeedback(core, senderDomain(to ?? core.policy.account.senderDomain), now)
  // An answer to a domain nothing was sent from is no answer to us.
  if (stored === undefined || (stored.entry === null && Object.keys(stored.sent).length === 0)) return
  ops.push(healthOp(core, stored, 'reply', { at, now }).op)
}

/** `sms` stands for RCS too: what GHL says of one it says of both. */
const FAMILIES: readonly Channel[] = CHANNELS.filter((channel) => channelFamily(channel) === channel)

/** Keeps what GHL says of do-not-disturb, for hosts that look contacts up elsewhere. Lifted only where it was set: in GHL. */
export async function followDnd(
  draft: Draft,
  { contactId, all, channels, at }: Extract<Feedback, { kind: 'dnd' }>,
): Promise<void> {
  const { key, entry, last } = await lastWish<{ readonly at?: number }>(draft, contactId, 'dnd')
  if (last.at !== undefined && last.at > at) return
  const places: { readonly place: string; readonly on: boolean }[] = []
  if (channels !== undefined)
    for (const family of FAMILIES) places.push({ place: `dnd:${contactId}#${family}`, on: channels.includes(family) })
  if (all !== undefined) places.push({ place: `contact:${contactId}`, on: all })
  const found = await draft.core.storage.read(places.map(({ place }) => keys.suppressed(place)))
  for (const [index, { place, on }] of places.entries()) {
    const stored = found[index] ?? null
    const op = on
      ? addCause(place, stored, { cause: 'do_not_disturb', at: draft.now, by: draft.by })
      : liftCause(place, stored, 'do_not_disturb')
    if (op !== undefined) draft.ops.push(op)
  }
  draft.ops.push(wishOp(key, entry, { at }, draft.now))
}

async function lastWish<T extends object>(
  { core }: Draft,
  contactId: string,
  about: string,
): Promise<{ readonly key: string; readonly entry: Entry | null; readonly last: Partial<T> }> {
  const key = keys.wish(contactId, about)
  const [entry = null] = await core.storage.read([key])
  return { key, entry, last: (entry?.value as Partial<T> | undefined) ?? {} }
}

/** Kept longer than any event is taken. */
function wishOp(key: string, entry: Entry | null, value: Json, now: number): Op {
  return { op: 'put', key, value, version: entry?.version ?? null, expiresAt: now + FEEDBACK_LIFE_MS }
}
