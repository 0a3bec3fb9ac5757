import { type CallFilter, callMatcher, type FakeCall } from './calls.js'

export interface FaultOptions {
  /** Which calls; default all. */
  readonly match?: CallFilter
  /** How many calls it hits; default 1, Infinity for all until cleared. */
  readonly times?: number
  /** Lets that many matching calls pass first; default 0. */
  readonly skip?: number
  /** Answers with this status. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: a body in GHL's form for the status. */
  readonly body?: unknown
  /** Real milliseconds to wait before anything happens. */
  readonly delayMs?: number
  /** Cuts the connection: before GHL has done anything, or after it has done everything. */
  readonly drop?: 'before' | 'after'
  /** Never answers: `before` (or true) GHL has done nothing, `after` it has done everything. */
  readonly hang?: boolean | 'before' | 'after'
  /** With `status`: GHL does the work first and answers this all the same (a 422 although the contact now exists). */
  readonly done?: boolean
}

export interface Fault {
  /** How many calls it has hit. */
  readonly hits: number
  clear(): void
}

export interface FaultPlan {
  add(options: FaultOptions): Fault
  /** The fault that hits this call, counted as used. The first one planned wins. */
  take(call: FakeCall): FaultOptions | null
  clear(): void
}

export function createFaultPlan(): FaultPlan {
  let planned: { options: FaultOptions; matches: (call: FakeCall) => boolean; skip: number; left: number; hits: number }[] = []
  return {
    add(options) {
      const entry = { options, matches: callMatcher(options.match), skip: options.skip ?? 0, left: options.times ?? 1, hits: 0 }
      planned.push(entry)
      return {
        get hits() {
          return entry.hits
        },
        clear() {
          planned = planned.filter((other) => other !== entry)
        },
      }
    },
    take(call) {
      for (const entry of planned) {
        if (entry.left <= 0 || !entry.matches(call)) continue
        if (entry.skip > 0) {
          entry.skip -= 1
          continue
        }
        entry.left -= 1
        entry.hits += 1
        return entry.options
      }
      return null
    },
    clear() {
      planned = []
    },
  }
}
