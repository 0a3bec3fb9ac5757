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
  if (Array.isArray(value)) return copyList(value, path, depth)
  if (value instanceof Date) {
    const text = isoText(value)
    if (text !== undefined) return text
  }
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== null && !isPlainPrototype(prototype)) {
    throw new JsonFaultError({ path, message: 'is a class instance, expected plain JSON' })
  }
  const result: Record<string, Json> = {}
  for (const key of Object.keys(value)) {
    if (HOSTILE_KEYS.has(key)) throw new JsonFaultError({ path: `${path}.${key}`, message: 'is a key that is never accepted' })
    const member = (value as Record<string, unknown>)[key]
    // Texts, which most members are, need no path.
    if (typeof member === 'string') result[key] = member
    else if (member !== undefined) result[key] = copy(member, `${path}.${key}`, depth + 1)
  }
  return Object.freeze(result)
}

/** By index: a list's own `map` may answer with something that changes later. */
function copyList(list: readonly unknown[], path: string, depth: number): Json {
  const result: Json[] = []
  for (let index = 0; index < list.length; index++) {
    const item = list[index]
    if (typeof item === 'string') result.push(item)
    else result.push(item === undefined ? null : copy(item, `${path}[${index}]`, depth + 1))
  }
  return Object.freeze(result)
}

/** As `Date` itself writes it, not as the value says; undefined for what only looks like a date, or is an invalid one. */
function isoText(value: Date): string | undefined {
  try {
    return Date.prototype.toISOString.call(value)
  } catch {
    return undefined
  }
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
  // The engine's own writer takes a fifth of the time, and its text is one piece: what is kept is not a tree of pieces.
  if (isOrdered(value)) return JSON.stringify(value)
  const pieces: string[] = []
  write(value, pieces)
  return pieces.join('')
}

/** Whether every object in it has its keys in order, so that writing it as it stands is the canonical text. */
function isOrdered(value: Json): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isOrdered)
  const object = value as JsonObject
  let last = ''
  for (const key in object) {
    if (key < last || !isOrdered(object[key] as Json)) return false
    last = key
  }
  return true
}

function write(value: Json, pieces: string[]): void {
  if (value === null || typeof value !== 'object') {
    pieces.push(JSON.stringify(value))
  } else if (Array.isArray(value)) {
    let before = '['
    for (const item of value as readonly Json[]) {
      pieces.push(before)
      write(item, pieces)
      before = ','
    }
    pieces.push(before === '[' ? '[]' : ']')
  } else {
    const object = value as JsonObject
    let before = '{'
    for (const key of Object.keys(object).sort()) {
      pieces.push(before, quotedKey(key))
      write(object[key] as Json, pieces)
      before = ','
    }
    pieces.push(before === '{' ? '{}' : '}')
  }
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
