import { unprocessable } from './answer.js'

/** A parsed body or query: anything may be in it, so it is read through the functions below. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(fields: Fields, name: string): string | null {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** The text, or 422 in the words of the API's own validator. */
export function needText(fields: Fields, name: string): string {
  const value = text(fields, name)
  if (value === null) throw unprocessable(`${name} should not be empty`, `${name} must be a string`)
  return value
}

export function number(fields: Fields, name: string): number | null {
  const value = fields[name]
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : null
}

export function list(fields: Fields, name: string): unknown[] {
  const value = fields[name]
  return Array.isArray(value) ? value : []
}

export function texts(fields: Fields, name: string): string[] {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return [value]
  return list(fields, name).filter((item): item is string => typeof item === 'string')
}

export function needTexts(fields: Fields, name: string): string[] {
  const values = list(fields, name)
  if (values.length === 0 || !values.every((item) => typeof item === 'string')) {
    throw unprocessable(`each value in ${name} must be a string`, `${name} must be an array`)
  }
  return values.map(String)
}

export function flag(fields: Fields, name: string): boolean {
  return fields[name] === true || fields[name] === 'true'
}

export function nested(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isFields(value) ? value : {}
}
