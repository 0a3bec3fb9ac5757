import type { GhlRequest, GhlResponse } from '../core/request.js'
import { answered, faultFacts } from '../ghl/index.js'
import { GHL_HOST } from '../http/http.js'
import { UNKNOWN_LOCATION } from './attempt.js'
import type { Core } from './core.js'

/** Why GHL could not be asked, and what to do: nothing follows from that. Holds no secrets. */
export interface Unread {
  readonly unread: string
}

const DEADLINE_MS = 10_000

/** One call for the gateway's own ends: a search, a cancellation. Never throws. */
export async function askGhl(core: Pick<Core, 'http'>, request: GhlRequest): Promise<GhlResponse | Unread> {
  const http = core.http()
  if (http === undefined) return { unread: 'No transport is configured: pass `http` to createGateway, or wrap a client.' }
  try {
    return await http.send(request, { signal: AbortSignal.timeout(DEADLINE_MS) })
  } catch (error) {
    return { unread: faultFacts(error).message.replace(/[.\s]*$/, '.') }
  }
}

/** Where such a call goes: to the location of what it is about; where that was not known, to the transport's own. */
export function placeOf(core: Pick<Core, 'http'>, location: string): { readonly host: string; readonly locationId?: string } {
  const http = core.http()
  const locationId = location === UNKNOWN_LOCATION ? http?.locationId : location
  return { host: http?.host ?? GHL_HOST, ...(locationId !== undefined && { locationId }) }
}

/** Tells whoever listens that a read came to nothing, and says why. */
export function tellUnread(core: Pick<Core, 'tell'>, { method, path }: GhlRequest, answer: GhlResponse | Unread): Unread {
  const reason = 'unread' in answer ? answer.unread : answered(answer.status)
  core.tell('unread', { call: `${method} ${path}`, reason })
  return { unread: reason }
}
