import type { Message } from '../core/message.js'
import type { GhlRequest } from '../core/request.js'
import { detailRequests, lookups } from '../ghl/index.js'
import { askAndCount, placeOf, tellUnread, type Unread } from './ask-ghl.js'
import type { Core } from './core.js'

/** A message that may have reached GHL. */
export interface Sought {
  readonly message: Message
  readonly location: string
  /** When it was about to be sent, ms since 1970. */
  readonly at: number
}

/** Clocks of GHL and of this process may differ by this much. */
const SKEW_MS = 120_000

/** Reads GHL back for a message, and asks `find` about what came. */
export async function lookBack<T>(
  core: Core,
  { message, location, at }: Sought,
  find: (message: Message, window: { readonly from: number; readonly to: number }, answers: readonly unknown[]) => T,
): Promise<{ readonly found: T } | Unread> {
  const window = { from: at - SKEW_MS, to: core.clock.now() + SKEW_MS }
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
  return 'unread' in details ? details : { found: find(message, window, [...lists, ...details]) }
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
