import type { Message } from '../core/message.js'
import { answered, detailRequests, lookups } from '../ghl/index.js'
import type { Http } from '../http/http.js'
import { locationAt } from './attempt.js'
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
const DEADLINE_MS = 10_000

/**
 * Reads GHL back for a message, and asks `find` about what came; undefined where nothing could be read: whatever
 * cannot be read is not a proof.
 */
export async function lookBack<T>(
  core: Core,
  { message, location, at }: Sought,
  find: (message: Message, window: { readonly from: number; readonly to: number }, answers: readonly unknown[]) => T,
): Promise<T | undefined> {
  const http = core.http()
  if (http === undefined) return undefined
  const window = { from: at - SKEW_MS, to: core.clock.now() + SKEW_MS }
  const locationId = locationAt(http, location)
  const place = { host: http.host, ...(locationId !== undefined && { locationId }), ...window }
  try {
    const answers: unknown[] = []
    for (const request of lookups(message, place)) answers.push(await read(http, request))
    for (const request of answers.flatMap((answer) => detailRequests(message, window, answer, place)))
      answers.push(await read(http, request))
    return answers.length > 0 ? find(message, window, answers) : undefined
  } catch (error) {
    core.tell('fault', error)
    return undefined
  }
}

async function read(http: Http, request: Parameters<Http['send']>[0]): Promise<unknown> {
  const { status, body } = await http.send(request, { signal: AbortSignal.timeout(DEADLINE_MS) })
  if (status !== 200) throw new Error(`${request.method} ${request.path}: ${answered(status)}`)
  return body
}
