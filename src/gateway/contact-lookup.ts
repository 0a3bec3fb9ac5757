import pLimit from 'p-limit'
import { redact } from '../audit/index.js'
import type { ContactFacts } from '../core/contact.js'
import { contactFault } from '../core/contact-fault.js'
import { isStorageError } from '../core/errors.js'
import { type Reason, reason } from '../core/reason.js'
import type { GhlRequest, GhlResponse } from '../core/request.js'
import {
  answered,
  appointmentRequest,
  contactOfAppointment,
  contactRequest,
  parseContact,
  readRateHeaders,
  waitAfterLimit,
} from '../ghl/index.js'
import { refusals } from '../limits/index.js'
import { askGhl } from './ask-ghl.js'
import { type Attempt, withContact } from './attempt.js'
import type { Core } from './core.js'
import { readWindows } from './windows.js'

/** Lookups under way at once: a burst of sends must not become a burst of reads at GHL. */
const AT_ONCE = 8
/** People of one action that are looked up: GHL allows 100 calls in 10 s, and others need some too. */
const MOST_LOOKED_UP = 50

/** Finds out whom an action reaches, fresh each time and inside GHL's own limits. What cannot be found out is a refusal. */
export type ContactLookup = (attempt: Attempt) => Promise<Attempt | Refused>

interface Refused {
  readonly refused: Reason
  readonly attempt: Attempt
}

/** What a lookup came to, and the GHL calls it took. */
type Found<T = ContactFacts | null> = { readonly calls: number } & ({ readonly facts: T } | { readonly refused: Reason })

export function createContactLookup(core: Core): ContactLookup {
  const limit = pLimit(AT_ONCE)
  const underWay = new Map<string, Promise<Found>>()
  /** Calls under way or done that no commit has counted yet. */
  let unrecorded = 0

  /** Callers that ask GHL for the same contact at the same time share one answer; the first one pays for it. */
  function shared(contactId: string, attempt: Attempt, reserved: boolean): Promise<Found> {
    const key = `${attempt.location} ${contactId}`
    const running = underWay.get(key)
    if (running !== undefined) return running.then((found) => ({ ...found, calls: 0 }))
    const fresh = limit(() => ask(attempt, (at) => contactRequest(contactId, at), readContact, reserved)).finally(() =>
      underWay.delete(key),
    )
    underWay.set(key, fresh)
    return fresh
  }

  /** One read of GHL, if its limits leave room; `reserved` = somebody has looked, and counts it until it is done. */
  async function ask<T>(
    attempt: Attempt,
    requestAt: (at: { readonly host: string; readonly locationId?: string }) => GhlRequest,
    read: (answer: GhlResponse) => { readonly facts: T } | undefined,
    reserved = false,
  ): Promise<Found<T>> {
    const http = core.http()
    if (http === undefined) {
      const how = 'no transport is configured: pass `http` or `resolveContact` to createGateway, or wrap a client.'
      return { refused: unresolved(how), calls: 0 }
    }
    if (!reserved) unrecorded++
    try {
      const full = reserved ? undefined : await fullGhlWindow(core, attempt, unrecorded)
      if (full !== undefined) return { refused: full, calls: 0 }
      const locationId = attempt.classified.locationId ?? http.locationId
      const request = requestAt({ host: http.host, ...(locationId !== undefined && { locationId }) })
      const answer = await askGhl(core, attempt.location, request)
      if ('unread' in answer) return { refused: unresolved(answer.unread), calls: 1 }
      if (answer.status === 429) return { refused: limited(answer, core.clock.now()), calls: 1 }
      const found = read(answer)
      return found === undefined ? { refused: unresolved(answered(answer.status)), calls: 1 } : { ...found, calls: 1 }
    } finally {
      if (!reserved) unrecorded--
    }
  }

  /** The host's own look-up costs GHL nothing: how often it runs at once is the host's business. */
  async function find(contactId: string, attempt: Attempt, reserved = false): Promise<Found> {
    const { resolveContact } = core
    const found =
      resolveContact === undefined
        ? await shared(contactId, attempt, reserved)
        : readHost(await resolveContact(contactId, { location: attempt.location }))
    if ('refused' in found || found.facts === null || found.facts.id === contactId) return found
    return { refused: unresolved('the answer is about another contact.'), calls: found.calls }
  }

  function told(attempt: Attempt, found: Found): Attempt | Refused {
    const calls = attempt.lookups + found.calls
    if ('refused' in found) return { refused: found.refused, attempt: { ...attempt, lookups: calls } }
    return withContact(attempt, found.facts, calls, configured())
  }

  const configured = () => core.policy.account.locationId ?? core.http()?.locationId

  async function findAll(attempt: Attempt, contactIds: readonly string[]): Promise<Attempt | Refused> {
    const calls = core.resolveContact === undefined ? contactIds.length : 0
    unrecorded += calls
    let found: readonly Found[]
    try {
      const full = calls === 0 ? undefined : await fullGhlWindow(core, attempt, unrecorded)
      if (full !== undefined) return { refused: full, attempt }
      found = await Promise.all(contactIds.map((id) => find(id, attempt, true)))
    } finally {
      unrecorded -= calls
    }
    const looked = { ...attempt, lookups: found.reduce((sum, { calls }) => sum + calls, 0) }
    const people: ContactFacts[] = []
    for (const [index, one] of found.entries()) {
      if ('refused' in one) return { refused: one.refused, attempt: looked }
      if (one.facts === null) return { refused: unresolved(`there is no contact ${contactIds[index]}.`), attempt: looked }
      people.push(one.facts)
    }
    if (new Set(people.flatMap(({ locationId }) => locationId ?? [])).size > 1)
      return { refused: unresolved('the contacts are of several locations. Make one call for each.'), attempt: looked }
    return { ...withContact(looked, people[0] ?? null, looked.lookups, configured()), people }
  }

  /** A booked appointment names its contact in GHL only. */
  async function findAppointment(attempt: Attempt): Promise<Attempt | Refused> {
    const { eventId = '' } = attempt.classified.params
    const found = await ask(attempt, (at) => appointmentRequest(eventId, at), readAppointment)
    const looked = { ...attempt, lookups: found.calls }
    if ('refused' in found) return { refused: found.refused, attempt: looked }
    if (found.facts === null) return looked
    return told({ ...looked, contactIds: [found.facts] }, await find(found.facts, attempt))
  }

  return async (attempt) => {
    const { message, reached } = attempt.classified
    if (message === undefined && reached === 'nobody') return attempt
    const [contactId, another] = attempt.contactIds
    try {
      if (reached === 'appointment') return await findAppointment(attempt)
      if (contactId === undefined) return attempt
      if (message !== undefined || another === undefined) return told(attempt, await find(contactId, attempt))
      return await findAll(attempt, attempt.contactIds.slice(0, MOST_LOOKED_UP))
    } catch (error) {
      // A broken storage says nothing about the contact: it is refused as what it is.
      if (isStorageError(error)) throw error
      return { refused: unresolved(redact(error instanceof Error ? error.message : String(error))), attempt }
    }
  }
}

