import type { Message } from '../core/message.js'
import type { GhlRequest } from '../core/request.js'
import { candidateIds, detailRequests, lookups, type SendWindow } from '../ghl/index.js'
import { askAndCount, placeOf, tellUnread, type Unread } from './ask-ghl.js'
import { LEASE_MS } from './begin.js'
import type { Core } from './core.js'
import { sentByOthers } from './sent-messages.js'

/** A message that may have reached GHL. */
export interface Sought {
  readonly actionId: string
  readonly message: Message
  readonly location: string
  /** When it was about to be sent, ms since 1970. */
  readonly at: number
}

/** What GHL shows of the time in which the message may have reached it. */
export interface Seen {
  readonly window: SendWindow
  readonly answers: readonly unknown[]
  /** Messages among them that other actions sent, by GHL's ids. */
  readonly ofOthers: ReadonlySet<string>
}

/** Clocks of GHL and of this process may differ by this much. */
const SKEW_MS = 120_000

/** Reads GHL back for a message: `findSent` tells what came. */
export async function lookBack(core: Core, { actionId, message, location, at }: Sought): Promise<Seen | Unread> {
  const { sendAt = at, sendWithinMs = 0, channel } = message
  const last = Math.min(Math.max(at + LEASE_MS, sendAt + sendWithinMs), core.clock.now())
  const window = { from: at - SKEW_MS, to: last + SKEW_MS }
  const place = { ...placeOf(core, location), ...window }
  const requests = lookups(message, place)
  if (requests.length === 0)
    return { unread: 'GHL can only be searched for a contact in a location, and one of them is not known.' }
  const lists = await readAll(core, location, requests)
  if ('unread' in lists) return lists
  const details = await readAll(
    core,
    location,
    lists.flatMap((list) => detailRequests(message, window, list, place)),
  )
  if ('unread' in details) return details
  const answers = [...lists, ...details]
  return { window, answers, ofOthers: await sentByOthers(core, channel, candidateIds(message, window, answers), actionId) }
}

async function readAll(core: Core, location: string, requests: readonly GhlRequest[]): Promise<readonly unknown[] | Unread> {
  const bodies: unknown[] = []
  for (const request of requests) {
    const answer = await askAndCount(core, location, request)
    if ('unread' in answer || answer.status !== 200) return tellUnread(core, request, answer)
    bodies.push(answer.body)
  }
  return bodies
}
