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

/** Proves the named engines, or all there are; what cannot be proven here is a fault too. Each fault names its engine. */
export async function proveEach(
  named: readonly string[],
  proof: (engine: string) => Promise<readonly string[]>,
  all: readonly string[] = Object.keys(SHARED_ENGINES),
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const engine of named.length > 0 ? named : all) {
    const missing = await engineNamed(engine).missing()
    const found = missing === undefined ? await proof(engine) : [missing]
    faults.push(...found.map((fault) => `${engine}: ${fault}`))
  }
  return faults
}
