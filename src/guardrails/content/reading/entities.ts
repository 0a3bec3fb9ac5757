import { unitAt } from '../../../core/unit-at.js'
/**
 * Decodes character references once: numeric ones and the names mail uses. Unknown ones stay as they are.
 * `odd` is told where in the decoded text an ordinary letter or digit was written as a number: nobody does that
 * but to hide it.
 */
export function decodeEntities(text: string, odd?: (position: number) => void): string {
  let at = text.indexOf('&')
  if (at === -1) return text
  let decoded = ''
  let done = 0
  while (at !== -1) {
    const end = referenceEnd(text, at + 1)
    const char = end === at + 1 ? undefined : meant(text, at + 1, end)
    if (char === undefined) {
      at = text.indexOf('&', at + 1)
      continue
    }
    decoded += text.slice(done, at)
    if (odd !== undefined && unitAt(text, at + 1) === 35 && isPlain(char)) odd(decoded.length)
    decoded += char
    done = unitAt(text, end) === 59 ? end + 1 : end
    at = text.indexOf('&', done)
  }
  return decoded + text.slice(done)
}

/** Where the name or number behind `&` ends; names are at most eight letters, numbers nine characters. */
function referenceEnd(text: string, from: number): number {
  let at = from
  const numeric = unitAt(text, at) === 35
  if (numeric) at++
  const most = from + 10
  while (at < text.length && at < most && isAlphanumeric(unitAt(text, at))) at++
  return numeric && at === from + 1 ? from : at
}

function meant(text: string, from: number, end: number): string | undefined {
  if (unitAt(text, from) !== 35) {
    const name = text.slice(from, end)
    return NAMED.get(name) ?? NAMED.get(name.toLowerCase())
  }
  const hex = (unitAt(text, from + 1) | 32) === 120
  const digits = text.slice(hex ? from + 2 : from + 1, end)
  if (!(hex ? /^[0-9a-f]+$/i : /^\d+$/).test(digits)) return undefined
  const code = Number.parseInt(digits, hex ? 16 : 10)
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ''
}

function isPlain(char: string): boolean {
  return /^[a-z0-9]$/i.test(char)
}

function isAlphanumeric(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57)
}

const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    ensp: '\u2002',
    emsp: '\u2003',
    thinsp: '\u2009',
    shy: '\u00ad',
    zwnj: '\u200c',
    zwj: '\u200d',
    lcub: '{',
    rcub: '}',
    lbrace: '{',
    rbrace: '}',
    lsqb: '[',
    rsqb: ']',
    percnt: '%',
    num: '#',
    dollar: '$',
    colon: ':',
    sol: '/',
    tab: '\t',
    newline: '\n',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    lsquo: '‘',
    rsquo: '’',
    sbquo: '‚',
    ldquo: '“',
    rdquo: '”',
    bdquo: '„',
    laquo: '«',
    raquo: '»',
    bull: '•',
    middot: '·',
    copy: '©',
    reg: '®',
    trade: '™',
    deg: '°',
    sect: '§',
    rarr: '→',
    times: '×',
    euro: '€',
    pound: '£',
    yen: '¥',
    iexcl: '¡',
    iquest: '¿',
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    aacute: 'á',
    eacute: 'é',
    iacute: 'í',
    oacute: 'ó',
    uacute: 'ú',
    Eacute: 'É',
    egrave: 'è',
    agrave: 'à',
    ugrave: 'ù',
    acirc: 'â',
    ecirc: 'ê',
    icirc: 'î',
    ocirc: 'ô',
    ucirc: 'û',
    euml: 'ë',
    iuml: 'ï',
    atilde: 'ã',
    otilde: 'õ',
    ccedil: 'ç',
    ntilde: 'ñ',
    aring: 'å',
    aelig: 'æ',
    oslash: 'ø',
  }),
)
