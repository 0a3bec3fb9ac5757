import type { Page, Part } from './page.js'
import { GAP } from './words.js'

/**
 * Names the first kind of template tag left in a message: `{{x}}`, `[First Name]`, `%NAME%`, `Hi ,` and their like;
 * undefined when there is none. Looks at what a reader sees, at hidden text and at link targets.
 */
export function findMergeTag(page: Page): string | undefined {
  return (
    inPart(page.subject) ?? inPart(page.body) ?? (page.alternative && inPart(page.alternative)) ?? inHidden(page) ?? inLinks(page)
  )
}

function inPart({ raw, open: { words, hits } }: Part): string | undefined {
  if ((words.marks & GAP.sign) !== 0 || raw.includes('NAME-')) {
    const form = formIn(raw)
    if (form !== undefined) return form
  }
  if (EMPTY_GREETING.test(raw.slice(0, 300))) return 'a greeting without a name'
  if (hits.some(({ phrase }) => phrase.kind === 'no-value') && NO_VALUE.test(raw)) return 'an empty value'
  if ((words.marks & GAP.detached) !== 0 && LOST_WORD.test(raw)) return 'a value that is missing'
  return undefined
}

function inHidden({ html }: Page): string | undefined {
  return html === undefined || html.hidden === '' ? undefined : formIn(html.hidden)
}

function inLinks({ links }: Page): string | undefined {
  for (const { href } of links) {
    if (href.includes('{{') || /%7b%7b|\{%|<%|\*\||%%[a-z]/i.test(href)) return 'a tag in a link'
  }
  return undefined
}

interface Form {
  readonly name: string
  /** A text without this has no such tag: looked for first, because it is fast. */
  readonly sign: string
  readonly pattern: RegExp
}

/** All lengths are bounded, so that no text can make a pattern slow. */
const FORMS: readonly Form[] = [
  { name: '{{…}}', sign: '{{', pattern: /\{\{/ },
  { name: '{…}', sign: '{', pattern: /\{\s{0,3}[A-Za-z_#/][\w .|:-]{0,60}\}/ },
  { name: '{% … %}', sign: '{%', pattern: /\{%/ },
  { name: '<% … %>', sign: '<%', pattern: /<%/ },
  { name: '<<…>>', sign: '<<', pattern: /<<\s{0,3}[A-Za-z_][\w .-]{0,40}>>/ },
  {
    name: '«…»',
    sign: '«',
    pattern:
      /«(?:[A-Z]\w{0,20}[A-Z]\w{0,20}|\w{0,20}_\w{0,20}|(?:[Ff]irst|[Ll]ast|[Cc]ompany|[Ff]ull) ?[Nn]ame|[Nn]ame|[Cc]ompany)»/,
  },
  { name: '[[…]]', sign: '[[', pattern: /\[\[\s{0,3}[A-Za-z_]/ },
  {
    name: '[…]',
    sign: '[',
    pattern:
      /\[(?:(?:your|insert|enter|add|recipient'?s?|contact'?s?|customer'?s?|prospect'?s?|lead'?s?|sender'?s?|my)\b[\w './-]{0,50}|(?:first|last|full|company|business|contact|job|sender|client|product)?[ _-]?(?:name|company|title|email|city|industry|role|phone|website|signature|date|industry)|[A-Z][A-Z0-9]{0,20}_[A-Z0-9_]{1,30})\]/i,
  },
  { name: '%…%', sign: '%', pattern: /%%?[A-Z_]{3,30}%|%%[A-Za-z_]{2,30}%%|%[a-z]{2,15}_[a-z_]{2,20}%/ },
  { name: '*|…|*', sign: '*|', pattern: /\*\|/ },
  { name: '$' + '{…}', sign: '$' + '{', pattern: /\$\{/ },
  { name: '#{…}', sign: '#{', pattern: /#\{/ },
  { name: '$…$', sign: '$', pattern: /\$[A-Z]{2,20}_[A-Z_]{2,20}\$/ },
  { name: '@@…@@', sign: '@@', pattern: /@@[A-Za-z_]{2,40}@@/ },
  { name: '__…__', sign: '__', pattern: /__[A-Z][A-Z_]{2,40}__/ },
  { name: '-NAME-', sign: 'NAME-', pattern: /(?:^|\s)-(?:FIRST_?|LAST_?)?NAME-/ },
  { name: '[object Object]', sign: '[object ', pattern: /\[object [A-Z]/ },
]

const EMPTY_GREETING =
  /(?:^|\n)[ \t]{0,4}(?:hi|hello|hey|dear|hola|hallo|bonjour)[ \t]{1,4}(?:undefined|null|none|nan|,|!(?!\w))/i
const NO_VALUE = / (?:undefined|null|NaN)(?=[\s,.!?]|$)/
/** "opened a second warehouse in ." */
const LOST_WORD = /\b(?:in|at|for|with|of|from|by|as|to) \.(?:\s|$)/

function formIn(text: string): string | undefined {
  return FORMS.find(({ sign, pattern }) => text.includes(sign) && pattern.test(text))?.name
}
