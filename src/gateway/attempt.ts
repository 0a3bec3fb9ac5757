import type { Approval } from '../approvals/index.js'
import type { Action } from '../core/action.js'
import { actionSchema } from '../core/action.js'
import type { ContactFacts } from '../core/contact.js'
import { canonicalJson, freezeJson, type Json, JsonFaultError, type JsonObject, sha256 } from '../core/json.js'
import { type Reason, reason } from '../core/reason.js'
import type { GhlRequest } from '../core/request.js'
import type { Version } from '../core/storage-ops.js'
import { type Classified, classify } from '../ghl/index.js'
import { senderDomain } from '../guardrails/recipients/index.js'
import type { GatewayPolicy } from './config.js'
import type { AgentContext } from './context.js'
import type { Core } from './core.js'

/** Stands for the location of calls that name none, where none is configured. */
export const UNKNOWN_LOCATION = 'default'

/** Where a call counts that names no location. */
export function homeOf({ policy, http }: Pick<Core, 'policy' | 'http'>): string {
  return policy.account.locationId ?? http()?.locationId ?? UNKNOWN_LOCATION
}

/** One action on its way: what is wanted, by whom, and what was learned about it so far. Grows from stage to stage, never shrinks. */
export interface Attempt {
  readonly id: string
  readonly agent: string
  readonly context: AgentContext
  readonly request: GhlRequest
  readonly classified: Classified
  /** Where limits and switches apply. */
  readonly location: string
  /** Contacts the action touches, the context's where the request names none. */
  readonly contactIds: readonly string[]
  /** Set once a send's contact was looked up; null = looked up and not found. */
  readonly contact?: ContactFacts | null
  /** Of an action that makes GHL write to several contacts: those that were looked up, `contact` the first of them. */
  readonly people?: readonly ContactFacts[]
  /** The domain an e-mail or a campaign leaves from, see `senderDomainOf`; undefined for anything else. */
  readonly senderDomain: string | undefined
  /** GHL calls made for looking it up: they count against GHL's own limits. */
  readonly lookups: number
  /** The human's yes, where this is the run of an approved request. */
  readonly grant?: Approval
  /** The version the approval had when it was granted: its use is guarded by it, so it works once. */
  readonly grantVersion?: Version
}

/** Longest body that is read: what cannot be judged in bounded time is refused. */
export const MAX_BODY_LENGTH = 4_000_000

/** Reads what an agent passed as an action. A refusal names the member that is wrong. */
export function parseAction(input: unknown): Action | { readonly refused: Reason } {
  let copy: Json
  try {
    copy = freezeJson(input)
  } catch (error) {
    if (!(error instanceof JsonFaultError))
      return {
        refused: reason('classify', 'invalid_action', 'The action cannot be read: reading it throws.', { path: 'action' }),
      }
    return {
      refused: reason('classify', 'invalid_action', `The action cannot be read: ${error.message.replace('$', 'action')}.`, {
        path: error.fault.path.replace('$', 'action'),
      }),
    }
  }
  const parsed = actionSchema.safeParse(copy)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues
    .slice(0, 5)
    .map((issue) => ({ path: ['action', ...issue.path].join('.'), message: issue.message }))
  const text = issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return { refused: reason('classify', 'invalid_action', `The action is malformed: ${text}.`, { issues }) }
}

/** Classifies a request by what it really is: final method, host, path and body. `location` = where it names none. */
export function attemptOf(
  core: Pick<Core, 'policy' | 'hosts' | 'http'>,
  given: Given,
  now: number,
  location = homeOf(core),
): Attempt | { readonly refused: Reason } {
  const { context, request } = given
  const length = bodyLength(request)
  if (length > MAX_BODY_LENGTH) {
    return {
      refused: reason(
        'classify',
        'unreadable_body',
        `The body is ${length} characters long, the limit is ${MAX_BODY_LENGTH}. Send less in one call.`,
        { length, limit: MAX_BODY_LENGTH },
      ),
    }
  }
  const classified = classify(request, core.hosts(), now)
  if ('refused' in classified) return classified
  const contactIds = classified.contactIds.length > 0 || context.contact === undefined ? classified.contactIds : [context.contact]
  const senderDomain = senderDomainOf(classified, core.policy)
  return attemptWith(given, { classified, location: classified.locationId ?? location, contactIds, senderDomain, lookups: 0 })
}

/**
 * The domain an e-mail or a campaign leaves from: the request's sender, else the account's, else the name all unknown ones
 * share. Neither case, spelling nor omission dodges it. Undefined for what is no e-mail.
 */
function senderDomainOf({ action, message }: Classified, { account }: GatewayPolicy): string | undefined {
  if (action === 'bulk_send_email') return senderDomain(account.senderDomain)
  return message?.channel === 'email' ? senderDomain(message.from ?? account.senderDomain) : undefined
}

type Given = Pick<Attempt, 'id' | 'agent' | 'context' | 'request' | 'grant' | 'grantVersion'>

/**
 * The attempt once its contact was looked up. Limits and switches follow the contact's own location, else the
 * configured one, and only then what the caller wrote.
 */
export function withContact(attempt: Attempt, contact: ContactFacts | null, lookups: number, configured?: string): Attempt {
  const { classified, contactIds, senderDomain } = attempt
  const location = contact?.locationId ?? configured ?? attempt.location
  const known = attemptWith(attempt, { classified, location, contactIds, senderDomain, lookups })
  known.contact = contact
  return known
}

type Draft = { -readonly [K in keyof Attempt]: Attempt[K] }

/** Written out: spreading an object of this size takes a microsecond, and every action does it twice. */
function attemptWith(
  { id, agent, context, request, grant, grantVersion }: Given,
  {
    classified,
    location,
    contactIds,
    senderDomain,
    lookups,
  }: Pick<Attempt, 'classified' | 'location' | 'contactIds' | 'senderDomain' | 'lookups'>,
): Draft {
  const attempt: Draft = { id, agent, context, request, classified, location, contactIds, senderDomain, lookups }
  if (grant !== undefined) attempt.grant = grant
  if (grantVersion !== undefined) attempt.grantVersion = grantVersion
  return attempt
}

/** Length of the body as JSON; 0 where it is certainly short, because writing it out costs more than all the rest here. */
function bodyLength({ body }: GhlRequest): number {
  return body === undefined || lengthAtMost(body) <= MAX_BODY_LENGTH ? 0 : JSON.stringify(body).length
}

/** No JSON text of the value is longer: a character takes six at most (`\u001f`), a number 25. */
function lengthAtMost(value: Json): number {
  if (typeof value === 'string') return 6 * value.length + 2
  if (typeof value !== 'object' || value === null) return 25
  let length = 2
  if (Array.isArray(value)) for (const item of value as readonly Json[]) length += lengthAtMost(item) + 1
  else for (const key of Object.keys(value)) length += 6 * key.length + 4 + lengthAtMost((value as JsonObject)[key] as Json)
  return length
}

const digests = new WeakMap<GhlRequest, string>()

/** SHA-256 of method, host, path, query and body (of an upload: its own digest) in canonical form: what idempotency and approvals are bound to. Computed once per request, and only when asked for. */
export function digestOf(request: GhlRequest): string {
  const known = digests.get(request)
  if (known !== undefined) return known
  const { method, host, path, query, body = null, opaqueBody = '' } = request
  const made = sha256(canonicalJson({ body, host, method, opaqueBody, path, query: query as Json }))
  digests.set(request, made)
  return made
}
