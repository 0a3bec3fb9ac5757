/** One HTTP request as it arrived. */
export interface FakeCall {
  readonly method: string
  /** As sent, percent-encoded, without query. */
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Lower-case names, Authorization included. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON or form; the raw text when it is neither; undefined when empty. */
  readonly body: unknown
  /** What was answered; null while open, and for ever when the connection was dropped or left hanging. */
  status: number | null
  /** ms since 1970, by the fake's clock. */
  readonly at: number
}

/**
 * Which calls are meant. A text is `METHOD /path`, `/path` or `METHOD`, with `*` for anything within a segment and `**` for
 * anything at all; a RegExp is tried on `METHOD /path`.
 */
export type CallFilter =
  | string
  | RegExp
  | ((call: FakeCall) => boolean)
  | { readonly method?: string; readonly path?: string | RegExp }

export function matchesCall(filter: CallFilter | undefined, call: FakeCall): boolean {
  if (filter === undefined) return true
  if (typeof filter === 'function') return filter(call)
  if (filter instanceof RegExp)
    return new RegExp(filter.source, filter.flags.replace(/[gy]/g, '')).test(`${call.method} ${call.path}`)
  if (typeof filter === 'object') {
    if (filter.method !== undefined && filter.method.toUpperCase() !== call.method) return false
    return (
      filter.path === undefined ||
      (typeof filter.path === 'string' ? matchesPath(filter.path, call.path) : filter.path.test(call.path))
    )
  }
  const [, method, path] = /^([A-Za-z]+)?\s*(\/.*)?$/.exec(filter.trim()) ?? []
  if (method === undefined && path === undefined) throw new TypeError(`not a call filter: '${filter}', expected 'METHOD /path'`)
  if (method !== undefined && method.toUpperCase() !== call.method) return false
  return path === undefined || matchesPath(path, call.path)
}

function matchesPath(pattern: string, path: string): boolean {
  const source = withoutSlash(pattern)
    .split(/(\*\*|\*|\{[^}]*\})/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' || part.startsWith('{') ? '[^/]*' : part.replace(/[.+?^$()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`).test(withoutSlash(path))
}

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/$/, '') : path)
