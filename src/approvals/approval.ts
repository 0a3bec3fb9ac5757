import { z } from 'zod'
import type { Grounding } from '../core/action.js'
import type { Json } from '../core/json.js'
import type { Reason } from '../core/reason.js'

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = z.string()
const time = z.number()

/** Who decides: an operator, or an agent whose role may approve. */
const approver = z.strictObject({ kind: z.enum(['operator', 'agent']), name: text }).readonly()
const vote = z.strictObject({ verdict: z.enum(['approve', 'reject']), by: approver, note: text.optional(), at: time }).readonly()
const votes = z.array(vote).readonly()

/** What a request is about. Fixed when it is made. */
const subject = {
  id: text,
  /** The agent that asked. */
  agent: text,
  action: text,
  /** The call as it will be sent: nothing is taken out or masked. */
  request: z.custom<Json>((value) => value !== undefined),
  /** SHA-256 of the call in canonical form. */
  digest: text,
  /** The configuration it was judged under. */
  policyVersion: text,
  locationId: text.optional(),
  contactIds: z.array(text).readonly(),
  /** Why it has to wait. */
  reasons: z.array(z.custom<Reason>(isObject)).readonly(),
  grounding: z.custom<Grounding>(isObject).optional(),
  /** When it was asked, ms since 1970. */
  at: time,
  /** Ends a request nobody decided and a grant nobody used, ms since 1970. */
  expiresAt: time,
  /** The rollout mode it was asked in. */
  mode: z.custom<Json>((value) => value !== undefined).optional(),
  /** So many different approvers have to say yes. */
  required: z.number().int().min(1),
  /** The request this one is an edit of. */
  supersedes: text.optional(),
  /** Agents that edited it: they may not decide on it either. */
  editors: z.array(text).readonly(),
}
const seal = { seal: text }

/** A request for approval and all that happened to it: plain JSON, sealed after every step. */
export const approvalSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pending'), ...subject, votes, ...seal }).readonly(),
  z.strictObject({ status: z.literal('approved'), ...subject, votes, decidedAt: time, ...seal }).readonly(),
  z.strictObject({ status: z.literal('rejected'), ...subject, votes, decidedAt: time, ...seal }).readonly(),
  z.strictObject({ status: z.literal('consumed'), ...subject, votes, decidedAt: time, consumedAt: time, ...seal }).readonly(),
  z.strictObject({ status: z.literal('superseded'), ...subject, votes, decidedAt: time, supersededBy: text, ...seal }).readonly(),
])

export type Approval = z.infer<typeof approvalSchema>
export type ApprovalStatus = Approval['status']
export type Approver = z.infer<typeof approver>
export type Vote = z.infer<typeof vote>
/** An approval before it is sealed. */
export type Unsealed = Approval extends infer Each ? (Each extends Approval ? Omit<Each, 'seal'> : never) : never

/** The stored approval, or null when it is not one. */
export function readApproval(stored: unknown): Approval | null {
  const result = approvalSchema.safeParse(stored)
  return result.success ? result.data : null
}

/** Has its time run out? A time that is not a number counts as too late. */
export function isExpired({ expiresAt }: Pick<Approval, 'expiresAt'>, now: number): boolean {
  return !(now < expiresAt)
}
