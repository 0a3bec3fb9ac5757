import { decodeEntities } from './entities.js'

/** A link as a reader meets it. `start` and `end` are where its text stands in the visible text. */
export interface Link {
  readonly href: string
  readonly start: number
  readonly end: number
  readonly visible: boolean
}

/** What HTML shows: `visible` as plain text (blocks on lines of their own), and what it keeps from the reader. */
export interface Rendered {
  readonly visible: string
  readonly hidden: string
  readonly links: readonly Link[]
  readonly images: number
}

interface Open {
  readonly name: string
  readonly hides: boolean
  readonly href: string | undefined
  readonly start: number
}

/** Reads HTML in one pass: no backtracking, no nesting limit that could be exceeded, unclosed tags tolerated. */
export function renderHtml(html: string): Rendered {
  // Pieces, not one growing string: reading the end of a string under construction copies it.
  const shown: string[] = []
  const kept: string[] = []
  let length = 0
  let last = 10
  let images = 0
  const links: Link[] = []
  const open: Open[] = []
  let hiding = 0
  let at = 0

  const close = (upTo: number) => {
    while (open.length > upTo) {
      const element = open.pop()
      if (element === undefined) return
      if (element.href !== undefined) {
        links.push({ href: element.href, start: element.start, end: length, visible: hiding === 0 })
      }
      if (element.hides) hiding--
    }
  }
  const write = (raw: string) => {
    const text = raw.includes('&') ? decodeEntities(raw) : raw
    if (hiding > 0) kept.push(text)
    else show(collapse(text, isSpace(last)))
  }
  const show = (text: string) => {
    if (text === '') return
    shown.push(text)
    length += text.length
    last = text.charCodeAt(text.length - 1)
  }

  while (at < html.length) {
    const tagAt = html.indexOf('<', at)
    if (tagAt === -1) {
      write(html.slice(at))
      break
    }
    if (tagAt > at) write(html.slice(at, tagAt))
    if (html.startsWith('<!--', tagAt)) {
      const end = html.indexOf('-->', tagAt + 4)
      at = end === -1 ? html.length : end + 3
      continue
    }
    const next = html.charCodeAt(tagAt + 1)
    const closing = next === 47
    if (!closing && !isLetter(next)) {
      if (next === 33 || next === 63) {
        const end = html.indexOf('>', tagAt)
        at = end === -1 ? html.length : end + 1
      } else {
        write('<')
        at = tagAt + 1
      }
      continue
    }
    const end = tagEnd(html, tagAt + 1)
    const tag = html.slice(tagAt + (closing ? 2 : 1), end)
    at = end + 1
    const name = tagName(tag)
    if (BLOCKS.has(name) && last !== 10 && hiding === 0) show(PARAGRAPHS.has(name) ? '\n\n' : '\n')
    if (closing) {
      const match = lastOpen(open, name)
      if (match !== -1) close(match)
      continue
    }
    if (name === 'img') images++
    if (RAW.has(name)) {
      at = rawEnd(html, at, name)
      continue
    }
    if (VOID.has(name) || tag.endsWith('/')) continue
    const plain = tag.length === name.length
    const hides = !plain && isHiding(tag)
    const href = name === 'a' && !plain ? attribute(tag, 'href') : undefined
    if (hides) hiding++
    open.push({ name, hides, href: href === undefined ? undefined : decodeEntities(href).trim(), start: length })
    if (open.length > MAX_OPEN) close(MAX_OPEN / 2)
  }
  close(0)
  return { visible: shown.join(''), hidden: kept.join(' '), links, images }
}

/** Blocks that end a sentence, where the others only break a line. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 blockquote ul ol table section article'.split(' '))
const MAX_OPEN = 200
const RAW = new Set(['style', 'script', 'title', 'noscript', 'template'])
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'area', 'base', 'col', 'embed', 'source', 'track', 'wbr'])
const BLOCKS = new Set(
  'p div br hr li ul ol table tr td th h1 h2 h3 h4 h5 h6 blockquote pre section article header footer center dl dt dd form'.split(
    ' ',
  ),
)

/** The `>` that ends a tag, outside of quotes; the end of the text when there is none. */
function tagEnd(html: string, from: number): number {
  let quote = 0
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 62) return at
  }
  // An unclosed quote would swallow the rest of the mail: take the first `>` instead.
  const plain = html.indexOf('>', from)
  return plain === -1 ? html.length : plain
}

function tagName(tag: string): string {
  let end = 0
  while (end < tag.length && isNameUnit(tag.charCodeAt(end))) end++
  return tag.slice(0, end).toLowerCase()
}

function rawEnd(html: string, from: number, name: string): number {
  let at = from
  for (;;) {
    const end = html.indexOf('</', at)
    if (end === -1) return html.length
    if (html.slice(end + 2, end + 2 + name.length).toLowerCase() === name) {
      const close = html.indexOf('>', end)
      return close === -1 ? html.length : close + 1
    }
    at = end + 2
  }
}

function lastOpen(open: readonly Open[], name: string): number {
  for (let index = open.length - 1; index >= 0; index--) if (open[index]?.name === name) return index
  return -1
}

/** The raw value of an attribute. */
function attribute(tag: string, name: string): string | undefined {
  const lower = tag.toLowerCase()
  let at = lower.indexOf(name)
  while (at !== -1) {
    let after = at + name.length
    const before = tag.charCodeAt(at - 1)
    while (isSpace(tag.charCodeAt(after))) after++
    if (tag.charCodeAt(after) === 61 && (isSpace(before) || before === 34 || before === 39 || before === 47))
      return valueAt(tag, after + 1)
    at = lower.indexOf(name, at + 1)
  }
  return undefined
}

function valueAt(tag: string, from: number): string {
  let at = from
  while (isSpace(tag.charCodeAt(at))) at++
  const quote = tag.charCodeAt(at)
  if (quote === 34 || quote === 39) {
    const end = tag.indexOf(String.fromCharCode(quote), at + 1)
    return tag.slice(at + 1, end === -1 ? tag.length : end)
  }
  let end = at
  while (end < tag.length && !isSpace(tag.charCodeAt(end))) end++
  return tag.slice(at, end)
}

/** Styles that keep text from the reader. */
function isHiding(tag: string): boolean {
  if (!tag.includes('=') && !/\bhidden\b/i.test(tag)) return false
  const style = attribute(tag, 'style')
  if (style === undefined) return / hidden(?:$|[\s=/])/i.test(tag)
  const css = decodeEntities(style).toLowerCase().replaceAll(' ', '')
  return HIDING.some((rule) => css.includes(rule)) || /font-size:(?:0|1)(?:px|pt|em|%|;|$)/.test(css) || isPaleText(css)
}

const HIDING = ['display:none', 'visibility:hidden', 'opacity:0;', 'left:-9', 'text-indent:-9', 'max-height:0', 'mso-hide:all']

/** White text where no background of its own is set. */
function isPaleText(css: string): boolean {
  if (css.includes('background')) return false
  return /(?:^|;)color:(?:#fff(?:fff)?|white)(?:;|$|!)/.test(css)
}

/** White space that is not one plain space. Most text has none, and looking is faster than writing it anew. */
const UNEVEN = /[\t\r\n\f]| {2}/

function collapse(text: string, afterSpace: boolean): string {
  const single = UNEVEN.test(text) ? text.replace(/[ \t\r\n\f]+/g, ' ') : text
  return afterSpace && single.startsWith(' ') ? single.slice(1) : single
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}

function isNameUnit(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 58
}
