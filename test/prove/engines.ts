import type { SharedEngine } from './engine.js'
import { postgres } from './postgres.js'
import { redis } from './redis.js'
import { sqlite } from './sqlite.js'

/** Memory and file are one process's: there is nothing to share and nothing to prove here. */
export const SHARED_ENGINES: Readonly<Record<string, SharedEngine>> = { redis, postgres, sqlite }

export function engineNamed(name: string): SharedEngine {
  const engine = SHARED_ENGINES[name]
  if (engine === undefined) throw new TypeError(`No shared engine ${name}. There are: ${Object.keys(SHARED_ENGINES).join(', ')}.`)
  return engine
}
