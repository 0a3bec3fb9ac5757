import type { GhlRequest } from '../../core/request.js'
import type { CallContexts } from './call-context.js'

/** The official `@gohighlevel/api-client`, any copy and version: services around one transport, and OAuth of its own. */
export interface OfficialSdk {
  refreshTokenIfNeeded(resourceId: string, session: unknown): Promise<string | null>
  getTokenForSecurity(...args: unknown[]): Promise<string>
}

export function isOfficialSdk(client: object): client is OfficialSdk {
  const { refreshTokenIfNeeded, getTokenForSecurity } = client as Partial<OfficialSdk>
  return typeof refreshTokenIfNeeded === 'function' && typeof getTokenForSecurity === 'function'
}

const TOKEN_PATHS = new Set(['/oauth/token', '/oauth/locationToken', '/oauth/location-token'])

/** Answers with live tokens: the SDK's own business, never an agent's. */
export function isTokenCall({ method, path }: GhlRequest): boolean {
  return method === 'POST' && TOKEN_PATHS.has(path)
}

/** The SDK refreshes its tokens through the guarded transport: let just that pass, and only when the SDK itself asks. */
export function allowTokenRefresh(client: OfficialSdk, contexts: CallContexts): void {
  const refresh = client.refreshTokenIfNeeded
  Object.defineProperty(client, 'refreshTokenIfNeeded', {
    configurable: true,
    value: (...args: Parameters<typeof refresh>) => contexts.run({ kind: 'token' }, () => refresh.apply(client, args)),
  })
}
