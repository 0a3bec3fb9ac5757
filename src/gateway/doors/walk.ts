import { types } from 'node:util'

const MAX_DEPTH = 12
const MAX_NODES = 5_000

/**
 * Visits every own value within reach, breadth first, until `found` says yes; what is in a `leaf` is out of reach.
 * Yes as well where there is no end in sight.
 */
export function walk(
  root: object,
  found: (name: string, value: unknown) => boolean,
  leaf: (value: object) => boolean = isData,
): boolean {
  const seen = new Set<object>([root])
  let level: readonly object[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH || seen.size > MAX_NODES) return true
    const next: object[] = []
    for (const object of level) {
      for (const [name, value] of membersOf(object)) {
        if (found(name, value)) return true
        const nested = (typeof value === 'object' && value !== null) || typeof value === 'function'
        if (!nested || seen.has(value) || leaf(value)) continue
        seen.add(value)
        next.push(value)
      }
    }
    level = next
  }
  return false
}

function* membersOf(object: object): Iterable<readonly [string, unknown]> {
  if (types.isProxy(object)) return
  if (object instanceof Map) for (const [key, value] of object) yield [String(key), value]
  if (object instanceof Set) for (const value of object) yield ['', value]
  for (const key of Reflect.ownKeys(object)) {
    const property = Reflect.getOwnPropertyDescriptor(object, key)
    if (property !== undefined && 'value' in property && key !== 'prototype') yield [String(key), property.value]
  }
}

/** Carries content, and no way to anywhere. */
export function isData(value: object): boolean {
  return (
    value instanceof Date ||
    value instanceof RegExp ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Blob ||
    value instanceof FormData ||
    value instanceof URLSearchParams ||
    value instanceof AbortSignal
  )
}