function readContact({ status, body }: GhlResponse): { readonly facts: ContactFacts | null } | undefined {
  if (status === 404 || status === 400) return { facts: null }
  return status === 200 ? { facts: parseContact(body) } : undefined
}

/** What is not there reaches nobody: GHL will say so itself. */
function readAppointment({ status, body }: GhlResponse): { readonly facts: string | null } | undefined {
  if (status === 404) return { facts: null }
  const contactId = status === 200 ? contactOfAppointment(body) : undefined
  return contactId === undefined ? undefined : { facts: contactId }
}

/** What the host knows. A member nobody reads may be a misspelt "do not disturb", so it is a refusal. */
function readHost(facts: ContactFacts | null): Found {
  const fault = facts === null ? undefined : contactFault(facts)
  return fault === undefined
    ? { facts, calls: 0 }
    : { refused: unresolved(redact(`resolveContact answered, but ${fault}`)), calls: 0 }
}

/** Why GHL may not be asked now. */
async function fullGhlWindow(core: Core, attempt: Attempt, calls: number): Promise<Reason | undefined> {
  const now = core.clock.now()
  const windows = core.policy.limits.ghl.windows({ location: attempt.location, calls })
  const used = await readWindows(core.storage, windows, now)
  return core.budget.exhausted(attempt.location, now) ?? refusals(windows, used, now)[0]
}

/** Nobody is written to whose wishes are not known. */
function unresolved(why: string): Reason {
  return reason('guardrails', 'recipient.unresolved', `The contact could not be looked up, so nothing is sent: ${why}`, {})
}

function limited({ headers }: GhlResponse, now: number): Reason {
  const retryAt = now + waitAfterLimit(readRateHeaders(headers))
  return reason('limits', 'ghl.rate_limit', 'GHL refused to be asked who the contact is: too many calls.', {}, { retryAt })
}
