import type { Message } from '../core/message.js'
import type { Entry, Op } from '../core/storage-ops.js'
import { textLimits, whereabouts } from '../guardrails/index.js'
import { charge, type LimitWindow, personWindows, type SendRequest, keys as windowKeys } from '../limits/index.js'
import type { Storage } from '../storage/storage.js'
import type { Attempt } from './attempt.js'
import type { GatewayPolicy } from './config.js'
import type { Core } from './core.js'
import type { Lane } from './judge.js'
import { mailCount } from './people.js'
import { unreadable } from './unreadable.js'
import { warmUpWindow } from './warm-up.js'

/** Every limit one action has to fit into. The shadow lane counts apart, so that its answers are those of a live day. */
export function windowsFor(
  attempt: Attempt,
  { known, policy }: Pick<Core, 'known' | 'policy'>,
  lane: Lane,
  now: number,
): readonly LimitWindow[] {
  const { classified, agent, location } = attempt
  const { limits, account } = policy
  const { message } = classified
  const prefix = lane === 'shadow' ? 'shadow/' : ''
  const windows = limits.agent(agent).windows({ agent, limitKey: classified.limitKey, prefix })
  const add = (more: readonly LimitWindow[]) => {
    for (const window of more) windows.push(window)
  }
  const send = (recipients: SendRequest['recipients']): SendRequest => {
    const request = { location, zone: account.timeZone, prefix, recipients }
    return message?.sendAt === undefined ? request : { ...request, at: message.sendAt }
  }
  if (message?.channel === 'email') add(limits.email.windows(send(mailCount(attempt))))
  // RCS is the same sender on the same carriers, and falls back to SMS.
  if (message?.channel === 'sms' || message?.channel === 'rcs')
    add(limits.sms.windows(send({ total: message.recipients.length })))
  if (message !== undefined && message.channel !== 'email') add(perPerson(attempt, message, policy, prefix))
  if (classified.action === 'bulk_send_email') add(limits.email.bulk(send({ total: classified.recipients })))
  const warmUp = warmUpWindow(attempt, known, policy, prefix, now)
  if (warmUp !== undefined) windows.push(warmUp)
  // The look-ups were real in either lane.
  const calls = (lane === 'live' ? 1 : 0) + attempt.lookups
  if (calls > 0) add(limits.ghl.windows({ location, calls }))
  return windows
}

/** What the laws of where a recipient may be say about how often it may be called or texted. */
function perPerson(
  { contact, contactIds, location }: Attempt,
  message: Message,
  { guardrails }: GatewayPolicy,
  prefix: string,
): readonly LimitWindow[] {
  const recipient = whereabouts(contact ?? undefined, message)
  const person = contactIds[0] ?? recipient.phone
  if (person === undefined) return []
  const { channel, sendAt } = message
  const request = { location, person, prefix, ...(sendAt !== undefined && { at: sendAt }) }
  return personWindows(request, textLimits(recipient, channel, guardrails))
}

/** GHL calls already made, to look something up or to take something back: counted without asking whether they fit. */
export function countedOps(
  { location, lookups }: Pick<Attempt, 'location' | 'lookups'>,
  { limits }: GatewayPolicy,
  now: number,
): readonly Op[] {
  return lookups === 0 ? [] : limits.ghl.windows({ location, calls: lookups }).flatMap((window) => charge(window, lookups, now))
}

/** What storage holds of these windows now, by key: what `refusals` and `remaining` look at. Throws `StorageError` for what is no count. */
export async function readWindows(
  storage: Storage,
  windows: readonly LimitWindow[],
  now: number,
): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>()
  for (const entry of await storage.read(windowKeys(windows, now))) {
    if (entry === null) continue
    if (!Number.isFinite(entry.count)) throw unreadable('count of a limit', entry.key)
    found.set(entry.key, entry)
  }
  return found
}
