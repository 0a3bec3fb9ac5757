import { badRequest, ok, Refusal, unauthorized } from './answer.js'
import { type Fields, text } from './read.js'
import type { Route } from './routes.js'
import type { FakeState } from './state.js'

/** A day less a second, as GHL's `expires_in` 86399. */
const ACCESS_MS = 86_399_000
/** The same refresh token used again within this time gives the same pair again. */
const REUSE_MS = 30_000

export interface TokenOptions {
  /** Default: the fake's location; null = a company token. */
  readonly locationId?: string | null
  readonly companyId?: string
  /** Scopes such as `contacts.readonly`; default all. */
  readonly scopes?: readonly string[]
  /** Default 24 hours; Infinity for a private integration token. */
  readonly expiresInMs?: number
  /** What shares one rate bucket per location; default the fake's OAuth app. */
  readonly app?: string
}

export interface IssuedToken {
  readonly accessToken: string
  readonly refreshToken: string
  readonly locationId: string | null
  readonly companyId: string
  readonly scopes: readonly string[] | 'all'
  /** ms since 1970. */
  readonly expiresAt: number
  readonly app: string
  /** The same in GHL's own words, as the token endpoint answers and the official SDK's session storage takes it. */
  readonly session: {
    readonly access_token: string
    readonly token_type: 'Bearer'
    readonly expires_in: number
    readonly refresh_token: string
    readonly scope: string
    readonly userType: 'Location' | 'Company'
    readonly companyId: string
    readonly locationId?: string
    readonly userId: string
  }
}

export interface TokenDesk {
  issue(options?: TokenOptions & { readonly accessToken?: string }): IssuedToken
  find(accessToken: string): IssuedToken | null
  /** Makes an access token unknown from now on. */
  revoke(accessToken: string): void
  /** A one-time code for `grant_type=authorization_code`. */
  code(options?: TokenOptions): string
  readonly routes: readonly Route[]
}

export interface TokenDeskOptions {
  readonly now: () => number
  readonly nextId: (prefix: string) => string
  readonly state: FakeState
  readonly clientId: string
  readonly clientSecret: string
  readonly companyId: string
  readonly locationId: string
}

export function createTokenDesk(desk: TokenDeskOptions): TokenDesk {
  const access = new Map<string, IssuedToken>()
  const refresh = new Map<string, { of: IssuedToken; lifetimeMs: number; used?: { at: number; pair: IssuedToken } }>()
  const codes = new Map<string, TokenOptions>()

  function issue(options: TokenOptions & { readonly accessToken?: string } = {}): IssuedToken {
    const lifetimeMs = options.expiresInMs ?? ACCESS_MS
    const locationId = options.locationId === undefined ? desk.locationId : options.locationId
    const companyId = options.companyId ?? desk.companyId
    const accessToken = options.accessToken ?? desk.nextId('access')
    const refreshToken = desk.nextId('refresh')
    const scopes = options.scopes ?? 'all'
    const token: IssuedToken = {
      accessToken,
      refreshToken,
      locationId,
      companyId,
      scopes,
      expiresAt: desk.now() + lifetimeMs,
      app: options.app ?? desk.clientId,
      session: {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: Math.floor(lifetimeMs / 1000),
        refresh_token: refreshToken,
        scope: scopes === 'all' ? '' : scopes.join(' '),
        userType: locationId === null ? 'Company' : 'Location',
        companyId,
        ...(locationId === null ? {} : { locationId }),
        userId: 'user_1',
      },
    }
    access.set(accessToken, token)
    refresh.set(refreshToken, { of: token, lifetimeMs })
    return token
  }

  function rotate(refreshToken: string): IssuedToken {
    const entry = refresh.get(refreshToken)
    if (!entry) throw invalidGrant()
    const now = desk.now()
    if (entry.used) {
      if (now - entry.used.at > REUSE_MS) throw invalidGrant()
      return entry.used.pair
    }
    const { of } = entry
    const pair = issue({
      locationId: of.locationId,
      companyId: of.companyId,
      app: of.app,
      ...(of.scopes === 'all' ? {} : { scopes: of.scopes }),
    })
    entry.used = { at: now, pair }
    desk.state.tokenRefreshes += 1
    return pair
  }

  function grant(body: Fields): IssuedToken {
    if (text(body, 'client_id') !== desk.clientId || text(body, 'client_secret') !== desk.clientSecret) {
      throw new Refusal(401, { error: 'UnAuthorized!', error_description: 'Invalid client credentials!' })
    }
    const kind = text(body, 'grant_type')
    if (kind === 'refresh_token') return rotate(text(body, 'refresh_token') ?? '')
    if (kind !== 'authorization_code') throw new Refusal(400, { error: 'unsupported_grant_type' })
    const code = text(body, 'code') ?? ''
    const options = codes.get(code)
    codes.delete(code)
    if (!options) throw invalidGrant()
    return issue(options)
  }

  function locationToken(company: IssuedToken | null, body: Fields): IssuedToken {
    if (!company || company.locationId !== null) throw unauthorized('This route needs a company token.')
    const locationId = text(body, 'locationId')
    if (text(body, 'companyId') !== company.companyId) throw badRequest('Company not found')
    if (!desk.state.locations.some((location) => location.id === locationId && location.companyId === company.companyId)) {
      throw badRequest('Location not found')
    }
    return issue({ locationId, companyId: company.companyId, app: company.app })
  }

  return {
    issue,
    find: (accessToken) => access.get(accessToken) ?? null,
    revoke: (accessToken) => void access.delete(accessToken),
    code(options = {}) {
      const code = desk.nextId('code')
      codes.set(code, options)
      return code
    },
    routes: [
      { method: 'POST', path: '/oauth/token', open: true, handle: ({ body }) => ok(grant(body).session) },
      ...(['/oauth/locationToken', '/oauth/location-token'] as const).map(
        (path, index): Route => ({
          method: 'POST',
          path,
          scope: 'oauth.write',
          company: true,
          v3Only: index === 1,
          handle: ({ token, body }) => ok(locationToken(token, body).session),
        }),
      ),
    ],
  }
}

const invalidGrant = () => new Refusal(400, { error: 'invalid_grant', error_description: 'This refresh token is invalid' })
