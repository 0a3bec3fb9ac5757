import pLimit from 'p-limit'
import type { ContactFacts } from '../core/contact.js'
import { type Reason, reason } from '../core/reason.js'
import { contactRequest, parseContact } from '../ghl/contact-facts.js'
import { readRateHeaders } from '../ghl/rate-headers.js'
import { refusals, keys as windowKeys } from '../limits/index.js'
import type { Attempt } from './attempt.js'
import type { Core } from './core.js'
import { reachesContact } from './judge.js'

/** Lookups under way at once: a burst of sends must not become a burst of reads at GHL. */
const AT_ONCE = 8
const LOOKUP_DEADLINE_MS = 10_000

/** Finds out who a send goes to, fresh each time and inside GHL's own limits. */
export type ContactLookup = (attempt: Attempt) => Promise<Attempt | { readonly refused: Reason; readonly attempt: Attempt }>

export function createContactLookup(core: Core): ContactLookup {
  const limit = pLimit(AT_ONCE)
  const underWay = new Map<string, Promise<{ facts: ContactFacts | null; calls: number }>>()
  let unrecorded = 0

  /** Callers that ask for the same contact at the same time share one answer. */
  function shared(contactId: string, attempt: Attempt): Promise<{ facts: ContactFacts | null; calls: number; first: boolean }> {
    const key = `${attempt.location} ${contactId}`
    const running = underWay.get(key)
    if (running !== undefined) return running.then(({ facts }) => ({ facts, calls: 0, first: false }))
    const fresh = limit(() => resolve(contactId, attempt)).finally(() => underWay.delete(key))
    underWay.set(key, fresh)
    return fresh.then((found) => ({ ...found, first: true }))
  }

  async function resolve(contactId: string, attempt: Attempt): Promise<{ facts: ContactFacts | null; calls: number }> {
    if (core.resolveContact !== undefined)
      return { facts: await core.resolveContact(contactId, { location: attempt.location }), calls: 0 }
    const http = core.http()
    if (http === undefined)
      throw new LookupRefused('No transport is configured: pass `http` or `resolveContact` to createGateway, or wrap a client.')
    unrecorded++
    try {
      await withinGhlLimits(core, attempt, unrecorded)
      const locationId = attempt.classified.locationId ?? http.locationId
      const request = contactRequest(contactId, { host: http.host, ...(locationId !== undefined && { locationId }) })
      core.budget.spend(attempt.location)
      const answer = await http.send(request, { signal: AbortSignal.timeout(LOOKUP_DEADLINE_MS) })
      core.budget.observe(attempt.location, readRateHeaders(answer.headers), core.clock.now())
      if (answer.status === 404 || answer.status === 400) return { facts: null, calls: 1 }
      if (answer.status !== 200) throw new LookupRefused(`GHL answered ${answer.status} when asked for the contact.`)
      return { facts: parseContact(answer.body), calls: 1 }
    } finally {
      unrecorded--
    }
  }

  return async (attempt) => {
    const [contactId] = attempt.contactIds
    const needed = attempt.classified.message !== undefined || reachesContact(attempt)
    if (!needed || contactId === undefined) return attempt
    try {
      const { facts, calls } = await shared(contactId, attempt)
      // Limits and switches follow the contact's own location, not what the caller wrote into a header.
      return { ...attempt, contact: facts, lookups: calls, location: facts?.locationId ?? attempt.location }
    } catch (error) {
      return { refused: refusalOf(error), attempt }
    }
  }
}

class LookupRefused extends Error {
  readonly reason: Reason | undefined
  constructor(message: string, reason?: Reason) {
    super(message)
    this.reason = reason
  }
}

async function withinGhlLimits(core: Core, attempt: Attempt, calls: number): Promise<void> {
  const now = core.clock.now()
  const windows = core.policy.limits.ghl.windows({ location: attempt.location, calls })
  const wanted = windowKeys(windows, now)
  const entries = await core.storage.read(wanted)
  const byKey = new Map(wanted.flatMap((key, index) => (entries[index] ? [[key, entries[index]] as const] : [])))
  const full = core.budget.exhausted(attempt.location, now) ?? refusals(windows, byKey, now)[0]
  if (full !== undefined) throw new LookupRefused(full.message, full)
}

/** An unreadable or unreachable contact is a refusal: nobody is written to whose wishes are not known. */
function refusalOf(error: unknown): Reason {
  if (error instanceof LookupRefused && error.reason !== undefined) return error.reason
  const why = error instanceof Error ? error.message : String(error)
  return reason('guardrails', 'recipient.unresolved', `The contact could not be looked up, so nothing is sent: ${why}`, {})
}
