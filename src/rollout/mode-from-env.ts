import { ConfigError } from '../core/errors.js'
import { didYouMean } from '../core/nearest.js'
import { type RolloutMode, rolloutMode } from './mode.js'

const VARIABLE = 'SENDWARDEN_MODE'

/**
 * Reads a mode from `SENDWARDEN_MODE`: `shadow`, `live`, or `pilot:0.1`, any case; `shadow` when it is not set.
 * Throws `ConfigError` for anything else, so that a typo never sends.
 *
 * @example modeFromEnv(process.env)
 */
export function modeFromEnv(env: Readonly<Record<string, string | undefined>>): RolloutMode {
  const text = (env[VARIABLE] ?? '').trim().toLowerCase()
  if (text === '') return 'shadow'
  const [, share] = /^pilot:(\d*\.?\d+)$/.exec(text) ?? []
  const result = rolloutMode.safeParse(share === undefined ? text : { pilot: Number(share) })
  if (result.success) return result.data
  const guess = text.startsWith('pilot')
    ? ' The share is between 0 and 1: pilot:0.1 is a tenth.'
    : didYouMean(text, ['shadow', 'live', 'pilot:0.1'])
  throw new ConfigError([
    { path: VARIABLE, message: `is "${text.slice(0, 60)}", expected shadow, live or pilot:<share>.${guess}` },
  ])
}
