import { kindOf } from './config-issues.js'
import { ConfigError } from './errors.js'
import { didYouMean } from './nearest.js'

/** Throws `ConfigError` for what an adapter cannot work with: `name` is the adapter's, `expected` says what to pass. */
export function requireMethods(name: string, value: unknown, methods: readonly string[], expected: string): void {
  const holder = value as Readonly<Record<string, unknown>> | null | undefined
  if (methods.every((method) => typeof holder?.[method] === 'function')) return
  throw new ConfigError([{ path: name, message: `is ${kindOf(value)}, expected ${expected}.` }])
}

/** Throws `ConfigError` for options an adapter does not know, with the nearest name: they would do nothing. */
export function requireOptions<T extends object>(
  name: string,
  options: T,
  known: Readonly<Record<keyof T & string, true>>,
): void {
  const names = Object.keys(known)
  if (typeof options !== 'object' || options === null)
    throw new ConfigError([{ path: name, message: `is ${kindOf(options)}, expected an object of ${names.join(', ')}.` }])
  const unknown = Object.keys(options).filter((key) => !Object.hasOwn(known, key))
  if (unknown.length === 0) return
  throw new ConfigError(
    unknown.map((key) => {
      const advice = didYouMean(key, names) || ` It takes ${names.join(', ')}.`
      return { path: name, message: `has no setting "${key.slice(0, 60)}".${advice}` }
    }),
  )
}
