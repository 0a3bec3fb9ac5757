import type { Batch } from '../core/storage-ops.js'

export interface Watchers {
  add(prefix: string, changed: () => void): () => void
  /** Tells those who watch a key of this accepted batch, once each, after the current work is done. */
  notify(batch: Batch): void
}

/** Who wants to know about changed keys in this process. Costs nothing while nobody watches. */
export function createWatchers(): Watchers {
  const watching = new Set<{ readonly prefix: string; readonly changed: () => void; told: boolean }>()
  return {
    add(prefix, changed) {
      const watcher = { prefix, changed, told: false }
      watching.add(watcher)
      return () => {
        watching.delete(watcher)
      }
    },
    notify(batch) {
      if (watching.size === 0) return
      for (const watcher of watching) {
        if (watcher.told || !batch.some((op) => op.op !== 'check' && op.key.startsWith(watcher.prefix))) continue
        watcher.told = true
        queueMicrotask(() => {
          watcher.told = false
          if (watching.has(watcher)) watcher.changed()
        })
      }
    },
  }
}
