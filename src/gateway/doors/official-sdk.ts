import type { GhlRequest } from '../../core/request.js'
import { TOKEN_CALLS } from '../../ghl/index.js'
import type { CallContext, CallContexts } from './call-context.js'

/** The official `@gohighlevel/api-client`, any copy and version: services around one transport, and OAuth of its own. */
export interface OfficialSdk {
  refreshTokenIfNeeded(resourceId: string, session: unknown): Promise<string | null>
  getTokenForSecurity(...args: unknown[]): Promise<string>
  extractResourceId(security: readonly string[], ...request: unknown[]): unknown
  getSessionStorage(): { getSession(id: string): Promise<{ readonly userType?: unknown } | null> }
}

export function isOfficialSdk(client: object): client is OfficialSdk {
  const { refreshTokenIfNeeded, getTokenForSecurity } = client as Partial<OfficialSdk>
  return typeof refreshTokenIfNeeded === 'function' && typeof getTokenForSecurity === 'function'
}

/** Answers with live tokens: the SDK's own business, never an agent's. */
export function isTokenCall({ method, path }: GhlRequest): boolean {
  return TOKEN_CALLS.has(`${method} ${path}`)
}

/** The SDK refreshes its tokens through the guarded transport: let just that pass, and only when the SDK itself asks. */
export function allowTokenRefresh(client: OfficialSdk, contexts: CallContexts): void {
  const refresh = client.refreshTokenIfNeeded
  Object.defineProperty(client, 'refreshTokenIfNeeded', {
    configurable: true,
    value: (...args: Parameters<typeof refresh>) => contexts.run({ kind: 'token' }, () => refresh.apply(client, args)),
  })
}

/**
 * Notes whose token the SDK takes for an agent's call. It also asks what never leaves (`__pathParams`, a body that `data`
 * replaces), and again for a retry, so what leaves does not tell.
 */
export function noteSessions(client: OfficialSdk, contexts: CallContexts): void {
  const choose = client.extractResourceId
  Object.defineProperty(client, 'extractResourceId', {
    configurable: true,
    value: (...args: Parameters<typeof choose>) => {
      const chosen = choose.apply(client, args)
      if (chosen === undefined || chosen === null || chosen === '') return chosen
      // As text from here on: an object could give the session storage another one.
      const id = String(chosen)
      const call = contexts.getStore()
      if (call?.kind === 'agent') call.session = { id, mayBeCompany: args[0].some((need) => need.startsWith('Agency-')) }
      return id
    },
  })
}

/** The request as a call of the location whose token it carries. A company's token stands for no location. */
export async function atSession(
  client: OfficialSdk | undefined,
  request: GhlRequest,
  context: CallContext | undefined,
): Promise<GhlRequest> {
  if (client === undefined || context?.kind !== 'agent' || context.session === undefined) return request
  const { id, mayBeCompany } = context.session
  if (mayBeCompany && (await client.getSessionStorage().getSession(id))?.userType === 'Company') return request
  return { ...request, tokenLocation: id }
}
