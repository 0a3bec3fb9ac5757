/** What an index holds: a key, and whether it is still wanted. */
export interface Indexed {
  readonly key: string
  readonly live: boolean
}

export interface Range {
  readonly prefix: string
  /** Strictly after this key (strictly before it when `reverse`). */
  readonly after?: string | undefined
  readonly limit: number
  readonly reverse?: boolean | undefined
}

export interface OrderedIndex<T extends Indexed> {
  add(item: T): void
  /** Says that one item in the index is no longer live; it is dropped later, many at a time. */
  buried(): void
  /** Live, accepted items in byte order. Costs the items it returns, not the items there are. */
  range(range: Range, accept: (item: T) => boolean): T[]
}

const CHUNK = 512
const DEAD_ALLOWANCE = 64

/**
 * Items in byte order of their keys (keys are ASCII, so the order of UTF-16 units is the order of bytes).
 * Writing is cheap and lazy: a key beyond the last one is appended, any other waits unsorted for the next
 * scan; a deleted item stays until it is met or until the dead outnumber the living.
 */
export function createOrderedIndex<T extends Indexed>(): OrderedIndex<T> {
  let chunks: T[][] = []
  let pending: T[] = []
  let held = 0
  let dead = 0
  let lastKey = ''

  function rebuild(items: T[]): void {
    chunks = []
    for (let i = 0; i < items.length; i += CHUNK) chunks.push(items.slice(i, i + CHUNK))
    held = items.length + pending.length
    noteLast()
  }

  function noteLast(): void {
    lastKey = chunks.at(-1)?.at(-1)?.key ?? ''
  }

  function sweep(): void {
    pending = pending.filter(isLive)
    rebuild(chunks.flat().filter(isLive))
    dead = 0
  }

  function sortPending(): void {
    const fresh = pending.filter(isLive).sort(byKey)
    dead = Math.max(0, dead - (pending.length - fresh.length))
    held -= pending.length
    pending = []
    if (fresh.length * 8 > held) {
      rebuild(merge(chunks.flat(), fresh))
    } else {
      for (const item of fresh) insert(item)
      noteLast()
    }
  }

  function insert(item: T): void {
    held++
    const at = Math.max(0, chunkBefore(item.key))
    const chunk = chunks[at]
    if (chunk === undefined) {
      chunks.push([item])
      return
    }
    chunk.splice(firstAtOrAfter(chunk, item.key), 0, item)
    if (chunk.length > 2 * CHUNK) chunks.splice(at + 1, 0, chunk.splice(CHUNK))
  }

  /** The last chunk that begins before the key; -1 = none does. */
  function chunkBefore(key: string): number {
    let low = 0
    let high = chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const first = chunks[middle]?.[0]
      if (first !== undefined && first.key < key) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  function ascend({ prefix, after, limit }: Range, accept: (item: T) => boolean, tired: Set<T[]>): T[] {
    const found: T[] = []
    const from = after !== undefined && after >= prefix ? `${after}\0` : prefix
    let at = Math.max(0, chunkBefore(from))
    let place = firstAtOrAfter(chunks[at] ?? [], from)
    while (found.length < limit) {
      const chunk = chunks[at]
      if (chunk === undefined) break
      const item = chunk[place++]
      if (item === undefined) {
        at++
        place = 0
      } else if (!item.key.startsWith(prefix)) break
      else if (!item.live) tired.add(chunk)
      else if (accept(item)) found.push(item)
    }
    return found
  }

  function descend({ prefix, after, limit }: Range, accept: (item: T) => boolean, tired: Set<T[]>): T[] {
    const found: T[] = []
    const top = `${prefix}\x7f`
    const from = after !== undefined && after < top ? after : top
    let at = Math.max(0, chunkBefore(from))
    let place = firstAtOrAfter(chunks[at] ?? [], from) - 1
    while (found.length < limit) {
      const chunk = chunks[at]
      if (chunk === undefined) break
      const item = chunk[place--]
      if (item === undefined) {
        at--
        place = (chunks[at]?.length ?? 0) - 1
      } else if (item.key < prefix) break
      else if (!item.live) tired.add(chunk)
      else if (accept(item)) found.push(item)
    }
    return found
  }

  /** Drops the dead of the chunks a scan has met, so that they are stepped over once. */
  function tidy(tired: Set<T[]>): void {
    for (const chunk of tired) {
      const living = chunk.filter(isLive)
      dead = Math.max(0, dead - (chunk.length - living.length))
      held -= chunk.length - living.length
      if (living.length === 0) {
        chunks.splice(chunks.indexOf(chunk), 1)
      } else {
        chunk.length = 0
        for (const item of living) chunk.push(item)
      }
    }
    if (tired.size > 0) noteLast()
  }

  return {
    add(item) {
      if (item.key > lastKey) {
        const last = chunks.at(-1)
        if (last !== undefined && last.length < CHUNK) last.push(item)
        else chunks.push([item])
        lastKey = item.key
      } else pending.push(item)
      held++
    },
    buried() {
      dead++
      if (dead > DEAD_ALLOWANCE + (held >>> 1)) sweep()
    },
    range(range, accept) {
      if (pending.length > 0) sortPending()
      const tired = new Set<T[]>()
      const found = range.reverse ? descend(range, accept, tired) : ascend(range, accept, tired)
      tidy(tired)
      return found
    },
  }
}

function isLive(item: Indexed): boolean {
  return item.live
}

export function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

function firstAtOrAfter<T extends Indexed>(chunk: readonly T[], key: string): number {
  let low = 0
  let high = chunk.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = chunk[middle]
    if (item !== undefined && item.key < key) low = middle + 1
    else high = middle
  }
  return low
}

function merge<T extends Indexed>(left: readonly T[], right: readonly T[]): T[] {
  const merged: T[] = []
  let i = 0
  for (const item of right) {
    for (let next = left[i]; next !== undefined && next.key < item.key; next = left[++i]) merged.push(next)
    merged.push(item)
  }
  for (let next = left[i]; next !== undefined; next = left[++i]) merged.push(next)
  return merged
}
