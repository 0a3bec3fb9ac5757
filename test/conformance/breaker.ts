import { type BreakerPolicyInput, createBreaker, type OutcomeKind, type Permit } from 'sendwarden/circuit-breaker'
import type { CaseResult } from './suites.js'

type Bag = Readonly<Record<string, unknown>>

/** Runs every case of a `breaker-peer-cases/1` file against the breaker in memory. No case is skipped. */
export function runBreakerSuite(file: unknown): CaseResult[] {
  const { cases } = file as { cases?: unknown }
  if (!Array.isArray(cases)) throw new TypeError('the file has no `cases`')
  return cases.map((one: Bag, index) => runCase(one, String(one.name ?? index)))
}

function runCase(one: Bag, id: string): CaseResult {
  try {
    const run = play(one)
    const misses = compare(one.expected as Bag, run)
    if (misses.length === 0) return { id, ok: true }
    return {
      id,
      ok: false,
      expected: misses.map(([what, expected]) => ({ [what]: expected })),
      got: misses.map(([what, , got]) => ({ [what]: got })),
    }
  } catch (error) {
    return { id, ok: false, expected: 'a run without a fault', got: String(error) }
  }
}

interface Run {
  admitted: Record<string, boolean>
  rejectedWith: Record<string, string>
  retryAfterMs: Record<string, number | null>
  counted: Record<string, string>
  transitions: string[]
  states: { main: string; fork: string | undefined }[]
}

const OUTCOMES: Record<string, OutcomeKind> = {
  ok: 'success',
  okError: 'success',
  error: 'failure',
  badResult: 'failure',
  timeout: 'failure',
  ignored: 'neutral',
  cancelled: 'neutral',
  localRejection: 'local',
  // The classifier is at fault, so the default judges: the call threw.
  classifierThrew: 'failure',
}

const REASONS: Record<string, string> = {
  'breaker.open': 'open',
  'breaker.half_open_full': 'half-open-full',
  'breaker.isolated': 'isolated',
  'breaker.shutdown': 'shutdown',
}

/** 15 January 2026, 12:00 UTC; any instant would do. */
const START = 1_768_478_400_000

