/** Something that stops counting at `expiresAt` (ms, undefined = never). `due` is this file's own note. */
export interface Expiring {
  expiresAt: number | undefined
  due: number
  live: boolean
}

export interface Expiry<T extends Expiring> {
  /** Must be called after `expiresAt` was set. */
  watch(item: T): void
  /** Says that a watched item was deleted before its time. */
  buried(item: T): void
  /** Removes what has expired, at most `budget` items, so that no single call pays for all. */
  purge(now: number, budget: number): void
}

/** Items are purged up to this long after they expired. They count as absent from the first moment. */
const SPAN_MS = 300_000
export const NOT_WATCHED = -1

/** Buckets of five minutes: watching is O(1), and a purge touches only buckets that are over. */
export function createExpiry<T extends Expiring>(remove: (item: T) => void): Expiry<T> {
  const buckets = new Map<number, T[]>()
  let draining: T[] = []
  let swept = Number.NEGATIVE_INFINITY
  let watched = 0
  let dead = 0

  function watch(item: T): void {
    if (item.expiresAt === undefined) return
    const due = Math.floor(item.expiresAt / SPAN_MS)
    // An item whose time was put off stays where it is: it is looked at, and moved, when that bucket is over.
    if (item.due !== NOT_WATCHED && item.due <= due) return
    item.due = due
    watched++
    const bucket = buckets.get(due)
    if (bucket === undefined) buckets.set(due, [item])
    else bucket.push(item)
  }

  /** Without this, a key with a distant expiry that is put and deleted all day would be kept until then. */
  function dropDead(): void {
    for (const [due, bucket] of buckets) {
      const living = bucket.filter((item) => item.live && item.due === due)
      if (living.length === 0) buckets.delete(due)
      else buckets.set(due, living)
    }
    watched = 0
    for (const bucket of buckets.values()) watched += bucket.length
    dead = 0
  }

  return {
    watch,
    buried(item) {
      if (item.due === NOT_WATCHED) return
      dead++
      if (dead > 1024 + (watched >>> 1)) dropDead()
    },
    purge(now, budget) {
      const current = Math.floor(now / SPAN_MS)
      if (draining.length === 0) {
        if (current === swept) return
        let over: number | undefined
        for (const due of buckets.keys()) {
          if (due < current) {
            over = due
            break
          }
        }
        if (over === undefined) {
          swept = current
          return
        }
        draining = buckets.get(over) ?? []
        buckets.delete(over)
      }
      for (let left = budget; left > 0; left--) {
        const item = draining.pop()
        if (item === undefined) return
        watched = Math.max(0, watched - 1)
        if (!item.live || item.due >= current) continue
        item.due = NOT_WATCHED
        if (item.expiresAt !== undefined && item.expiresAt <= now) remove(item)
        else watch(item)
      }
    },
  }
}
