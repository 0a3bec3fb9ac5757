import type { z } from 'zod'
import { ConfigError, type ConfigIssue } from './errors.js'
import { didYouMean } from './nearest.js'

/**
 * Parses a piece of configuration. Throws `ConfigError` with every issue: its path below `prefix`, what is
 * wrong, and the nearest known name for a misspelt key or value.
 */
export function parseConfig<S extends z.ZodType>(schema: S, value: unknown, prefix = ''): z.output<S> {
  const result = schema.safeParse(value, { error: explainIssue, reportInput: true })
  if (result.success) return result.data
  throw new ConfigError(configIssues(result.error, prefix))
}

/**
 * One `ConfigIssue` per fault, alternatives resolved to the one that was meant. For the nearest names the
 * value must have been parsed with `{ error: explainIssue, reportInput: true }`, as `parseConfig` does.
 */
function configIssues(error: z.ZodError, prefix = ''): ConfigIssue[] {
  return error.issues.flatMap((issue) => flatten(issue, prefix))
}

/** zod error map: says what was found and which known name is nearest. Never repeats values that are not names. */
const explainIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(issue.inst)
    return issue.keys.map((key) => `has no setting "${shorten(key)}".${didYouMean(key, known)}`).join(' ')
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String)
    const found = typeof issue.input === 'string' ? `is "${shorten(issue.input)}"` : `is ${kindOf(issue.input)}`
    const guess = typeof issue.input === 'string' ? didYouMean(issue.input, values) : ''
    const list = values.length <= 12 ? `expected ${values.map((value) => `"${value}"`).join(', ')}` : 'not a known name'
    return `${found}, ${list}.${guess}`
  }
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return `is missing, expected ${issue.expected}.`
    return `is ${kindOf(issue.input)}, expected ${issue.expected}.`
  }
  return undefined
}

/** `a.b[0]["odd key"]` */
export function configPath(prefix: string, path: readonly PropertyKey[]): string {
  let text = prefix
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[\w$-]+$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`
    else text += `[${JSON.stringify(shorten(String(part)))}]`
  }
  return text
}

function flatten(issue: z.core.$ZodIssue, prefix: string): ConfigIssue[] {
  const path = configPath(prefix, issue.path)
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that was meant is the one that accepts the kind of value found; of several, the nearest fit.
    const meant = issue.errors.filter((errors) => !errors.some(isWrongKind)).sort((a, b) => a.length - b.length)[0]
    if (meant !== undefined) return meant.flatMap((nested) => flatten(nested, path))
    const wanted = issue.errors.flatMap((errors) => errors.filter(isWrongKind).map(expectationOf))
    return [{ path: path || '(root)', message: `is ${kindOf(issue.input)}, expected ${[...new Set(wanted)].join(' or ')}.` }]
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((nested) => flatten(nested, path))
  return [{ path: path || '(root)', message: issue.message }]
}

/** The whole value is of another kind than this alternative takes: a text where an object belongs. */
function isWrongKind(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_type') return true
  return issue.code === 'invalid_value' && !issue.values.some((value) => typeof value === typeof issue.input)
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected
  return issue.code === 'invalid_value'
    ? issue.values.map((value) => JSON.stringify(String(value))).join(' or ')
    : 'another value'
}

/** The names an object, or a record with listed keys, knows. */
function keysOf(schema: unknown): string[] {
  const def = (schema as { _zod?: { def?: { shape?: object; keyType?: { _zod?: { values?: Iterable<unknown> } } } } })?._zod?.def
  if (def?.shape !== undefined) return Object.keys(def.shape)
  return [...(def?.keyType?._zod?.values ?? [])].map(String)
}

/** What was found instead, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