function play(one: Bag): Run {
  const policy = policyOf((one.given as { config: Bag }).config)
  const run: Run = { admitted: {}, rejectedWith: {}, retryAfterMs: {}, counted: {}, transitions: [], states: [] }
  const time = { wall: START, mono: 1_000_000 }
  const flights = new Map<string, { breaker: Instance; permit: Permit; at: number }>()
  const clock = { now: () => time.wall, monotonic: () => time.mono }
  const onTransition = (from: string, to: string) => run.transitions.push(`${from}->${to}`)
  let saved: unknown
  let main = createBreaker(policy, { clock, onTransition })
  let fork: Instance | undefined

  function start(breaker: Instance, id: string): void {
    const { permit, denied } = breaker.admit()
    run.admitted[id] = permit !== undefined
    if (permit !== undefined) return void flights.set(id, { breaker, permit, at: time.mono })
    run.rejectedWith[id] = REASONS[denied.code] ?? denied.code
    run.retryAfterMs[id] = denied.retryAt === undefined ? null : denied.retryAt - denied.at
  }

  function end(id: string, event: Bag): void {
    const flight = flights.get(id)
    if (flight === undefined) return
    flights.delete(id)
    const kind = OUTCOMES[String(event.outcome ?? 'ok')]
    if (kind === undefined) throw new Error(`unknown outcome ${String(event.outcome)}`)
    const durationMs = number(event.durationMs) ?? time.mono - flight.at
    const retryAfterMs = number(event.retryAfterMs)
    const outcome = { kind, durationMs, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    run.counted[id] = flight.breaker.settle(flight.permit, outcome)
  }

  function restart(event: Bag): void {
    saved = JSON.parse(JSON.stringify(main.export()))
    if ('replaceStateWith' in event) saved = event.replaceStateWith
    const down = number(event.downMs) ?? 0
    time.wall += down + (number(event.wallSkewMs) ?? 0)
    // A new process may well be on a machine that booted just now.
    time.mono = 5_000
    flights.clear()
    main = createBreaker(policy, { clock, onTransition, snapshot: saved })
  }

  const ops: Record<string, (event: Bag) => void> = {
    call(event) {
      start(main, String(event.id))
      end(String(event.id), event)
    },
    start: (event) => start(main, String(event.id)),
    end: (event) => end(String(event.id), event),
    advance(event) {
      time.wall += Number(event.ms)
      time.mono += Number(event.ms)
    },
    wallJump(event) {
      time.wall += Number(event.ms)
    },
    isolate(event) {
      const forMs = number(event.forMs ?? event.expiresInMs ?? event.expiresAfterMs ?? event.ttlMs ?? event.expiresMs)
      main.isolate(String(event.holder ?? 'operator'), {
        ...(typeof event.reason === 'string' ? { reason: event.reason } : {}),
        ...(forMs === undefined ? {} : { expiresAt: time.wall + forMs }),
      })
    },
    release: (event) => main.release(String(event.holder ?? 'operator')),
    reset: () => main.reset(),
    trip: () => main.trip(),
    disable: () => main.disable(),
    enable: () => main.enable(),
    shutdown: () => main.shutdown(),
    restart,
    fork() {
      saved ??= JSON.parse(JSON.stringify(main.export()))
      fork = createBreaker(policy, { clock, snapshot: saved })
    },
    callOn(event) {
      if (fork === undefined) throw new Error('callOn before fork')
      start(fork, String(event.id))
      end(String(event.id), event)
    },
  }

  for (const event of one.events as Bag[]) {
    const op = ops[String(event.op)]
    if (op === undefined) throw new Error(`unknown op ${String(event.op)}`)
    op(event)
    run.states.push({ main: main.state, fork: fork?.state })
  }
  return run
}

type Instance = ReturnType<typeof createBreaker>
type Miss = [what: string, expected: unknown, got: unknown]

function compare(expected: Bag, run: Run): Miss[] {
  const misses: Miss[] = []
  for (const [what, wanted] of Object.entries(expected)) {
    if (what === 'stateAfter') misses.push(...compareStates(wanted as Bag[], run))
    else if (what === 'transitions') {
      if (JSON.stringify(wanted) !== JSON.stringify(run.transitions)) misses.push([what, wanted, run.transitions])
    } else if (what === 'admitted' || what === 'rejectedWith' || what === 'retryAfterMs' || what === 'counted') {
      for (const [id, value] of Object.entries(wanted as Bag)) {
        if (!matches(value, run[what][id])) misses.push([`${what} ${id}`, value, run[what][id]])
      }
    } else misses.push([what, wanted, 'an expectation this runner does not know'])
  }
  return misses
}

function compareStates(wanted: readonly Bag[], run: Run): Miss[] {
  return wanted.flatMap((one): Miss[] => {
    const states = run.states[Number(one.afterEvent)]
    const got = one.on === 'fork' || one.instance === 'fork' ? states?.fork : states?.main
    return got === one.state ? [] : [[`state after event ${String(one.afterEvent)}`, one.state, got]]
  })
}

/** A number may also be given as bounds. */
function matches(expected: unknown, got: unknown): boolean {
  if (Array.isArray(expected)) return matches({ min: expected[0], max: expected[1] }, got)
  if (typeof expected !== 'object' || expected === null) return expected === (got ?? null)
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = expected as { min?: number; max?: number }
  return typeof got === 'number' && got >= min && got <= max
}

/** The format leaves some names open; these are the ones the policy calls otherwise. */
const CONFIG_NAMES: [RegExp, string][] = [
  [/^(openMs|maxOpenMs|jitter|growth|warmUpMs|slow|trip)$/, '$&'],
  [/jitter/i, 'jitter'],
  [/factor|growth|multiplier|backoff/i, 'growth'],
  [/max.*open|open.*max/i, 'maxOpenMs'],
  [/warm/i, 'warmUpMs'],
]
const HALF_OPEN_NAMES: [RegExp, string][] = [
  [/release/i, 'releaseOnCancel'],
  [/lease|probe.*ms$|hung|maxWait/i, 'leaseMs'],
]
const TRIP_NAMES: [RegExp, string][] = [
  [/^(sizeMs|durationMs|spanMs|ms|window)$/, 'windowMs'],
  [/bucket|slot/i, 'parts'],
  [/^min/i, 'minCalls'],
]

const SLOW_NAMES: [RegExp, string][] = [[/ms$/i, 'overMs']]

function policyOf({ halfOpen, ...config }: Bag): BreakerPolicyInput {
  const top = Object.entries(config)
  const probing = [...top.filter(([name]) => rename(name, HALF_OPEN_NAMES) !== name), ...Object.entries((halfOpen as Bag) ?? {})]
  const policy: Record<string, unknown> = {}
  for (const [name, value] of top) {
    if (rename(name, HALF_OPEN_NAMES) !== name) continue
    const to = rename(name, CONFIG_NAMES)
    if (to === 'growth') Object.assign(policy, growthOf(value))
    else if (to === 'trip') policy.trip = renamed(Object.entries(value as Bag), TRIP_NAMES)
    else policy[to] = to === 'slow' ? renamed(Object.entries(value as Bag), SLOW_NAMES) : value
  }
  return (probing.length === 0 ? policy : { ...policy, halfOpen: renamed(probing, HALF_OPEN_NAMES) }) as BreakerPolicyInput
}

function renamed(entries: readonly [string, unknown][], names: readonly [RegExp, string][]): Bag {
  return Object.fromEntries(entries.map(([name, value]) => [rename(name, names), value]))
}

function rename(name: string, names: readonly [RegExp, string][]): string {
  return names.find(([pattern]) => pattern.test(name))?.[1].replace('$&', name) ?? name
}

/** `2`, or `{ factor: 2, maxMs: 8000 }`. */
function growthOf(value: unknown): Bag {
  if (typeof value !== 'object' || value === null) return { growth: value }
  const { factor, multiplier, maxMs, maxOpenMs } = value as Bag
  const cap = maxMs ?? maxOpenMs
  return { growth: factor ?? multiplier ?? 2, ...(cap === undefined ? {} : { maxOpenMs: cap }) }
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
