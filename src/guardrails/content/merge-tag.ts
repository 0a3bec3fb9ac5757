import { because } from '../findings.js'
import { type Check, speak } from './case.js'
import { MARK } from './reading/chars.js'
import { decodeEntities } from './reading/entities.js'
import { wordSet } from './reading/lexicon.js'
import type { Page, Part } from './reading/page.js'
import { beginsLine, isOneOf, type Words, wordAt } from './reading/words.js'

/** A template tag was not filled in: in what the reader sees, in hidden text, in a link, or as a gap where a value was. */
export const checkMergeTag: Check = (about, found) => {
  const tag = findTag(about.page)
  if (tag === undefined) return
  const { form, part, span } = tag
  speak(
    found,
    about,
    'block',
    because(
      'content.merge_tag',
      `A template tag was not filled in (${form}). Fill it before sending; GHL does not.`,
      { form, part, ...(span === undefined ? {} : { span: [...span] }) },
      { rule: 'content.merge-tag' },
    ),
  )
}

interface Tag {
  readonly form: string
  readonly part: 'subject' | 'body' | 'alternative' | 'hidden text' | 'link'
  readonly span?: readonly [start: number, end: number]
}

function findTag({ subject, body, alternative, html, links }: Page): Tag | undefined {
  return (
    inPart(subject, 'subject') ??
    inPart(body, 'body') ??
    (alternative && inPart(alternative, 'alternative')) ??
    (html !== undefined && html.hidden !== '' ? inText(html.hidden, 'hidden text') : undefined) ??
    inLinks(links)
  )
}

const SIGNS =
  MARK.brace |
  MARK.bracket |
  MARK.angle |
  MARK.guillemet |
  MARK.percent |
  MARK.star |
  MARK.money |
  MARK.hash |
  MARK.at |
  MARK.underscore

function inPart({ text, words, hits }: Part, part: Tag['part']): Tag | undefined {
  const { all } = words
  if ((all & (SIGNS | MARK.other)) !== 0) {
    const tag =
      inText(text, part, all) ??
      (text.includes('&#') || text.includes('&l') || text.includes('%7') ? inText(decoded(text), part) : undefined)
    if (tag !== undefined) return tag
  }
  for (const { phrase, from, to } of hits) {
    if (phrase.kind === 'greeting' && from < 12 && beginsLine(words, from) && isNameless(words, to)) {
      return { form: 'a greeting without a name', part, span: [words.starts[from] ?? 0, (words.ends[to] ?? 0) + 2] }
    }
    if (phrase.kind !== 'no-value' || !isLostValue(words, from, to)) continue
    return { form: `the value "${phrase.text}"`, part, span: [words.starts[from] ?? 0, words.ends[to] ?? 0] }
  }
  if ((all & (MARK.detached | MARK.wide)) !== 0) return lostWord(words, part)
  return (all & MARK.other) !== 0 ? lostOwner(text, part) : undefined
}

function inText(text: string, part: Tag['part'], marks = -1): Tag | undefined {
  for (const { name, mark, sign, pattern } of FORMS) {
    if ((marks & mark) === 0 || !text.includes(sign)) continue
    const match = pattern.exec(text)
    if (match !== null) return { form: name, part, span: [match.index, match.index + match[0].length] }
  }
  return undefined
}

/** Braces may have been encoded twice on their way. */
function decoded(text: string): string {
  return decodeEntities(text).replace(/%7b/gi, '{').replace(/%7d/gi, '}')
}

function inLinks(links: Page['links']): Tag | undefined {
  for (const { href } of links) {
    if (!ODD_IN_LINK.test(href)) continue
    if (TAG_IN_LINK.test(href)) return { form: 'a tag in a link', part: 'link' }
  }
  return undefined
}

