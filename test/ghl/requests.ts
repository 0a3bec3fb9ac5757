import type { Json } from '../../src/core/json.js'
import type { GhlRequest } from '../../src/core/request.js'
import { type Classified, classify } from '../../src/ghl/classify.js'

export const HOST = 'services.leadconnectorhq.com'
/** Friday, 2026-06-12T12:00:00Z */
export const NOW = Date.UTC(2026, 5, 12, 12)

export function request(method: string, path: string, rest: Partial<GhlRequest> = {}): GhlRequest {
  return { method, host: HOST, path, query: {}, headers: {}, ...rest }
}

export function message(body: { readonly [key: string]: Json }): GhlRequest {
  return request('POST', '/conversations/messages', { body })
}

export function judge(input: GhlRequest) {
  return classify(input, [HOST], NOW)
}

/** Classifies what has to be classifiable. */
export function classified(input: GhlRequest): Classified {
  const result = judge(input)
  if ('refused' in result) throw new Error(`refused: ${result.refused.message}`)
  return result
}
