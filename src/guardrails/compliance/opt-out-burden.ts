import { MARK } from '../content/reading/chars.js'
import type { Link } from '../content/reading/html.js'
import { wordSet } from '../content/reading/lexicon.js'
import { isOneOf, type Words, wordAt } from '../content/reading/words.js'
import { breaks, isNegated, NEGATIONS } from './opt-out-negation.js'

/** Where a mention of opting out stands: the indices of its first and last word. */
interface Mention {
  readonly from: number
  readonly to: number
}

/** Words of a sentence that are looked at before and behind the mention. */
const REACH = 20

/**
 * A way out may ask for no fee, no log-in, no letter, no visit, and for no data beyond an address and preferences
 * (16 CFR 316.5). Looks at the sentence of the mention, without what stands behind a `|` or belongs to an address. Beside
 * a link that is the mention itself ("Plans from $5 [Unsubscribe]"), only at what leads into it or goes on behind it.
 */
export function isBurdened(words: Words, mention: Mention, links: readonly Link[]): boolean {
  const { to } = mention
  const own = linkAround(words, mention, links)
  for (let at = beginning(words, mention, own !== undefined); at < words.starts.length && at - to < REACH; at++) {
    if (at > to && (separates(words, at) || (own !== undefined && wordAt(words, at) === 'or'))) return false
    if (isInAddress(words, at) || !asks(words, at, mention) || isFree(words, at)) continue
    if (own === undefined || at <= to || !isElsewhere(words, at, own, links)) return true
  }
  return false
}

function linkAround({ starts, ends }: Words, { from, to }: Mention, links: readonly Link[]): Link | undefined {
  return links.find(({ start, end }) => start <= (starts[from] ?? 0) && end >= (ends[to] ?? 0))
}

/** What leads into a link: "log in to [unsubscribe]", "after a payment of $5, [unsubscribe]". */
const INTO = wordSet('to and then can may must before')
const FIRST = wordSet('after once by')

function beginning(words: Words, { from }: Mention, linked: boolean): number {
  let at = from
  while (at > 0 && from - at < REACH && !separates(words, at) && !(linked && wordAt(words, at - 1) === 'or')) at--
  const leads = at < from && (isOneOf(words, from - 1, INTO) || isOneOf(words, at, FIRST))
  return linked && !leads ? from : at
}

const BY = wordSet('by after via with for then please to must through on')

/** In another link, which is offered beside: "[Unsubscribe] [Log in]", but not "[Unsubscribe] by [logging in]". */
function isElsewhere(words: Words, at: number, own: Link, links: readonly Link[]): boolean {
  const start = words.starts[at] ?? 0
  const other = links.find((link) => link !== own && link.start <= start && start < link.end)
  if (other === undefined) return false
  let first = at
  while (first > 0 && (words.starts[first - 1] ?? 0) >= other.start) first--
  return !isOneOf(words, first - 1, BY)
}

function asks(words: Words, at: number, mention: Mention): boolean {
  return (
    isAmount(words, at) ||
    (isOneOf(words, at, BURDENS) && (!isOneOf(words, at, BURDENED_ONLY) || isDemand(words, at))) ||
    (isOneOf(words, at, PAYING) && isImperative(words, at, mention)) ||
    (isOneOf(words, at, SIGNING) && isOneOf(words, at + 1, IN)) ||
    asksForData(words, at, mention) ||
    asksForVisit(words, at)
  )
}

const BURDENS = wordSet(
  'fee fees login register registration log-in password letter charge charged signin fax faxing notarized pay payment post postal writing call phone telephone birth passport ssn gebühr passwort anmelden einloggen frais connectez tarifa contraseña',
)
const BURDENED_ONLY = wordSet('writing post postal call phone telephone pay payment letter register')
const CALLS = wordSet('call phone telephone')
const DEMANDS = wordSet('by in via must to please a us only your our the')

/** "by post", "in writing", "call us": the same words mean other things elsewhere. */
function isDemand(words: Words, index: number): boolean {
  if (isOneOf(words, index, CALLS))
    return (
      wordAt(words, index + 1) === 'us' ||
      wordAt(words, index - 1) === 'by' ||
      /^\W{1,3}\+?\d/.test(words.text.slice(words.ends[index], (words.ends[index] ?? 0) + 6))
    )
  return isOneOf(words, index - 1, DEMANDS)
}

const CURRENCIES = wordSet(
  'eur euro euros usd dollar dollars bucks gbp pound pounds pence cents cad aud chf francs zł pln kr sek nok dkk yen rupees',
)
const NO_PRICE_AFTER = wordSet('save saved saving get win earn under over worth your our the this')
const NO_PRICE_BEFORE = wordSet(
  'off discount coupon voucher gift credit cashback bonus plan club list newsletter million billion',
)

