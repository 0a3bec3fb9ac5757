import type { Channel, Consent, ConsentBasis, ConsentClaim, ContactFacts } from '../../core/contact.js'
import type { Reason } from '../../core/reason.js'
import { because, deny, type Findings, hold, warn } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'
import { hasPack } from '../rules/has-pack.js'
import type { Pack } from '../rules/rule.js'
import { countriesOf, EUROPEAN_UNION } from './country-of.js'
import { isFreemail } from './freemail.js'
import { channelFamily } from './recipient-keys.js'

/** A law that asks for consent before a message, and what it takes for one. */
interface ConsentLaw {
  readonly rule: string
  /** It is kept where one of them is on. */
  readonly packs: readonly Pack[]
  readonly bases: readonly ConsentBasis[]
}

const CASL: ConsentLaw = {
  rule: 'law.casl-consent',
  packs: ['canada'],
  bases: ['express_written', 'express', 'purchase', 'inquiry', 'published'],
}
const PECR: ConsentLaw = { rule: 'law.pecr', packs: ['uk'], bases: ['express_written', 'express', 'soft_opt_in', 'corporate'] }
const OPT_IN: ConsentLaw = { rule: 'law.eprivacy', packs: ['eu'], bases: ['express_written', 'express', 'soft_opt_in'] }
const OPT_IN_PEOPLE: ConsentLaw = { ...OPT_IN, bases: [...OPT_IN.bases, 'corporate'] }
const TCPA: ConsentLaw = { rule: 'law.tcpa-consent', packs: ['us-federal'], bases: ['express_written'] }
/** What came with the call. */
interface Said {
  readonly consent?: ConsentClaim
  /** As far as the host believes it. */
  readonly purpose?: 'commercial' | 'transactional'
}

/** Nobody knows the country, so any of these laws may hold: what counts is what each of them takes. */
const SOME_LAW: ConsentLaw = {
  rule: 'law.consent-unknown-country',
  packs: ['canada', 'uk', 'eu'],
  bases: ['express_written', 'express'],
}

/** Countries of the EU that ask companies' consent too. */
const OPT_IN_FOR_ALL: ReadonlySet<string> = new Set(['DE', 'AT', 'IT', 'ES', 'PL'])

/** How many months Canada's implied consents last: two years after a purchase, six months after an inquiry (CASL s. 10(10)). */
const MONTHS: { readonly [basis in ConsentBasis]?: number } = { purchase: 24, inquiry: 6 }

/**
 * Consent, where a law asks for it: CASL, PECR, the EU's ePrivacy directive, the TCPA for texts. Known to be withdrawn:
 * refused everywhere. Known to be absent: refused where a law asks. Unknown: as the policy has it. The laws are about
 * marketing: what the reader's own order or account causes needs no consent (CASL s. 6(6), PECR reg. 22). What came with the
 * call may restrict, or tell with a record of a consent nobody here knows; it never outweighs the contact's own word.
 */
export function checkConsent(
  on: Channel,
  contact: ContactFacts | undefined,
  { consent: claim, purpose }: Said,
  policy: GuardrailPolicy,
  now: number,
  found: Findings,
): void {
  if (contact === undefined) return
  const channel = channelFamily(on)
  const known = knownConsent(contact, channel, claim, now)
  if (known?.status === 'withdrawn') {
    deny(found, why('recipient.consent-withdrawn', `The contact took back its consent to ${channel}. Do not write to it there.`))
    return
  }
  const law = purpose === 'transactional' ? undefined : lawFor(channel, contact, policy)
  if (law === undefined) return
  if (known?.status === 'none' || (known !== undefined && hasEnded(known, now))) {
    deny(found, why(law.rule, `There is no consent to ${channel} from this contact, or it has run out. Ask for it another way.`))
    return
  }
  if (known !== undefined && suffices(known, law, now)) return
  const unknown = law === TCPA ? policy.consent.unknownUsText : policy.consent.unknown
  const what = known === undefined ? 'Nobody knows of a consent' : `A consent by ${known.basis} is not what the law asks for`
  const wanted = law === SOME_LAW ? 'its country, which nobody knows either, may want' : "its country's law wants"
  const reason = why(
    law.rule,
    `${what} to ${channel} from this contact, and ${wanted} one (${law.bases.join(', ')}). Pass it with the contact or the call.`,
  )
  if (unknown === 'block') deny(found, reason)
  else if (unknown === 'hold') hold(found, reason)
  else if (unknown === 'warn') warn(found, reason)
}

function why(rule: string, message: string): Reason {
  return because('recipient.consent', message, {}, { rule })
}

/** The strictest of what the contact says and what came with the call. */
function knownConsent(
  contact: ContactFacts,
  channel: Channel,
  claim: ConsentClaim | undefined,
  now: number,
): Consent | undefined {
  const own = contact.consent?.[channel]
  if (claim === undefined || claim.contactId !== contact.id || channelFamily(claim.channel) !== channel) return own
  if (claim.status !== 'given') return own?.status === 'withdrawn' ? own : claim
  // Somebody else's word counts only where nothing is known, and with a proof that can be looked up.
  const provable = claim.record !== undefined && claim.record !== '' && claim.at !== undefined && claim.at <= now
  return own ?? (provable ? claim : undefined)
}

/** Of several laws that may hold the strictest: the TCPA is the one that may be unknown. */
function lawFor(channel: Channel, contact: ContactFacts, policy: GuardrailPolicy): ConsentLaw | undefined {
  if (channel !== 'email' && channel !== 'sms') return undefined
  const countries = countriesOf(contact)
  let found: ConsentLaw | undefined
  for (const country of countries) {
    const law = lawIn(country, channel, contact)
    if (law !== undefined && isKept(law, policy) && (found === undefined || found === TCPA)) found = law
  }
  return countries.length === 0 && isKept(SOME_LAW, policy) ? SOME_LAW : found
}

function isKept({ packs }: ConsentLaw, policy: GuardrailPolicy): boolean {
  return packs.some((pack) => hasPack(policy, pack))
}

/** US e-mail is not here: it needs no consent beforehand. */
function lawIn(country: string, channel: 'email' | 'sms', contact: ContactFacts): ConsentLaw | undefined {
  if (country === 'US') return channel === 'sms' ? TCPA : undefined
  if (country === 'CA') return CASL
  if (OPT_IN_FOR_ALL.has(country)) return OPT_IN
  // Of a number nobody can tell whether it is a company's.
  const isPerson = channel === 'sms' || isFreemail(contact.emails[0] ?? '')
  if (!isPerson) return undefined
  if (country === 'GB') return PECR
  return EUROPEAN_UNION.has(country) ? OPT_IN_PEOPLE : undefined
}

function suffices({ basis, at }: Consent, { bases }: ConsentLaw, now: number): boolean {
  if (basis === undefined) return true
  // An implied consent nobody can date may have run out.
  return bases.includes(basis) && (MONTHS[basis] === undefined || (at !== undefined && at <= now))
}

function hasEnded({ basis, at, expiresAt }: Consent, now: number): boolean {
  if (expiresAt !== undefined && expiresAt <= now) return true
  const months = basis === undefined ? undefined : MONTHS[basis]
  return months !== undefined && at !== undefined && monthsAfter(at, months) <= now
}

/** The same time of the same day some months later, in UTC; of a month that has no such day, its last. */
function monthsAfter(at: number, months: number): number {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + months)
  if (date.getUTCDate() !== day) date.setUTCDate(0)
  return date.getTime()
}
