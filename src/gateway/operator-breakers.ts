import { type BreakerState, type BreakerStatus, isolate, release, reset, statusOf } from '../circuit-breaker/index.js'
import type { Json } from '../core/json.js'
import type { Core } from './core.js'
import { keys } from './keys.js'
import { operatorRecord, recordOp } from './records.js'

/** The circuit breakers, as an operator sees and moves them. */
export interface Breakers {
  /** Every configured breaker as it stands now. */
  status(): Promise<Readonly<Record<string, BreakerStatus>>>
  /** Closes it and forgets what was counted. */
  reset(name: string, by?: string): Promise<void>
  /**
   * Holds it open until every holder has released it; a hold with `expiresAt`, ms since 1970, ends by itself. Throws
   * `TypeError` for a hold without a holder, or one whose end is no time to come.
   */
  isolate(name: string, hold: { readonly by: string; readonly reason?: string; readonly expiresAt?: number }): Promise<void>
  release(name: string, by: string): Promise<void>
}

export function createBreakers(core: Core): Breakers {
  const { known, policy, clock, storage } = core

  async function change(
    name: string,
    by: string,
    what: string,
    next: (state: BreakerState, now: number) => BreakerState,
  ): Promise<void> {
    if (!Object.hasOwn(policy.breakers, name))
      throw new TypeError(`There is no breaker '${name}'. There are: ${Object.keys(policy.breakers).join(', ')}.`)
    await known.open()
    const key = keys.breaker(name)
    for (;;) {
      const { state, version } = known.breaker(name)
      const now = clock.now()
      const value = next(state, now) as unknown as Json
      const [result] = await storage.commit([
        [{ op: 'put', key, value, version }, recordOp(operatorRecord(now, by, `breaker.${what}`, policy, { breaker: name }))],
      ])
      core.sealer.wrote()
      known.learn(key, result?.ok ? { value, version: result.versions[0] ?? '' } : (result?.found ?? null))
      if (result?.ok) return
    }
  }

  return {
    async status() {
      await known.open()
      await known.refresh()
      return Object.fromEntries(
        Object.keys(policy.breakers).map((name) => [
          name,
          statusOf(known.breaker(name).state, policy.breakerOf(name), clock.now()),
        ]),
      )
    },
    reset: (name, by = 'operator') => change(name, by, 'reset', reset),
    async isolate(name, hold) {
      const { by, ...why } = checkedHold(hold, clock.now())
      await change(name, by, 'isolate', (state, now) => isolate(state, by, now, why))
    },
    release: (name, by) => change(name, by, 'release', (state, now) => release(state, by, now)),
  }
}

type Hold = Parameters<Breakers['isolate']>[1]

/** What cannot be stored as it is would be no hold at all. */
function checkedHold(hold: Hold, now: number): Hold {
  const { by, reason, expiresAt = Number.POSITIVE_INFINITY }: { readonly [member in keyof Hold]?: unknown } = hold ?? {}
  if (typeof by !== 'string' || by === '') throw new TypeError('isolate needs who holds the breaker open: { by: "maria" }.')
  if (reason !== undefined && typeof reason !== 'string') throw new TypeError('The reason of an isolation is a text.')
  if (typeof expiresAt !== 'number' || !(expiresAt > now))
    throw new TypeError(
      'The end of an isolation, expiresAt, is a time to come in ms since 1970. Leave it out for one without an end.',
    )
  return { by, ...(reason !== undefined && { reason }), ...(expiresAt !== Number.POSITIVE_INFINITY && { expiresAt }) }
}
