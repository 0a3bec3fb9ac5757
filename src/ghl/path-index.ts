import { unitAt } from '../core/unit-at.js'

interface Routed {
  readonly method: string
  /** Template with `{name}` segments. */
  readonly path: string
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  /** Lower-cased literals: `/contacts/Search` must not pass as a contact called Search. */
  readonly folded: Set<string>
  parameter: Node<T> | undefined
  /** By method. */
  readonly routes: Map<string, Route<T>>
}

interface Route<T> {
  readonly target: T
  /** Parameter names in the order of the path. */
  readonly names: readonly string[]
}

/** Parameters whose values are words of GHL's own (`facebook`), which older routes beside them have as literals. */
const WORD_PARAMETERS = new Set(['platform'])

/** Letters every path may hold as they are. No `;` (path parameters), no `\`, no braces of an unfilled template. */
const PLAIN = /^[A-Za-z0-9\-._~!*'()@:$&+,=]+$/

/**
 * Finds the route of a method and path. A literal segment beats a parameter. Null for everything that servers and
 * proxies read differently: `//`, `.` and `..`, encoded slashes, needless or double encoding, control characters,
 * another letter case than the documented one, a parameter that looks like a neighbouring literal. One trailing
 * slash is accepted after a single segment, where GHL itself documents it (`/contacts/`).
 */
export function createPathIndex<T extends Routed>(routes: readonly T[]) {
  const root = createNode<T>()
  for (const route of routes) insert(root, route)
  // Paths without parameters, as documented: nothing else can be meant, so they need no reading.
  const fixed = new Map<string, Map<string, T>>()
  for (const route of routes) {
    if (route.path.includes('{')) continue
    const methods = fixed.get(route.path) ?? new Map<string, T>()
    fixed.set(route.path, methods.set(route.method, route))
  }

  return (method: string, path: string): { operation: T; params: Record<string, string> } | null => {
    const known = fixed.get(path)?.get(method)
    if (known !== undefined) return { operation: known, params: {} }
    const segments = readSegments(path)
    if (segments === null) return null
    const values: string[] = []
    const found = walk(root, segments, 0, values, method)
    if (found === null) return null
    const params: Record<string, string> = {}
    for (let i = 0; i < found.names.length; i++) params[found.names[i] ?? ''] = values[i] ?? ''
    return { operation: found.target, params }
  }
}

function walk<T>(node: Node<T>, segments: readonly string[], depth: number, values: string[], method: string): Route<T> | null {
  const segment = segments[depth]
  if (segment === undefined) return node.routes.get(method) ?? null
  const literal = node.literals.get(segment)
  const exact = literal === undefined ? null : walk(literal, segments, depth + 1, values, method)
  if (exact !== null || node.parameter === undefined) return exact
  const position = values.push(segment) - 1
  const found = walk(node.parameter, segments, depth + 1, values, method)
  if (found !== null) {
    const looksLiteral = node.folded.has(segment.toLowerCase())
    if (!looksLiteral || (literal !== undefined && WORD_PARAMETERS.has(found.names[position] ?? ''))) return found
  }
  values.length = position
  return null
}

/** Decoded segments, or null when the path is not written the one way it can be read. */
function readSegments(path: string): readonly string[] | null {
  if (unitAt(path, 0) !== 47 || path.length > 2000) return null
  const segments = path.slice(1).split('/')
  if (segments.length === 2 && segments[1] === '') segments.pop()
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i] ?? ''
    if (segment === '.' || segment === '..') return null
    if (PLAIN.test(segment)) continue
    const decoded = decode(segment)
    if (decoded === null) return null
    segments[i] = decoded
  }
  return segments
}

/** Accepts only what `encodeURIComponent` writes, and only for values that no server could split or decode again. */
function decode(segment: string): string | null {
  try {
    const decoded = decodeURIComponent(segment)
    if (decoded === '' || /[/\\%;?#{}]/.test(decoded) || hasControl(decoded)) return null
    return encodeURIComponent(decoded).toUpperCase() === segment.toUpperCase() ? decoded : null
  } catch {
    return null
  }
}

function hasControl(text: string): boolean {
  return /\p{Cc}|\p{Cf}/u.test(text)
}

function insert<T extends Routed>(root: Node<T>, route: T): void {
  const names: string[] = []
  let node = root
  for (const segment of route.path.replace(/^\/|\/$/g, '').split('/')) {
    if (segment.startsWith('{')) {
      names.push(segment.slice(1, -1))
      node.parameter ??= createNode<T>()
      node = node.parameter
    } else {
      const next = node.literals.get(segment) ?? createNode<T>()
      node.literals.set(segment, next)
      node.folded.add(segment.toLowerCase())
      node = next
    }
  }
  if (node.routes.has(route.method)) throw new Error(`Two operations are ${route.method} ${route.path}`)
  node.routes.set(route.method, { target: route, names })
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), folded: new Set(), parameter: undefined, routes: new Map() }
}
