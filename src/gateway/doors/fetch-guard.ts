import type { GhlResponse } from '../../core/request.js'
import type { AgentDoor } from '../agent.js'
import { markFacade } from './facade.js'
import { givenUp, refusalOf, standInBody } from './refusals.js'
import { readBody } from './wire-body.js'
import { ghlRequestOf, outgoing, urlOf, wireHeaders } from './wire-request.js'

type Fetch = typeof globalThis.fetch

/**
 * A `fetch` that asks the gateway first. Rejects with the gateway's errors; otherwise it behaves as
 * the one it was made of, except that redirects are not followed: they lead where nobody has judged.
 */
export function guardedFetch(fetch: Fetch, door: AgentDoor): Fetch {
  const guarded: Fetch = async (input, init) => {
    const given = new Request(input, init)
    const headers = wireHeaders(given.headers)
    const body = await readBody(given.body, headers['content-type'])
    const wire = { method: given.method.toUpperCase(), url: urlOf(given.url), headers, body }

    let answer: Response | undefined
    let fault: unknown
    const outcome = await door.guard(ghlRequestOf(wire), async (signal): Promise<GhlResponse> => {
      const { headers, data } = outgoing(wire)
      const late = given.signal.aborted
      try {
        given.signal.throwIfAborted()
        answer = await fetch(`${wire.url.origin}${wire.url.pathname}${wire.url.search}`, {
          method: wire.method,
          headers,
          redirect: 'manual',
          signal: AbortSignal.any([given.signal, signal]),
          ...(data !== undefined && { body: data }),
        })
      } catch (error) {
        fault = error
        throw late ? givenUp(error) : error
      }
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await readJson(answer) }
    })
    const refusal = refusalOf(outcome, (answer ?? fault) !== undefined)
    if (refusal !== undefined) throw refusal
    if (fault !== undefined) throw fault
    return answer ?? Response.json(standInBody(outcome))
  }
  return markFacade(guarded)
}

async function readJson(answer: Response): Promise<unknown> {
  if (!(answer.headers.get('content-type') ?? '').includes('json')) return undefined
  try {
    return await answer.clone().json()
  } catch {
    return undefined
  }
}
