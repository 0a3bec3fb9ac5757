import type { GhlRequest, GhlResponse } from '../core/request.js'
import { answered, faultFacts, readRateHeaders } from '../ghl/index.js'
import { GHL_HOST } from '../http/http.js'
import { UNKNOWN_LOCATION } from './attempt.js'
import type { Core } from './core.js'
import { countedOps } from './windows.js'

/** Why GHL could not be asked, and what to do: nothing follows from that. Holds no secrets. */
export interface Unread {
  readonly unread: string
}

export const NO_TRANSPORT = 'No transport is configured: pass `http` to createGateway, or wrap a client.'
const DEADLINE_MS = 10_000

/** One call for the gateway's own ends: a look-up, a search, a cancellation. Whoever calls counts it. Never throws. */
export async function askGhl(core: Core, location: string, request: GhlRequest): Promise<GhlResponse | Unread> {
  const http = core.http()
  if (http === undefined) return { unread: NO_TRANSPORT }
  try {
    core.budget.spend(location)
    const answer = await http.send(request, { signal: AbortSignal.timeout(DEADLINE_MS) })
    core.budget.observe(location, readRateHeaders(answer.headers), core.clock.now())
    return answer
  } catch (error) {
    return { unread: faultFacts(error).message.replace(/[.\s]*$/, '.') }
  }
}

/** The same, and counted whether it fits GHL's limits or not: taking something back waits for nothing. Throws `StorageError`. */
export async function askAndCount(core: Core, location: string, request: GhlRequest): Promise<GhlResponse | Unread> {
  const answer = await askGhl(core, location, request)
  if (core.http() !== undefined) await core.storage.commit([countedOps({ location, lookups: 1 }, core.policy, core.clock.now())])
  return answer
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
