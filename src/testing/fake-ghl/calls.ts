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

/** @throws TypeError for a text that is none of the forms above. */
export function callMatcher(filter: CallFilter | undefined): (call: FakeCall) => boolean {
  if (filter === undefined) return () => true
  if (typeof filter === 'function') return filter
  if (filter instanceof RegExp) {
    const pattern = withoutState(filter)
    return (call) => pattern.test(`${call.method} ${call.path}`)
  }
  const { method, path } = typeof filter === 'string' ? parse(filter) : filter
  const pattern = path === undefined ? null : typeof path === 'string' ? pathPattern(path) : withoutState(path)
  return (call) =>
    (method === undefined || method.toUpperCase() === call.method) && (pattern === null || pattern.test(withoutSlash(call.path)))
}

function parse(filter: string): { method?: string; path?: string } {
  const [all, method, path] = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)?\s*(\/\S*)?$/i.exec(filter.trim()) ?? []
  if (!all) throw new TypeError(`not a call filter: '${filter}', expected 'METHOD /path', '/path' or 'METHOD'`)
  return { ...(method === undefined ? {} : { method }), ...(path === undefined ? {} : { path }) }
}

function pathPattern(path: string): RegExp {
  const source = withoutSlash(path)
    .split(/(\*\*|\*|\{[^}]*\})/)
    .map((part) => {
      if (part === '**') return '.*'
      return part === '*' || part.startsWith('{') ? '[^/]*' : part.replace(/[.+?^$()|[\]\\]/g, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`)
}

/** A global or sticky pattern remembers where it stopped. */
const withoutState = (pattern: RegExp): RegExp => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/$/, '') : path)