/** "$2", "3 euros", "€3"; not nothing, and not what is offered beside ("$10 off", "the $49 plan"). */
function isAmount(words: Words, at: number): boolean {
  const { marks, text, starts, ends } = words
  const mark = marks[at] ?? 0
  if ((mark & MARK.number) === 0) return false
  const end = ends[at] ?? 0
  const signed = (mark & MARK.money) !== 0 || /^\s?[$£€¥₹]/.test(text.slice(end, end + 2))
  if (!signed && !isOneOf(words, at + 1, CURRENCIES)) return false
  if (/^0+$/.test(text.slice(starts[at], end)) && !/^[.,]\d*[1-9]/.test(text.slice(end, end + 4))) return false
  return !isOneOf(words, at - 1, NO_PRICE_AFTER) && !isOneOf(words, at + 1, NO_PRICE_BEFORE)
}

const PAYING = wordSet('pay buy purchase donate register upgrade')
const LEADING = wordSet('and then first please must to just simply only')

/** "To unsubscribe, pay at …", "buy a ticket to unsubscribe": done before one is let out, not offered beside it. */
function isImperative(words: Words, at: number, { from, to }: Mention): boolean {
  const begins =
    at === 0 || separates(words, at) || ((words.marks[at] ?? 0) & MARK.clause) !== 0 || isOneOf(words, at - 1, LEADING)
  return begins && (at > to ? wordAt(words, from - 1) === 'to' : wordAt(words, from - 1) === 'to' && at < from)
}

const SIGNING = wordSet('log sign logged signed logging signing')
const IN = wordSet('in into')

const GIVING = wordSet('enter provide give upload send submit supply confirm verify state quote attach show present')
const DATA = wordSet(
  'id identity identification card cards bank account iban ssn security birth birthday passport licence license phone telephone number',
)
const CARDS = wordSet('credit debit')
const SURVEYS = wordSet('survey questionnaire')
const ANSWERED = wordSet('complete fill answer finish out')

/** "Upload your ID", "credit card", "tell us why", "complete our survey", "create an account". */
function asksForData(words: Words, at: number, mention: Mention): boolean {
  const next = wordAt(words, at + 1)
  if (isOneOf(words, at, CARDS) && /^cards?$/.test(next)) return true
  if (isOneOf(words, at, GIVING)) {
    for (let ahead = at + 1; ahead <= at + 4 && !separates(words, ahead); ahead++) if (isOneOf(words, ahead, DATA)) return true
  }
  if (wordAt(words, at) === 'tell' && next === 'us' && wordAt(words, at + 2) === 'why')
    return isImperative(words, at, mention) && ((words.marks[at] ?? 0) & MARK.paren) === 0
  if (isOneOf(words, at, SURVEYS)) return at > mention.to && isOneOf(words, at - 2, ANSWERED)
  return wordAt(words, at) === 'create' && /^(?:an?|your)$/.test(next) && wordAt(words, at + 2) === 'account'
}

const OFFICES = wordSet('office offices store stores shop branch branches premises counter')
const GOING = wordSet('visit visiting come coming')
const SENT_ON_PAPER = wordSet('mail post letter delivery')
const TRACKED = wordSet('registered recorded certified')

/** "By registered mail", "in person", "visit our office". */
function asksForVisit(words: Words, at: number): boolean {
  if (isOneOf(words, at, TRACKED)) return isOneOf(words, at + 1, SENT_ON_PAPER)
  if (wordAt(words, at) === 'in') return wordAt(words, at + 1) === 'person'
  if (!isOneOf(words, at, GOING)) return false
  return isOneOf(words, at + 2, OFFICES) || isOneOf(words, at + 3, OFFICES)
}

const FREE = wordSet('no free without any')
const DENYING = wordSet("not isn't never")

/** "No fee", "free of charge", "without logging in", "login not required", "you never have to pay". */
function isFree(words: Words, at: number): boolean {
  for (let back = 1; back <= 3 && !separates(words, at - back + 1); back++) {
    if (isOneOf(words, at - back, FREE) || (back === 1 && isOneOf(words, at - 1, NEGATIONS))) return true
  }
  return (
    isNegated(words, at) || isOneOf(words, at + 1, DENYING) || (wordAt(words, at + 1) === 'is' && isOneOf(words, at + 2, DENYING))
  )
}

/** A line, a sentence, or a sign that keeps the items of a footer apart. */
function separates({ marks, text, starts, ends }: Words, at: number): boolean {
  const mark = marks[at]
  if (mark === undefined) return true
  if (breaks(mark)) return true
  return (mark & MARK.other) !== 0 && (mark & MARK.space) !== 0 && /[|·•]/.test(text.slice(ends[at - 1] ?? 0, starts[at]))
}

/** Inside of an address: `/login`, `?amount=`. */
function isInAddress({ marks, text, starts, ends }: Words, at: number): boolean {
  const mark = marks[at] ?? 0
  if ((mark & MARK.other) === 0 || (mark & (MARK.space | MARK.line)) !== 0) return false
  return (mark & MARK.money) === 0 || /[/=?&]/.test(text.slice(ends[at - 1] ?? 0, starts[at]))
}
