import { MARK } from './reading/chars.js'

/** A template tag that a text holds, and where. */
export interface TemplateTag {
  readonly form: string
  readonly span: readonly [start: number, end: number]
}

/** The first tag of any template language in a text; `marks` are the MARK bits of the text, where they are known. */
export function tagIn(text: string, marks = -1): TemplateTag | undefined {
  for (const { name, mark, sign, pattern } of FORMS) {
    if ((marks & mark) === 0 || !text.includes(sign)) continue
    const match = pattern.exec(text)
    if (match !== null) return { form: name, span: [match.index, match.index + match[0].length] }
  }
  return undefined
}

/** Whether a text may hold a tag: the signs all forms but `-NAME-` and `first_name` have. */
export function hasTagSign(text: string): boolean {
  return /[{}[<«%|$#@~^]|__/.test(text)
}

/** Whether a link, or any of several, may have been left unfilled. */
export function isOddLink(href: string): boolean {
  return ODD_IN_LINK.test(href) || href.includes('undefined') || href.includes('null') || href.includes('NaN')
}

/** What a link or the address of a picture was to be filled with. */
export function faultInLink(href: string): string | undefined {
  if (!isOddLink(href)) return undefined
  const open = href.replace(/%(?:7b|7d|5b|5d|25|24|3c|3e|7c)/gi, decodeURIComponent)
  if (TAG_IN_LINK.test(open) || PERCENT_TAG.test(open)) return 'a tag in a link'
  if (open.includes('}}') && !JSON_IN_LINK.test(open)) return 'a tag in a link'
  return LOST_IN_LINK.test(href) ? 'a link without its value' : undefined
}

const ODD_IN_LINK = /[{}[\]<>*|%$]/
/** Behind `{` or `<`, `%` and two digits are a character, encoded: `{%22a%22:1}` is JSON. */
const TAG_IN_LINK =
  /\{\{|\{%(?![0-9a-f]{2})|%\}|<%(?![0-9a-f]{2})|\*\||%%[a-z_]|\[\[(?!%|["\d[{\]])|\$\{|#\{|\{[a-z_.]{2,40}\}|\[(?:unsubscribe|link|url|your|insert)[\w -]{0,30}\]/i
/** Objects in objects end with two braces as well. */
const JSON_IN_LINK = /\{(?:%(?:20|0a|09)){0,9}(?:"|%22)/i
/** In capitals: `%ABstudio%20` is a letter of another script, encoded. */
const PERCENT_TAG = /%[A-Z]{3,20}(?:_[A-Z]{2,20}){0,3}%|%(?![0-9a-f]{2})[a-z]{3,20}(?:_[a-z]{2,20}){0,3}%/
const LOST_IN_LINK = /\/undefined(?=[/?#]|$)|(?<!\/dev)\/(?:null|NaN)(?=[?#]|$)|[?&][\w.-]{1,40}=(?:undefined|null|NaN)(?=[&#]|$)/

/** The names templates give their values. */
export const FIELD =
  "(?:(?:first|last|full|given|family|middle|company|business|organi[sz]ation|contact|lead|prospect|customer|client|recipient|account|user|sender|agent|owner|product|job)'?s?[ _.-]{0,2}(?:name|title|role|e-?mail|company|city|phone|id|url|link|date)|f_?name|l_?name|nick_?name|name|company|organi[sz]ation|title|city|e-?mail|website|phone|industry|role|position|department|signature|date|pr[ée]nom|nom|soci[ée]t[ée]|nombre|apellidos?|empresa|vorname|nachname|firma|nome|cognome|azienda|voornaam|achternaam|bedrijf)"
const IN_PARENS = '\\((?:first|last|full|company)[ _]?name\\)'
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
  {
    name: '{…}',
    mark: MARK.brace,
    sign: '{',
    pattern: /\{[!$@:|*~-]?\s{0,3}[A-Za-z_#/][\w .|:*~-]{0,60}\}|(?<![^\s"'(«“,>])\{\d{1,2}\}/,
  },
  { name: '<% … %>', mark: MARK.angle, sign: '<%', pattern: /<%/ },
  { name: '<? … ?>', mark: MARK.angle, sign: '<?', pattern: /<\?(?:php|=)/ },
  { name: '<<…>>', mark: MARK.angle, sign: '<<', pattern: /<<\s{0,3}[A-Za-z_][\w .-]{0,40}>>/ },
  { name: '<…>', mark: MARK.angle, sign: '<', pattern: new RegExp(`<(?:${FIELD}|${UPPER})>`, 'i') },
  {
    name: '«…»',
    mark: MARK.guillemet,
    sign: '«',
    pattern:
      /«\s?(?:[A-Za-z]{1,20}[a-z][A-Z]\w{0,20}|\w{1,20}_\w{1,20}|(?:[Ff]irst|[Ll]ast|[Cc]ompany|[Ff]ull) ?[Nn]ame|[Nn]ame|[Cc]ompany|Vorname|Nachname|Firma|Prénom|Nom|Société|Nombre|Apellido|Empresa|Nome|Cognome|Azienda|Voornaam|Achternaam|Bedrijf)\s?»/,
  },
  { name: '[[…]]', mark: MARK.bracket, sign: '[[', pattern: /\[\[\s{0,3}[A-Za-z_]/ },
  { name: '[%…%]', mark: MARK.bracket, sign: '[%', pattern: /\[%/ },
  {
    name: '[…]',
    mark: MARK.bracket,
    sign: '[',
    pattern: new RegExp(
      `\\[\\s?[:$@*~|-]{0,2}(?:(?:contact|lead|user|recipient|customer|company|prospect)\\.)?(?:${FIELD}|[A-Za-z]{2,20}_[A-Za-z_]{2,30})(?: (?:goes )?here)?[:*~|-]{0,2}\\s?\\](?!\\()`,
      'i',
    ),
  },
  {
    name: '[…]',
    mark: MARK.bracket,
    sign: '[',
    // Not as a label in front: "[Client] Notes".
    pattern:
      /\b(?:at|for|with|from|by|of|dear|hi|hello|hey) \[(?:client|customer|prospect|lead|recipient|contact|member|guest|patient)\]/i,
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
  { name: '%(…)s', mark: MARK.percent, sign: '%(', pattern: /%\([A-Za-z_]\w{0,30}\)[sdif]/ },
  { name: '%s', mark: MARK.percent, sign: '%s', pattern: /(?:^|\s)%s(?=[\s,.!?]|$)/ },
  {
    name: '$…',
    mark: MARK.money,
    sign: '$',
    pattern: /\$[A-Z]{2,20}_[A-Z_]{2,20}\$?|\$\$?(?:first|last|full|company|contact)_?name\b\$?|\$name\b/i,
  },
  { name: '@…@', mark: MARK.at, sign: '@', pattern: new RegExp(`(?<![\\w.])@(?:${FIELD}|${UPPER})@(?!\\w)`, 'i') },
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
  {
    name: '(…)',
    mark: MARK.paren,
    sign: '(',
    // Not as people explain a field: "your name (first name)".
    pattern: new RegExp(
      `(?<=\\b(?:hi|hello|hey|dear|thanks|at|for|with|from|about|saw|noticed|that) )${IN_PARENS}|(?<=(?:^|\\n)[ \\t]{0,3})${IN_PARENS}(?=[ \\t]{0,3}(?:[,:!]|\\n|$))|${IN_PARENS}(?=['’]s\\b)`,
      'i',
    ),
  },
  { name: '[object Object]', mark: MARK.bracket, sign: '[object ', pattern: /\[object [A-Z]/ },
]
