import type { Entry } from '../core/storage-ops.js'
import type { Storage } from '../storage/storage.js'

/** Every entry under a prefix in byte order (or against it), after a key; read a page at a time, so that any number may be there. */
export async function* scanAll(
  storage: Storage,
  prefix: string,
  {
    page: limit,
    after,
    reverse = false,
  }: { readonly page: number; readonly after?: string | undefined; readonly reverse?: boolean },
): AsyncGenerator<Entry> {
  let last = after
  for (;;) {
    const page = await storage.scan(prefix, { limit, reverse, ...(last !== undefined && { after: last }) })
    yield* page
    if (page.length < limit) return
    last = page.at(-1)?.key
  }
}
