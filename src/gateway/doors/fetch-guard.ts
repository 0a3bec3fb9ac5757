import type { GhlResponse } from '../../core/request.js'
import { type Agent, type AgentDoor, doorOf } from '../agent.js'
import { refusalOf, standInBody } from './stand-ins.js'
import { FORBIDDEN_HEADERS, ghlRequestOf, wireBody } from './wire-request.js'

/**
 * A `fetch` that asks the gateway first. Rejects with the gateway's errors; otherwise it behaves as
 * the one it was made of, except that redirects are not followed: they lead where nobody has judged.
 */
export function guardedFetch(fetch: typeof globalThis.fetch, agent: Agent, door: AgentDoor): typeof globalThis.fetch {
  return async (input, init) => {
    const given = new Request(input, init)
    const text = given.body === null ? undefined : await readText(given)
    const url = new URL(given.url)
    const request = ghlRequestOf({ method: given.method, url, headers: given.headers, body: text ?? given.body ?? undefined })
    const headers = new Headers([...given.headers].filter(([name]) => !FORBIDDEN_HEADERS.has(name)))

    let answer: Response | undefined
    let fault: unknown
    const outcome = await (doorOf(agent) ?? door).guard(request, async (signal): Promise<GhlResponse> => {
      const body = wireBody(request, text ?? given.body)
      try {
        answer = await fetch(url, {
          method: given.method,
          headers,
          redirect: 'manual',
          signal: AbortSignal.any([given.signal, signal]),
          ...(body !== null && body !== undefined && { body, duplex: 'half' }),
        } as RequestInit)
      } catch (error) {
        fault = error
        throw error
      }
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await readJson(answer) }
    })
    const refusal = refusalOf(outcome)
    if (refusal !== undefined) throw refusal
    if (fault !== undefined) throw fault
    return answer ?? Response.json(standInBody(outcome))
  }
}

/** Text bodies are read to be judged; a file upload is passed on as it is. */
async function readText(request: Request): Promise<string | undefined> {
  const type = request.headers.get('content-type') ?? ''
  return type.startsWith('multipart/') || type === 'application/octet-stream' ? undefined : await request.text()
}

async function readJson(answer: Response): Promise<unknown> {
  if (!(answer.headers.get('content-type') ?? '').includes('json')) return undefined
  try {
    return await answer.clone().json()
  } catch {
    return undefined
  }
}
