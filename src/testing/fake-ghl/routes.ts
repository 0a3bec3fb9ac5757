import type { Answer } from './answer.js'
import type { Fields } from './read.js'
import type { IssuedToken } from './tokens.js'
import type { World } from './world.js'

export interface Context {
  readonly world: World
  readonly params: Readonly<Record<string, string>>
  readonly query: Fields
  readonly body: Fields
  /** Null only on open routes. */
  readonly token: IssuedToken | null
  /** The location the call is about: named by the call, else the token's. */
  readonly locationId: string
  readonly version: string
  readonly now: number
}

export interface Route {
  readonly method: string
  /** `/contacts/{contactId}`; literal segments win over parameters. */
  readonly path: string
  /** Scope a token needs; absent = any token. */
  readonly scope?: string
  /** No token and no Version header wanted. */
  readonly open?: boolean
  /** A company token may call it. */
  readonly company?: boolean
  /** Exists only with `Version: v3`. Older paths answer under every version. */
  readonly v3Only?: boolean
  readonly handle: (context: Context) => Answer
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The route of a call; a trailing slash changes nothing. Of several, the one with the longest literal beginning. */
export function findRoute(routes: readonly Route[], method: string, path: string, version: string): Match | null {
  const parts = segments(path)
  let best: Match | null = null
  for (const route of routes) {
    if (route.method !== method || (route.v3Only && version !== 'v3')) continue
    const params = matchPath(segments(route.path), parts)
    if (params && (!best || isMoreLiteral(route.path, best.route.path))) best = { route, params }
  }
  return best
}

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null
  const params: Record<string, string> = {}
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (wanted.startsWith('{')) params[wanted.slice(1, -1)] = part
    else if (wanted !== part) return null
  }
  return params
}

/** Compares segment by segment: the first literal where the other has a parameter wins. */
function isMoreLiteral(path: string, than: string): boolean {
  const theirs = segments(than)
  for (const [index, part] of segments(path).entries()) {
    const mine = !part.startsWith('{')
    const other = !(theirs[index] ?? '').startsWith('{')
    if (mine !== other) return mine
  }
  return false
}

function segments(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