const ODD_IN_LINK = /[{}[\]<>*|%$]/
const TAG_IN_LINK =
  /\{\{|\}\}|\{%|<%|\*\||%%[a-z_]|%7b%7b|%5b%5b|\[\[|\$\{|\$%7b|#\{|\{[a-z_.]{2,40}\}|\[(?:unsubscribe|link|url|your|insert)[\w -]{0,30}\]|%[A-Z]{3,20}(?:_[A-Z]{2,20}){0,3}%|\/(?:undefined|null|NaN)(?:[/?#]|$)/i

const FIELD =
  "(?:(?:first|last|full|given|family|middle|company|business|organi[sz]ation|contact|lead|prospect|customer|client|recipient|account|user|sender|agent|owner|product|job)'?s?[ _.-]{0,2}(?:name|title|role|e-?mail|company|city|phone|id|url|link|date)|f_?name|l_?name|nick_?name|name|company|organi[sz]ation|title|city|e-?mail|website|phone|industry|role|position|department|signature|date|pr[ée]nom|nom|soci[ée]t[ée]|nombre|apellidos?|empresa|vorname|nachname|firma|nome|cognome|azienda|voornaam|achternaam|bedrijf)"
const UPPER = '[A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){1,4}'

interface Form {
  readonly name: string
  /** MARK bits, one of which the text has to have. */
  readonly mark: number
  /** A text without this has no such tag: looked for first, because it is fast. */
  readonly sign: string
  readonly pattern: RegExp
}

/** All lengths are bounded, so that no text can make a pattern slow. */
const FORMS: readonly Form[] = [
  { name: '{{…}}', mark: MARK.brace, sign: '{{', pattern: /\{\{[^{}\n]{0,80}(?:\}\})?/ },
  { name: '…}}', mark: MARK.brace, sign: '}}', pattern: /[\w.]\s?\}\}(?![}\]])/ },
  { name: '{% … %}', mark: MARK.brace, sign: '{%', pattern: /\{%/ },
  { name: '{…}', mark: MARK.brace, sign: '{', pattern: /\{[!$@:]?\s{0,3}[A-Za-z_#/][\w .|:-]{0,60}\}|\{\d{1,2}\}/ },
  { name: '<% … %>', mark: MARK.angle, sign: '<%', pattern: /<%/ },
  { name: '<? … ?>', mark: MARK.angle, sign: '<?', pattern: /<\?(?:php|=)/ },
  { name: '<<…>>', mark: MARK.angle, sign: '<<', pattern: /<<\s{0,3}[A-Za-z_][\w .-]{0,40}>>/ },
  { name: '<…>', mark: MARK.angle, sign: '<', pattern: new RegExp(`<(?:${FIELD}|${UPPER})>`, 'i') },
  {
    name: '«…»',
    mark: MARK.guillemet,
    sign: '«',
    pattern:
      /«\s?(?:[A-Za-z]{1,20}[a-z][A-Z]\w{0,20}|\w{1,20}_\w{1,20}|(?:[Ff]irst|[Ll]ast|[Cc]ompany|[Ff]ull) ?[Nn]ame|[Nn]ame|[Cc]ompany)\s?»/,
  },
  { name: '[[…]]', mark: MARK.bracket, sign: '[[', pattern: /\[\[\s{0,3}[A-Za-z_]/ },
  { name: '[%…%]', mark: MARK.bracket, sign: '[%', pattern: /\[%/ },
  {
    name: '[…]',
    mark: MARK.bracket,
    sign: '[',
    pattern: new RegExp(
      `\\[\\s?(?:(?:contact|lead|user|recipient|customer|company|prospect)\\.)?(?:${FIELD}|[A-Za-z]{2,20}_[A-Za-z_]{2,30})\\s?\\](?!\\()`,
      'i',
    ),
  },
  { name: '*|…|*', mark: MARK.star, sign: '*|', pattern: /\*\|/ },
  { name: '$' + '{…}', mark: MARK.brace, sign: '$' + '{', pattern: /\$\{/ },
  { name: '#{…}', mark: MARK.hash, sign: '#{', pattern: /#\{/ },
  {
    name: '%…%',
    mark: MARK.percent,
    sign: '%',
    pattern: new RegExp(`%%?(?:${FIELD}|[A-Z_]{3,30}|[a-z]{2,15}_[a-z_]{2,20})%|%%[A-Za-z_]{2,30}%%`),
  },
  { name: '%…%', mark: MARK.percent, sign: '%', pattern: new RegExp(`(?<![\\d%])%{1,2}${FIELD}%{1,2}`, 'i') },
  { name: '%%=…=%%', mark: MARK.percent, sign: '%%=', pattern: /%%=/ },
  { name: '%s', mark: MARK.percent, sign: '%s', pattern: /(?:^|\s)%s(?=[\s,.!?]|$)/ },
  {
    name: '$…',
    mark: MARK.money,
    sign: '$',
    pattern: /\$[A-Z]{2,20}_[A-Z_]{2,20}\$?|\$\$?(?:first|last|full|company|contact)_?name\b\$?|\$name\b/i,
  },
  { name: '@@…@@', mark: MARK.at, sign: '@@', pattern: /@@[A-Za-z_]{2,40}@@/ },
  { name: '##…##', mark: MARK.hash, sign: '#', pattern: new RegExp(`#{1,2}(?:${FIELD}|${UPPER})#{1,2}|##[a-z]{2,20}##`, 'i') },
  { name: '~…~', mark: MARK.other, sign: '~', pattern: new RegExp(`~{1,2}(?:${FIELD}|${UPPER})~{1,2}`, 'i') },
  {
    name: '|…|',
    mark: MARK.other,
    sign: '|',
    pattern: new RegExp(`\\|{1,2}(?:f_?name|l_?name|(?:first|last|company)[_ ]?name|${UPPER})\\|{1,2}`, 'i'),
  },
  { name: '^…^', mark: MARK.other, sign: '^', pattern: new RegExp(`\\^(?:${FIELD}|${UPPER})\\^`, 'i') },
  { name: '__…__', mark: MARK.underscore, sign: '__', pattern: /__[A-Za-z][A-Za-z_]{2,40}__/ },
  {
    name: '-NAME-',
    mark: MARK.hyphen,
    sign: '-',
    pattern: /(?:^|\s)-(?:NAME|(?:first|FIRST|last|LAST|full|FULL|company|COMPANY)[ _-]?(?:NAME|[Nn]ame))-(?=[\s,.!?:;]|$)/,
  },
  {
    name: 'first_name',
    mark: MARK.underscore,
    sign: '_',
    pattern: /(?:^|[^\w=/&?])(?:contact\.|lead\.|user\.)?(?:first|last|full|company|business)_name(?=[\s,.!?;:)~^|]|$)/i,
  },
  { name: '(…)', mark: MARK.paren, sign: '(', pattern: /\((?:first|last|full|company)[ _]?name\)/i },
  { name: '[object Object]', mark: MARK.bracket, sign: '[object ', pattern: /\[object [A-Z]/ },
]

/** "Hi ,", "Dear :", "Hi FirstName,", "Hi - ,": nothing, or the name of a field, between the greeting and its comma. */
function isNameless(words: Words, to: number): boolean {
  const end = words.ends[to] ?? 0
  if (/^[ \t]{1,4}(?:[,:.]|!(?!\w)|[-–—][ \t]?[,:])|^[ \t]{0,4}[,:][ \t]?[,:]/.test(words.text.slice(end, end + 8))) return true
  return (
    isOneOf(words, to + 1, FIELD_WORDS) &&
    /^[ \t]{0,2}[,:.!\n]/.test(words.text.slice(words.ends[to + 1], (words.ends[to + 1] ?? 0) + 3))
  )
}

const FIELD_WORDS = wordSet(
  'name firstname lastname fname lname fullname undefined null nan nil firstlast contactname username customername recipient',
)
const VALUED = wordSet('hi hello hey dear for at with from in of by about to your saw noticed and until till since')
const CODE = wordSet(
  'value values check checks pointer pointers hypothesis byte bytes reference references and void field fields type variable variables behavior behaviour result results of the or taken object',
)

/** `null` where a name should stand, not where somebody writes about programs. */
function isLostValue(words: Words, from: number, to: number): boolean {
  const word = wordAt(words, from)
  const mark = words.marks[from] ?? 0
  if (isAmount(words, from, to)) return true
  if (from > 0 && (mark & MARK.space) === 0 && (mark & MARK.line) === 0) return false
  if (isOneOf(words, to + 1, CODE) && ((words.marks[to + 1] ?? 0) & (MARK.stop | MARK.clause)) === 0) return false
  if (!isOneOf(words, from - 1, VALUED)) return false
  if (word === 'n') return words.text.slice(words.starts[from], words.ends[to]).toLowerCase() === 'n/a'
  // As a word of English it is written small: "none of", "for none".
  if (word === 'none') return words.text.startsWith('None', words.starts[from])
  return word !== 'nan' || words.text.startsWith('NaN', words.starts[from]) || isOneOf(words, from - 1, GREETINGS)
}

/** "$NaN", "None%": written to a sign that only goes with a number. */
function isAmount({ text, starts, ends }: Words, from: number, to: number): boolean {
  return /[$€£¥]/.test(text.charAt((starts[from] ?? 0) - 1)) || text.charAt(ends[to] ?? 0) === '%'
}

const GREETINGS = wordSet('hi hello hey dear')
const OPENS_GAP = wordSet('in at for with of from by as to about like saw noticed that and the your hi hello hey dear')
const AFTER_GAP = wordSet(
  'is are was were has have had opened raised launched hired announced expanded moved grew acquired recently just and or to for on in at team teams needs uses can could would will might may should',
)

/** "opened a second warehouse in .", "I saw  opened": a value was empty. */
function lostWord(words: Words, part: Tag['part']): Tag | undefined {
  const { marks, text, starts, ends } = words
  for (let index = 1; index <= marks.length; index++) {
    const mark = index < marks.length ? (marks[index] as number) : MARK.detached
    if ((mark & (MARK.detached | MARK.wide)) === 0 || !isOneOf(words, index - 1, OPENS_GAP)) continue
    const from = ends[index - 1] ?? 0
    const gap = text.slice(from, Math.min(starts[index] ?? text.length, from + 8))
    const empty = (mark & MARK.wide) !== 0 ? gap === '  ' && isOneOf(words, index, AFTER_GAP) : /^ {1,3}[.,;](?:\s|$)/.test(gap)
    if (empty) return { form: 'a value that is missing', part, span: [from, from + gap.length] }
  }
  return lostOwner(text, part)
}

/** "I noticed 's new office". */
function lostOwner(text: string, part: Tag['part']): Tag | undefined {
  return text.includes(" 's ") || text.includes(' ’s ') ? { form: 'a value that is missing', part } : undefined
}
