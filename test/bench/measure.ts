/** Measured rounds of each subject; two more before them only warm up. */
export const ROUNDS = 7
export const WARM_UP = 2

/** Something to be measured. Each writes its own loop, so that no call site is shared between subjects. */
export interface Subject {
  readonly name: string
  /** Does the operation `n` times. With `times` it notes how long each took, ms; only for what takes microseconds. */
  run(n: number, times?: Float64Array): void | Promise<void>
  /** Operations per round. */
  readonly n: number
  /** Whether each operation is timed by itself. Default: the round is timed and divided. */
  readonly each?: boolean
}

/** What one round of one subject took, microseconds per operation. */
export interface Round {
  readonly p50: number
  readonly p99: number
  /** Processor time of all threads: it does not count the time other programs took. */
  readonly cpu: number
  readonly perSecond: number
}

export type Measured<N extends string> = Readonly<Record<N, readonly Round[]>>

/**
 * Measures subjects side by side: A B C, B C A, C A B, … so that what disturbs the machine disturbs all of them alike.
 */
export async function measure<N extends string>(
  subjects: Readonly<Record<N, Omit<Subject, 'name'>>>,
  rounds = ROUNDS,
): Promise<Measured<N>> {
  const names = Object.keys(subjects) as N[]
  const results = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as unknown as Record<N, Round[]>
  for (let round = -WARM_UP; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + WARM_UP) % names.length] as N
      const took = await once(subjects[name])
      if (round >= 0) results[name].push(took)
    }
  }
  return results
}

/**
 * One round of one subject. One that is timed as a whole begins with an empty heap, so that it does not pay for another's
 * rubbish; the median of single operations does not see it, and a forced collection makes V8 drop code optimised for
 * shapes that no live object has just then (`--trace-deopt`: weak objects), for most of a short round.
 */
export async function once({ run, n, each = false }: Omit<Subject, 'name'>): Promise<Round> {
  if (!each) globalThis.gc?.()
  const times = each ? new Float64Array(n) : undefined
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run(n, times)
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  times?.sort()
  return {
    p50: 1000 * (times?.[n >> 1] ?? wall / n),
    p99: 1000 * (times?.[Math.floor(n * 0.99)] ?? wall / n),
    cpu: (user + system) / n,
    perSecond: (1000 * n) / wall,
  }
}

/** An operation done `n` times by so many callers at once. */
export function crowd(n: number, callers: number, operation: () => Promise<unknown>): Omit<Subject, 'name'> {
  return {
    n,
    each: true,
    async run(count, times) {
      let started = 0
      const caller = async () => {
        for (let i = started++; i < count; i = started++) {
          const start = performance.now()
          await operation()
          if (times) times[i] = performance.now() - start
        }
      }
      await Promise.all(Array.from({ length: callers }, caller))
    },
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** How many times as long `other` took: the median over rounds of the ratio within a round. */
export function timesFaster(ours: readonly Round[], other: readonly Round[]): number {
  return median(ours.map(({ p50 }, round) => (other[round]?.p50 ?? Number.NaN) / p50))
}

/** How many times as many per second as `other`: with several callers this, not the time of one, is what they get. */
export function timesAsMany(ours: readonly Round[], other: readonly Round[]): number {
  return median(ours.map(({ perSecond }, round) => perSecond / (other[round]?.perSecond ?? Number.NaN)))
}
