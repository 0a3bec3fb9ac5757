import pLimit from 'p-limit'
import { redact } from '../audit/index.js'
import type { ContactFacts } from '../core/contact.js'
import { contactFault } from '../core/contact-fault.js'
import { isStorageError } from '../core/errors.js'
import { type Reason, reason } from '../core/reason.js'
import { answered, contactRequest, parseContact } from '../ghl/index.js'
import { refusals } from '../limits/index.js'
import { askGhl } from './ask-ghl.js'
import { type Attempt, withContact } from './attempt.js'
import type { Core, ResolveContact } from './core.js'
import { reachesContact } from './judge.js'
import { readWindows } from './windows.js'

/** Lookups under way at once: a burst of sends must not become a burst of reads at GHL. */
const AT_ONCE = 8

/** Finds out who a send goes to, fresh each time and inside GHL's own limits. What cannot be found out is a refusal. */
export type ContactLookup = (attempt: Attempt) => Promise<Attempt | { readonly refused: Reason; readonly attempt: Attempt }>

/** What a lookup came to, and the GHL calls it took. */
type Found = { readonly calls: number } & ({ readonly facts: ContactFacts | null } | { readonly refused: Reason })

export function createContactLookup(core: Core): ContactLookup {
  const limit = pLimit(AT_ONCE)
  const underWay = new Map<string, Promise<Found>>()
  /** Calls under way or done that no commit has counted yet. */
  let unrecorded = 0

  /** Callers that ask GHL for the same contact at the same time share one answer; the first one pays for it. */
  function shared(contactId: string, attempt: Attempt): Promise<Found> {
    const key = `${attempt.location} ${contactId}`
    const running = underWay.get(key)
    if (running !== undefined) return running.then((found) => ({ ...found, calls: 0 }))
    const fresh = limit(() => readContact(contactId, attempt)).finally(() => underWay.delete(key))
    underWay.set(key, fresh)
    return fresh
  }

  async function readContact(contactId: string, attempt: Attempt): Promise<Found> {
    const http = core.http()
    if (http === undefined) {
      const how = 'no transport is configured: pass `http` or `resolveContact` to createGateway, or wrap a client.'
      return { refused: unresolved(how), calls: 0 }
    }
    unrecorded++
    try {
      const full = await fullGhlWindow(core, attempt, unrecorded)
      if (full !== undefined) return { refused: full, calls: 0 }
      const locationId = attempt.classified.locationId ?? http.locationId
      const request = contactRequest(contactId, { host: http.host, ...(locationId !== undefined && { locationId }) })
      const answer = await askGhl(core, attempt.location, request)
      if ('unread' in answer) return { refused: unresolved(answer.unread), calls: 1 }
      if (answer.status === 404 || answer.status === 400) return { facts: null, calls: 1 }
      if (answer.status !== 200) return { refused: unresolved(answered(answer.status)), calls: 1 }
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
      // The host's own look-up costs GHL nothing: how often it runs at once is the host's business.
      const found: Found =
        core.resolveContact === undefined
          ? await shared(contactId, attempt)
          : await readHost(core.resolveContact, contactId, attempt.location)
      const { calls } = found
      if ('refused' in found) return { refused: found.refused, attempt: { ...attempt, lookups: calls } }
      const { facts } = found
      if (facts !== null && facts.id !== contactId)
        return { refused: unresolved('the answer is about another contact.'), attempt: { ...attempt, lookups: calls } }
      return withContact(attempt, facts, calls, core.policy.account.locationId ?? core.http()?.locationId)
    } catch (error) {
      // A broken storage says nothing about the contact: it is refused as what it is.
      if (isStorageError(error)) throw error
      return { refused: unresolved(redact(error instanceof Error ? error.message : String(error))), attempt }
    }
  }
}

/** What the host knows. A member nobody reads may be a misspelt "do not disturb", so it is a refusal. */
async function readHost(resolveContact: ResolveContact, contactId: string, location: string): Promise<Found> {
  const facts = await resolveContact(contactId, { location })
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
