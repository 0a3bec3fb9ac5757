import type { Clock } from '../core/clock.js'
import { StorageError } from '../core/errors.js'

/** Largest difference between a gateway's clock and the engine's: windows and expiries are computed here and judged there. */
export const MAX_SKEW_MS = 2000

/** The clock of a server, as this process reckons it from the last answer by a clock that nobody can set. */
export interface ServerClock {
  now(): number
  /** Takes in the time that an answer carried. */
  heard(time: number): void
  /** Whose clock the windows and expiries come from that the server is to judge. Until then nothing is compared. */
  follow(host: Clock | undefined): void
  /**
   * Throws `StorageError` (`clock_skew`) while the host's clock and the server's differ. Asks the server only when they
   * seem to: one of the two was set, or this process was asleep.
   */
  requireAgreement(ask: () => Promise<number>): Promise<void> | undefined
}

export function createServerClock(): ServerClock {
  let ahead = 0
  let host: Clock | undefined
  const now = () => performance.now() + ahead
  const heard = (time: number) => {
    ahead = time - performance.now()
  }
  const skew = () => (host === undefined ? 0 : Math.abs(host.now() - now()))

  async function askAgain(ask: () => Promise<number>): Promise<void> {
    const before = performance.now()
    heard(await ask())
    // When exactly the server looked at its clock nobody knows.
    const uncertain = performance.now() - before
    const ms = skew()
    if (ms > MAX_SKEW_MS + uncertain) throw clockSkew(ms)
  }

  return {
    now,
    heard,
    follow(clock) {
      host = clock ?? host
    },
    requireAgreement: (ask) => (skew() > MAX_SKEW_MS ? askAgain(ask) : undefined),
  }
}

export function clockSkew(ms: number): StorageError {
  return new StorageError(
    'clock_skew',
    `The storage clock and this process differ by ${Math.round(ms)} ms, the limit is ${MAX_SKEW_MS} ms. Synchronise the clocks, or hand the same clock to both.`,
  )
}
