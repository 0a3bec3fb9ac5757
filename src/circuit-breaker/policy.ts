import { z } from 'zod'

const ms = z.number().positive()
const share = z.number().min(0).max(1)

const consecutiveTrip = z.strictObject({
  kind: z.literal('consecutive'),
  /** Failures in a row, without a success between, that open the circuit. */
  failures: z.int().positive(),
  /** A streak with a gap longer than this starts anew, ms; default 1 hour: old failures say nothing about now. */
  forgetAfterMs: ms.default(3_600_000),
})

const countTrip = z.strictObject({
  kind: z.literal('count'),
  /** How many of the latest results are looked at. */
  size: z.int().positive().max(10_000),
  /** Share of failures that opens the circuit, 0..1. */
  rate: share,
  /** Below this many results nothing opens; default: the whole window. */
  minCalls: z.int().positive().optional(),
  /** `ge`: opens at the rate; `gt`: only above it; default `ge`. */
  compare: z.enum(['ge', 'gt']).default('ge'),
})

const timeTrip = z.strictObject({
  kind: z.literal('time'),
  /** How far back results are looked at, ms. */
  windowMs: ms,
  /** Share of failures that opens the circuit, 0..1. */
  rate: share,
  /** Below this many results nothing opens; default 10. */
  minCalls: z.int().positive().default(10),
  /** `ge`: opens at the rate; `gt`: only above it; default `ge`. */
  compare: z.enum(['ge', 'gt']).default('ge'),
  /** Into how many parts the window is cut: a result leaves at most one part early; default 10. */
  parts: z.int().min(1).max(1000).default(10),
})

const halfOpen = z.strictObject({
  /** Most probes in flight at once; default 1. */
  maxConcurrent: z.int().positive().default(1),
  /** Successful probes that close the circuit, while a single failure re-opens it; default 1. */
  successesToClose: z.int().positive().optional(),
  /** Instead: judge this many probes together and close when at most this share of them failed. */
  sample: z.strictObject({ calls: z.int().positive(), maxFailureRate: share }).optional(),
  /** A probe that has not settled after this long loses its place, ms; default 60,000. */
  leaseMs: ms.default(60_000),
  /** Whether a probe that ended `neutral` (its caller gave up) frees its place at once; default true. */
  releaseOnCancel: z.boolean().default(true),
})

const fields = z.strictObject({
  /** Short form of `trip`: failures in a row; default 5. */
  threshold: z.int().positive().optional(),
  /** Short form of `halfOpen`: so many successes close, and at most so many probes at once; default 3. */
  probes: z.int().positive().optional(),
  /** What opens the circuit; default `threshold` failures in a row. */
  trip: z.discriminatedUnion('kind', [consecutiveTrip, countTrip, timeTrip]).optional(),
  /** How long the circuit stays open before a probe, ms; default 60,000. */
  openMs: ms.default(60_000),
  /** The open period is multiplied by this after each failed round of probes; default 1: it does not grow. */
  growth: z.number().min(1).max(100).default(1),
  /** Longest open period, grown or asked for by `Retry-After`, ms; default the larger of 10 × openMs and 5 minutes. */
  maxOpenMs: ms.optional(),
  /** The open period is lengthened by up to this share, so that processes do not probe in step, 0..1; default 0. */
  jitter: share.default(0),
  /** After the start, results are not counted for this long, ms; default 0. */
  warmUpMs: z.number().min(0).default(0),
  /** How the circuit is tried again; default 1 probe at a time and 1 success with `trip`, else see `probes`. */
  halfOpen: halfOpen.optional(),
  /** Calls that take `overMs` or longer: their share opens the circuit too; with `consecutive` each counts as a failure. */
  slow: z.strictObject({ overMs: ms, rate: share.default(1) }).optional(),
})

/** The short form `{ threshold, openMs, probes }` or the full form; both come out as the full form. */
export const breakerPolicy = fields.superRefine(refuseContradictions).transform(normalise)

export type BreakerPolicyInput = z.input<typeof breakerPolicy>
export type ConsecutiveTrip = z.output<typeof consecutiveTrip>
export type CountTrip = Omit<z.output<typeof countTrip>, 'minCalls'> & { minCalls: number }
export type TimeTrip = z.output<typeof timeTrip>
export type Trip = ConsecutiveTrip | CountTrip | TimeTrip

interface Probing {
  maxConcurrent: number
  leaseMs: number
  releaseOnCancel: boolean
}
export type HalfOpenPolicy = Probing &
  (
    | { successesToClose: number; sample?: undefined }
    | { sample: { calls: number; maxFailureRate: number }; successesToClose?: undefined }
  )

export interface BreakerPolicy {
  readonly trip: Trip
  readonly openMs: number
  readonly growth: number
  readonly maxOpenMs: number
  readonly jitter: number
  readonly warmUpMs: number
  readonly halfOpen: HalfOpenPolicy
  readonly slow?: { readonly overMs: number; readonly rate: number }
}

type Fields = z.output<typeof fields>

function refuseContradictions(given: Fields, context: z.RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (given.trip !== undefined && given.threshold !== undefined) refuse(['threshold'], 'cannot be set beside `trip`')
  if (given.halfOpen !== undefined && given.probes !== undefined) refuse(['probes'], 'cannot be set beside `halfOpen`')
  if (given.halfOpen?.sample !== undefined && given.halfOpen.successesToClose !== undefined) {
    refuse(['halfOpen', 'sample'], 'cannot be set beside `successesToClose`')
  }
  if (given.trip?.kind === 'count' && given.trip.minCalls !== undefined && given.trip.minCalls > given.trip.size) {
    refuse(['trip', 'minCalls'], `is ${given.trip.minCalls} but the window holds ${given.trip.size}: it would never open`)
  }
  if (given.maxOpenMs !== undefined && given.maxOpenMs < given.openMs) {
    refuse(['maxOpenMs'], `is ${given.maxOpenMs}, below openMs ${given.openMs}`)
  }
}

function normalise(given: Fields): BreakerPolicy {
  const { openMs, growth, jitter, warmUpMs, slow } = given
  return {
    trip: tripOf(given),
    openMs,
    growth,
    maxOpenMs: given.maxOpenMs ?? Math.max(10 * openMs, 300_000),
    jitter,
    warmUpMs,
    halfOpen: halfOpenOf(given),
    ...(slow === undefined ? {} : { slow }),
  }
}

function tripOf({ trip, threshold }: Fields): Trip {
  if (trip === undefined) return { kind: 'consecutive', failures: threshold ?? 5, forgetAfterMs: 3_600_000 }
  return trip.kind === 'count' ? { ...trip, minCalls: trip.minCalls ?? trip.size } : trip
}

function halfOpenOf({ trip, probes, halfOpen: given }: Fields): HalfOpenPolicy {
  const count = probes ?? (trip === undefined ? 3 : 1)
  if (given === undefined) return { maxConcurrent: count, successesToClose: count, leaseMs: 60_000, releaseOnCancel: true }
  const { maxConcurrent, leaseMs, releaseOnCancel, sample, successesToClose } = given
  const probing = { maxConcurrent, leaseMs, releaseOnCancel }
  return sample === undefined ? { ...probing, successesToClose: successesToClose ?? 1 } : { ...probing, sample }
}
