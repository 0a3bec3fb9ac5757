import { hash } from 'node:crypto'
import { memoize } from './memo.js'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** Why a value is not plain JSON, and where: `path` reads like `$.body.items[3]`. */
export interface JsonFault {
  readonly path: string
  readonly message: string
}

export class JsonFaultError extends Error {
  readonly fault: JsonFault
  constructor(fault: JsonFault) {
    super(`${fault.path} ${fault.message}`)
    this.name = 'JsonFaultError'
    this.fault = fault
  }
}

const MAX_DEPTH = 100
/** Keys that change what an object is, rather than what it holds. */
const HOSTILE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Copies a value into plain, frozen JSON, so that whoever holds the original can change it without
 * changing what was checked. `undefined` members are dropped, as JSON does; a `Date` becomes its ISO
 * string. Throws `JsonFaultError` for anything JSON cannot carry without loss: NaN, infinities,
 * bigints, functions, symbols, cycles, class instances, hostile keys.
 */
export function freezeJson(value: unknown): Json {
  return copy(value, '$', 0)
}

function copy(value: unknown, path: string, depth: number): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new JsonFaultError({ path, message: `is ${value}, which JSON cannot carry` })
  }
  if (typeof value !== 'object') throw new JsonFaultError({ path, message: `is a ${typeof value}, expected plain JSON` })
  if (depth >= MAX_DEPTH) throw new JsonFaultError({ path, message: `is nested deeper than ${MAX_DEPTH} levels, or is a cycle` })
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item, index) => (item === undefined ? null : copy(item, `${path}[${index}]`, depth + 1))))
  }
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== null && !isPlainPrototype(prototype)) {
    throw new JsonFaultError({ path, message: 'is a class instance, expected plain JSON' })
  }
  const result: Record<string, Json> = {}
  for (const key of Object.keys(value)) {
    if (HOSTILE_KEYS.has(key)) throw new JsonFaultError({ path: `${path}.${key}`, message: 'is a key that is never accepted' })
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) result[key] = copy(member, `${path}.${key}`, depth + 1)
  }
  return Object.freeze(result)
}

/** `Object.prototype` of this realm or another (workers, vm contexts, jest). */
function isPlainPrototype(prototype: unknown): boolean {
  return (
    prototype === Object.prototype ||
    (typeof prototype === 'object' && prototype !== null && Object.getPrototypeOf(prototype) === null)
  )
}

/** One text per value (RFC 8785 for our value domain): keys sorted by UTF-16 units, no white space. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item as Json)).join(',')}]`
  const object = value as JsonObject
  let text = '{'
  for (const key of sortedKeys(object)) {
    if (text.length > 1) text += ','
    text += quotedKey(key) + canonicalJson(object[key] as Json)
  }
  return `${text}}`
}

/** Most objects are made in order: looking costs less than sorting. */
function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object)
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort()
  return keys
}

const quotedKey = memoize(500, (key) => `${JSON.stringify(key)}:`)

/** SHA-256 of a text, hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/** SHA-256 of the canonical JSON of a value, hex. */
export function digest(value: Json): string {
  return sha256(canonicalJson(value))
}
