import { unitAt } from '../../core/unit-at.js'
import { because } from '../findings.js'
import { type Case, type Check, spanOf, speak } from './case.js'
import { MARK } from './reading/chars.js'
import type { Part } from './reading/page.js'
import { beginsLine, type Words, wordAt } from './reading/words.js'

/** A draft: something was to be put in here. */
export const checkPlaceholder: Check = (about, found) => {
  const place = findPlaceholder(about)
  if (place === undefined) return
  const { what, part, span } = place
  speak(
    found,
    about,
    'block',
    because(
      'content.unfinished',
      `A placeholder was left in (${what}). Put in what belongs there.`,
      { what, part, ...(span === undefined ? {} : { span: [...span] }) },
      { rule: 'content.placeholder' },
    ),
  )
}

interface Place {
  readonly what: string
  readonly part: string
  readonly span?: readonly [start: number, end: number]
}

function findPlaceholder({ page: { subject, body, alternative, links } }: Case): Place | undefined {
  if (TEST_SUBJECT.test(subject.text)) return { what: 'a test subject', part: 'subject' }
  for (const part of [subject, body, alternative]) {
    const found = part === undefined ? undefined : inPart(part)
    if (found !== undefined) return found
  }
  for (const { host, href } of links) {
    if (isPlaceholderHost(host)) return { what: 'a link to a placeholder domain', part: 'link' }
    if (YOUR_PAGE.test(href)) return { what: 'a link to a page to fill in', part: 'link' }
  }
  return undefined
}

/** Domains of drafts, bare or with www. What lies below them, and RFC 2606's `.example` and `.test`, is left to tests. */
export function isPlaceholderHost(host: string): boolean {
  return host === 'localhost' || DOMAINS.has(host.startsWith('www.') ? host.slice(4) : host)
}

const DOMAINS: ReadonlySet<string> = new Set(
  'example.com example.org example.net yourdomain.com yourcompany.com yoursite.com yourwebsite.com mydomain.com mycompany.com mysite.com domain.com company.com website.com placeholder.com companyname.com your-domain.com your-company.com your-site.com test.com'.split(
    ' ',
  ),
)

/** `calendly.com/your-link`: the end of a path that nobody has. */
const YOUR_PAGE =
  /\/(?:your|my)[-_]?(?:link|name|username|user-?name|handle|calendar|calendar-link|url|booking-link|meeting-link)\/?$/i

const TEST_SUBJECT =
  /^[\s[(<]{0,5}(?:test|testing|test e?-?mail|test message|test \d{1,4}|asdf\w{0,10}|foo|foobar|hello world|untitled|no subject|\(no subject\)|subject|subject line|subject here|tbd|todo|x{3,6}|placeholder|draft|lorem ipsum)[\s.!\])>]{0,5}$/i

function inPart({ text, words, hits, name }: Part): Place | undefined {
  for (const { phrase, from, to } of hits) {
    if (phrase.kind !== 'placeholder') continue
    // A domain is written without spaces: "example com" is none.
    if (phrase.family === 'domain' && !isDomain(words, from, to)) continue
    if (phrase.family === 'note' && !isNote(words, from)) continue
    if (phrase.family === 'signature' && !isLine(words, from, to)) continue
    return { what: `"${phrase.text}"`, part: name, span: spanOf(words, from, to) }
  }
  const { all } = words
  if ((all & (MARK.bracket | MARK.angle | MARK.paren | MARK.brace)) !== 0) {
    const match = ASKS.exec(text) ?? COUNTS.exec(text)
    if (match !== null) return { what: 'a bracket to fill in', part: name, span: [match.index, match.index + match[0].length] }
  }
  return undefined
}

function isDomain(words: Words, from: number, to: number): boolean {
  const { text, starts, ends } = words
  const start = starts[from] ?? 0
  const below = unitAt(text, start - 1) === 46 && wordAt(words, from - 1) !== 'www'
  return !below && !/\s/.test(text.slice(start, ends[to]))
}

/** TODO, FIXME, XXX, $XX: in capitals, and not "my TODO list". */
function isNote(words: Words, index: number): boolean {
  const word = wordAt(words, index)
  if (/^(?:tb[dc]|link|url|cta)$/.test(word))
    return isBracketed(words, index) || (word.startsWith('tb') && isLine(words, index, index))
  if (((words.marks[index] as number) & MARK.capitals) === 0) return false
  if (word === 'draft') return isBracketed(words, index) || isLine(words, index, index)
  if (word === 'xx') return isAmount(words, index)
  if (word === 'todo') return !/^(?:lists?|apps?|items?|s)$/.test(wordAt(words, index + 1))
  return word === 'fixme' || word === 'placeholder' || word === 'tktk' || word.startsWith('xxx')
}

/** XX % or $XX. */
function isAmount({ text, starts, ends }: Words, index: number): boolean {
  return (
    /^ ?(?:%|percent|k\b|hours|days|minutes)/.test(text.slice(ends[index], (ends[index] ?? 0) + 9)) ||
    /[$€£]$/.test(text.slice(0, starts[index]).slice(-1))
  )
}

/** They are all a line says. */
function isLine(words: Words, from: number, to: number): boolean {
  return beginsLine(words, from) && (to + 1 >= words.marks.length || beginsLine(words, to + 1))
}

function isBracketed({ text, starts, ends }: Words, index: number): boolean {
  return /[[({<]/.test(text.charAt((starts[index] ?? 0) - 1)) && /[\])}>]/.test(text.charAt(ends[index] ?? 0))
}

/** [Your Name], <your company>, (insert link), [INSERT …]: lengths are bounded. */
const ASKS =
  /[[<({]\s{0,2}(?:your|my|insert|enter|add|include|mention|specific|relevant|recent|latest|topic|achievement|competitor|describe|personali[sz]e|recipient'?s?|prospect'?s?|contact'?s?|customer'?s?|lead'?s?|sender'?s?|placeholder|pain point|value prop(?:osition)?|calendar link|link to|link here|date\/time|name of|e-?mail body|product name)(?:\s[\w './&-]{1,60})?\s{0,2}[\])}>](?!\()/i

/** "[X]% of teams", "$[amount]", "[number] employees"; a ticked box is none. */
const COUNTS =
  /[$€£]\[(?:X{1,4}|N{1,2}|#|number|amount|price)\]|\[(?:X{1,4}|N{1,2}|#|number|amount|percent(?:age)?)\]\s?(?:%|percent|k\b|hours|days|weeks|minutes|employees|people|users|customers|teams|companies|million|dollars)/i
