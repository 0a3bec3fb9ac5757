import type { Json, JsonObject } from '../core/json.js'

/** A request says something it should not; message and code end up in the refusal. */
export class BodyFault extends Error {
  readonly code: 'unreadable_body' | 'permission.location'
  constructor(message: string, code: BodyFault['code'] = 'unreadable_body') {
    super(message)
    this.code = code
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text member; absent and null are undefined, as GHL reads them. Throws `BodyFault` for any other type. */
export function optionalText(body: JsonObject, key: string): string | undefined {
  const value = body[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new BodyFault(`"${key}" is ${typeName(value)}, expected text`)
  return value
}

export function optionalBoolean(body: JsonObject, key: string): boolean {
  const value = body[key]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw new BodyFault(`"${key}" is ${typeName(value)}, expected true or false`)
  return value
}

/** A list of texts; absent and null are empty. Throws `BodyFault` for any other type. */
export function textList(body: JsonObject, key: string): readonly string[] {
  const value = body[key]
  if (value === undefined || value === null) return []
  const texts = readTexts(value)
  if (texts === null) throw new BodyFault(`"${key}" is ${typeName(value)}, expected a list of texts`)
  return texts
}

export function readTexts(value: Json | undefined): readonly string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null
}

export function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
