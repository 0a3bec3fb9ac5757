import type { Batch, BatchResult } from '../core/storage-ops.js'

/** Group commit for engines behind a network: whoever waits while a call is under way shares the next one. */
export interface CallGroups {
  commit(batches: readonly Batch[]): Promise<BatchResult[]>
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>
}

interface Caller {
  readonly batches: readonly Batch[]
  readonly resolve: (results: BatchResult[]) => void
  readonly reject: (error: unknown) => void
}

/** A larger group would only make its first callers wait for its last. */
const GROUP_BATCHES = 128

/**
 * `send` makes one call of the server for all the batches it is given; never two at a time. Where `divides` says of a fault
 * that nothing was written and one caller's input is to blame, each caller is sent alone, so that the others do not suffer.
 */
export function createCallGroups(
  send: (batches: readonly Batch[]) => Promise<BatchResult[]>,
  divides: (error: unknown) => boolean = () => false,
): CallGroups {
  const queue: Caller[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (queue.length > 0) {
      // One turn of the event loop lets everybody who was just answered join the next group.
      await new Promise((resolve) => setImmediate(resolve))
      await answer(nextGroup())
    }
    running = undefined
  }

  function nextGroup(): readonly Caller[] {
    let size = 0
    const count = queue.findIndex(({ batches }, index) => {
      size += batches.length
      return index > 0 && size > GROUP_BATCHES
    })
    return queue.splice(0, count === -1 ? queue.length : count)
  }

  async function answer(callers: readonly Caller[]): Promise<void> {
    try {
      const results = await send(callers.flatMap(({ batches }) => batches))
      for (const { batches, resolve } of callers) resolve(results.splice(0, batches.length))
    } catch (error) {
      if (callers.length > 1 && divides(error)) for (const caller of callers) await answer([caller])
      else for (const { reject } of callers) reject(error)
    }
  }

  return {
    commit: (batches) =>
      new Promise((resolve, reject) => {
        queue.push({ batches, resolve, reject })
        running ??= run()
      }),
    idle: async () => running,
  }
}
