import { type Clock, systemClock } from '../core/clock.js'
import { newId } from '../core/ids.js'
import type { Reason } from '../core/reason.js'
import type { Batch, BatchResult, Entry } from '../core/storage-ops.js'
import { times } from './local.js'
import { reasonOf, refusals } from './refusals.js'
import { type Remaining, remaining } from './remaining.js'
import { keys, release, releasePace, reserve } from './reserve.js'
import { boundOf, type LimitWindow } from './window.js'

/** What a limiter needs of a `Storage`; any sendwarden storage, opened, will do. */
export interface LimiterStorage {
  commit(batches: readonly Batch[]): Promise<BatchResult[]>
  read(keys: readonly string[]): Promise<(Entry | null)[]>
}

export type Taken =
  /** `refund` gives everything back, in the windows it was taken from; call it at most once. */
  { readonly ok: true; refund(): Promise<void> } | { readonly ok: false; readonly reasons: readonly [Reason, ...Reason[]] }

export interface Limiter {
  /**
   * Takes `by` (default 1) times each window's `by` from every window, or from none. Rejects with the
   * storage's own error; nothing may be assumed to be taken or free then.
   */
  take(by?: number): Promise<Taken>
  /** What is left in each window. Consumes nothing. */
  remaining(): Promise<Remaining[]>
}

const KEEP_MARK_MS = 3_600_000

/** Limits that last and are shared by everybody on the same storage: one commit per `take`. The storage has to be open: nobody opens it here. */
export function createLimiter(
  windows: readonly LimitWindow[],
  { storage, clock = systemClock }: { readonly storage: LimiterStorage; readonly clock?: Clock },
): Limiter {
  const look = async (wanted: readonly LimitWindow[], now: number) => {
    const entries = new Map<string, Entry>()
    for (const entry of await storage.read(keys(wanted, now))) if (entry !== null) entries.set(entry.key, entry)
    return entries
  }
  return {
    take: async (by = 1) => {
      const now = clock.now()
      const wanted = times(windows, by)
      // A driver that resends an unanswered commit must not count twice: the mark is written once only.
      const mark = {
        op: 'put',
        key: `lim/${newId('take', now)}`,
        value: null,
        version: null,
        expiresAt: now + KEEP_MARK_MS,
      } as const
      const [result] = await storage.commit([[...reserve(wanted, now), mark]])
      if (result?.ok) return { ok: true, refund: () => refund(storage, wanted, now, result.versions) }
      const [first, ...rest] = refusals(wanted, await look(wanted, now), now)
      if (first !== undefined) return { ok: false, reasons: [first, ...rest] }
      return { ok: false, reasons: [refusedMeanwhile(wanted[result?.failed ?? 0], result?.retryAt ?? now)] }
    },
    remaining: async () => {
      const now = clock.now()
      return remaining(windows, await look(windows, now), now)
    },
  }
}

async function refund(storage: LimiterStorage, windows: readonly LimitWindow[], takenAt: number, versions: readonly string[]) {
  await storage.commit([release(windows, takenAt), releasePace(windows, versions)].filter((batch) => batch.length > 0))
}

/** The window had no room at the commit and has some now that we look: try again. */
function refusedMeanwhile(window: LimitWindow | undefined, retryAt: number): Reason {
  if (window === undefined) throw new RangeError('The storage refused a batch whose guards it does not name.')
  const limit = boundOf(window.limit)
  return reasonOf({ window, limit, used: limit, remaining: 0, retryAt, passes: false })
}
