import { unitAt } from '../../../core/unit-at.js'
import { isLetter } from './chars.js'
import { COLOR, colorOf, isUnreadable } from './colors.js'
import { decodeEntities } from './entities.js'
import { linkTo } from './links.js'
import { cascade, styleSheetOf } from './style-sheet.js'
import { type Look, lookOf, plainCss, VEIL } from './styles.js'
import { TAG, tagKind } from './tags.js'

/** A link as a reader meets it. `start` and `end` are where its text stands in the visible text. */
export interface Link {
  readonly href: string
  readonly start: number
  readonly end: number
  readonly visible: boolean
  /** Lower case; '' where there is none. */
  readonly scheme: string
  /** User, host and port, lower case; '' where there is none. */
  readonly authority: string
  /** Lower case, without user and port; '' where there is none. */
  readonly host: string
}

/** What HTML shows: `visible` as plain text (blocks on lines of their own), and what it keeps from the reader. */
export interface Rendered {
  readonly visible: string
  readonly hidden: string
  /** Characters hidden before any visible text, as preheaders are; what is hidden later; characters hidden by a trick. */
  readonly early: number
  readonly late: readonly string[]
  readonly tricked: number
  readonly links: readonly Link[]
  readonly images: number
  /** Texts in attributes: what stands for a picture, what a pointer shows. */
  readonly attributes: readonly string[]
  /** Where pictures come from. */
  readonly sources: readonly string[]
  /** Pictures that are links. */
  readonly linkedImages: number
  /** Where in the visible text a word is cut by a tag or a letter is written as a number; the first 200. */
  readonly seams: readonly number[]
  /** Tags around thoughts of a language model. */
  readonly thoughts: boolean
}

interface Open {
  readonly name: string
  /** How the text around it is: within how many that hide, its colours, what veils it. */
  readonly hiding: number
  readonly tricking: number
  readonly ink: number | undefined
  readonly paper: number
  readonly veil: number
  readonly href: string | undefined
  readonly start: number
  readonly images: number
}

const MAX_OPEN = 200
/** White space that is more than one space: a match for every single one would cost as much as all the rest. */
const UNEVEN = / ?[\t\r\n\f][ \t\r\n\f]*| {2,}[\t\r\n\f ]*/g
/** Four times as fast as searching for the two, which stops at every space. */
const DOUBLE_SPACE = / {2}/
const MAX_SEAMS = 200
const MAX_SPOKEN = 40
/** An address without scheme and host that leaves the page. */
const RELATIVE = /^(?!#|\/\/|www\.|[a-z][a-z0-9+.-]{0,30}:)/i
/** Longer ones are pictures written out. */
const MAX_SOURCE = 2000

/** Reads HTML in one pass: no backtracking, no nesting limit that could be exceeded, unclosed tags tolerated. */
export function renderHtml(html: string): Rendered {
  // Pieces, not one growing string: reading the end of a string under construction copies it.
  const shown: string[] = []
  // Looked for once, not in every piece.
  const references = html.includes('&')
  const sheet = styleSheetOf(html)
  // Mails say the same of many elements.
  const looks = new Map<string, Look>()
  const ruled = sheet === undefined ? looks : new Map<string, Look>()
  const even = !DOUBLE_SPACE.test(html) && !html.includes('\t') && !html.includes('\r') && !html.includes('\f')
  const kept: string[] = []
  const links: Link[] = []
  const attributes: string[] = []
  const sources: string[] = []
  const seams: number[] = []
  const open: Open[] = []
  let length = 0
  let last = 10
  let said = false
  let cut = false
  let images = 0
  let linkedImages = 0
  let hiding = 0
  let tricking = 0
  let ink: number | undefined
  let paper: number = COLOR.white
  let veil = 0
  let unseen = false
  /** What relative addresses are relative to. */
  let base = ''
  let inLink = 0
  let early = 0
  const late: string[] = []
  let tricked = 0
  let thoughts = false
  let at = 0

  const target = (href: string) => {
    const clean = cleanTarget(href)
    return base !== '' && RELATIVE.test(clean) ? `${base.replace(/[^/]*$/, '')}${clean.replace(/^\/{1,9}/, '')}` : clean
  }
  const lookOfElement = (name: string, tag: Tag) => {
    const { style } = tag
    const css =
      sheet !== undefined && (tag.class !== undefined || tag.id !== undefined || sheet.rules.has(name))
        ? cascade(sheet, name, tag)
        : undefined
    if (css === undefined && style === undefined) return PLAIN
    const known = css === undefined ? looks : ruled
    const key = css ?? style ?? ''
    let look = known.get(key)
    if (look === undefined) {
      look = lookOf(css ?? plainCss(key))
      known.set(key, look)
    }
    return look
  }
  const dress = (nextInk: number | undefined, nextPaper: number, nextVeil: number) => {
    if (nextInk === ink && nextPaper === paper && nextVeil === veil) return
    ink = nextInk
    paper = nextPaper
    veil = nextVeil
    unseen = veil !== 0 || (ink !== undefined && isUnreadable(ink, paper))
  }
  const close = (upTo: number) => {
    while (open.length > upTo) {
      const element = open.pop()
      if (element === undefined) return
      const { href, start } = element
      if (href !== undefined) {
        links.push(linkTo(href, start, length, hiding === 0 && !unseen && (length > start || images > element.images)))
        inLink--
      }
      hiding = element.hiding
      tricking = element.tricking
      dress(element.ink, element.paper, element.veil)
    }
  }
  const push = (name: string, kind: number, tag: Tag) => {
    const { color, background, hidden, href } = tag
    const look = lookOfElement(name, tag)
    const leadsTo = href !== undefined && (kind & TAG.link) !== 0 ? target(href) : undefined
    // Columns side by side: the space between them has no size.
    if ((veil & look.bares) !== 0 && hiding === 0 && last > 32) show(' ')
    open.push({ name, hiding, tricking, ink, paper, veil, href: leadsTo, start: length, images })
    if (hidden || (look.hides !== 'no' && !(look.hides === 'clipped' && inLink > 0 && isBrief(html, tag.end)))) {
      hiding++
      if (!hidden && look.hides !== 'unshown') tricking++
    }
    if (leadsTo !== undefined) inLink++
    const ownInk = look.ink ?? (color === undefined ? undefined : attributeColor(color))
    // Links have a colour of their own.
    dress(
      ownInk ?? (leadsTo === undefined ? ink : undefined),
      look.paper ?? (background === undefined ? paper : attributeColor(background)),
      (veil & ~look.bares) | look.veils,
    )
    if (open.length > MAX_OPEN) close(MAX_OPEN / 2)
  }
  const show = (text: string) => {
    if (text === '') return
    if (cut && last > 32 && isLetter(last) && isLetter(unitAt(text, 0)) && seams.length < MAX_SEAMS) seams.push(length)
    cut = false
    shown.push(text)
    length += text.length
    last = unitAt(text, text.length - 1)
    if (last > 32) said = true
  }
  const write = (raw: string) => {
    if (hiding > 0 || unseen) {
      const text = decodeEntities(raw)
      kept.push(text)
      const size = visibleSize(text)
      // A preheader that is not shown may be pale as well.
      if (tricking > 0 || (hiding === 0 && (veil & VEIL.visibility) === 0)) tricked += size
      else if (!said) early += size
      else if (size > 0) late.push(text)
      return
    }
    const afterSpace = isSpace(last)
    if (!references || !raw.includes('&')) {
      show(collapse(raw, afterSpace, even))
      return
    }
    const odd: number[] = []
    const decoded = decodeEntities(raw, (position) => {
      if (seams.length + odd.length < MAX_SEAMS) odd.push(position)
    })
    for (const position of odd) seams.push(length + collapse(decoded.slice(0, position), afterSpace, false).length)
    show(collapse(decoded, afterSpace, false))
  }

  if (sheet?.rules.has('body')) {
    // A part of a page has a body all the same.
    const page = lookOfElement('body', NOTHING)
    dress(page.ink, page.paper ?? paper, page.veils)
  }
  const size = html.length
  while (at < size) {
    const tagAt = html.indexOf('<', at)
    if (tagAt === -1) {
      write(html.slice(at))
      break
    }
    if (tagAt > at) write(html.slice(at, tagAt))
    const next = unitAt(html, tagAt + 1)
    const closing = next === 47
    if (!closing && !isAsciiLetter(next)) {
      if (next === 33 || next === 63) {
        at = declarationEnd(html, tagAt)
        cut = true
      } else {
        write('<')
        at = tagAt + 1
      }
      continue
    }
    let nameEnd = closing ? tagAt + 2 : tagAt + 1
    const nameAt = nameEnd
    let shouted = false
    for (; nameEnd < size; nameEnd++) {
      const unit = unitAt(html, nameEnd)
      if (!isNameUnit(unit)) break
      if (unit >= 65 && unit <= 90) shouted = true
    }
    const written = html.slice(nameAt, nameEnd)
    const name = shouted ? written.toLowerCase() : written
    const kind = tagKind(name)
    if ((kind & TAG.block) !== 0) {
      if (last !== 10 && hiding === 0) show((kind & TAG.paragraph) !== 0 ? '\n\n' : '\n')
    } else if ((kind & TAG.breaks) === 0) cut = true
    if ((kind & TAG.thought) !== 0) thoughts = true
    if (unitAt(html, nameEnd) === 62) {
      // A tag without attributes: most of them.
      at = nameEnd + 1
      if (closing) {
        const match = lastOpen(open, name)
        if (match !== -1) close(match)
      } else if ((kind & TAG.raw) !== 0) at = rawEnd(html, at, name)
      else if ((kind & TAG.void) === 0) push(name, kind, NOTHING)
      else if ((kind & TAG.image) !== 0) images++
      continue
    }
    const tag = readTag(html, nameEnd)
    at = tag.end
    if (tag.alt !== undefined && tag.alt !== '') attributes.push(decodeEntities(tag.alt))
    if (tag.title !== undefined) attributes.push(decodeEntities(tag.title))
    if (tag.src !== undefined && tag.src.length < MAX_SOURCE) sources.push(decodeEntities(tag.src))
    if (closing) {
      const match = lastOpen(open, name)
      if (match !== -1) close(match)
      continue
    }
    if ((kind & TAG.image) !== 0) {
      images++
      if (inLink > 0) linkedImages++
    }
    if ((kind & TAG.raw) !== 0) {
      at = rawEnd(html, at, name)
      continue
    }
    if ((kind & TAG.void) !== 0) {
      // Part of a picture: a link without a text.
      if (tag.href !== undefined && (kind & TAG.link) !== 0) links.push(linkTo(target(tag.href), length, length, false))
      else if (tag.href !== undefined && name === 'base') base ||= cleanTarget(tag.href)
      continue
    }
    push(name, kind, tag)
  }
  close(0)
  const hidden = kept.length === 0 ? '' : kept.join(' ')
  return {
    visible: shown.join(''),
    hidden,
    early,
    late,
    tricked,
    links,
    images,
    attributes,
    sources,
    linkedImages,
    seams,
    thoughts,
  }
}

/** The attributes that matter here, and where the tag ends. */
interface Tag {
  readonly end: number
  readonly href?: string
  readonly alt?: string
  readonly title?: string
  readonly src?: string
  readonly style?: string
  readonly class?: string
  readonly id?: string
  readonly color?: string
  readonly background?: string
  readonly hidden: boolean
}

const NOTHING: Tag = { end: 0, hidden: false }
const PLAIN: Look = { hides: 'no', veils: 0, bares: 0, ink: undefined, paper: undefined }

/** What a link says to readers who listen is part of its text: "Book <span>the spring classes</span>". */
function isBrief(html: string, from: number): boolean {
  return html.slice(from, from + MAX_SPOKEN + 1).includes('<')
}

/** Of `color`, `bgcolor` or `background`; the address of a picture is no colour. */
function attributeColor(value: string): number {
  return colorOf(value.trim().toLowerCase())
}

/** Reads attributes from behind a tag's name to its `>` outside of quotes, or to the end of the text. */
function readTag(html: string, from: number): Tag {
  const tag: { -readonly [K in keyof Tag]: Tag[K] } = { end: html.length, hidden: false }
  let at = from
  while (at < html.length) {
    const code = unitAt(html, at)
    if (code === 62) {
      tag.end = at + 1
      return tag
    }
    if (isSpace(code) || code === 47 || code === 34 || code === 39) {
      at++
      continue
    }
    const nameAt = at
    while (at < html.length && !endsName(unitAt(html, at))) at++
    const name = at - nameAt > 10 ? '' : html.slice(nameAt, at).toLowerCase()
    while (isSpace(unitAt(html, at))) at++
    if (unitAt(html, at) !== 61) {
      if (name === 'hidden') tag.hidden = true
      if (at === nameAt) at++
      continue
    }
    at++
    while (isSpace(unitAt(html, at))) at++
    const quote = unitAt(html, at)
    let valueAt = at
    let end: number
    if (quote === 34 || quote === 39) {
      valueAt++
      end = html.indexOf(quote === 34 ? '"' : "'", valueAt)
      if (end === -1) {
        // An unclosed quote would swallow the rest of the mail: take the first `>` instead.
        const plain = html.indexOf('>', valueAt)
        end = plain === -1 ? html.length : plain
        at = end
      } else at = end + 1
    } else {
      end = at
      while (end < html.length && !isSpace(unitAt(html, end)) && unitAt(html, end) !== 62) end++
      at = end
    }
    if (name === 'href') tag.href ??= html.slice(valueAt, end)
    else if (name === 'style') tag.style ??= html.slice(valueAt, end)
    else if (name === 'class') tag.class ??= html.slice(valueAt, end)
    else if (name === 'id') tag.id ??= html.slice(valueAt, end)
    else if (name === 'color') tag.color ??= html.slice(valueAt, end)
    else if (name === 'src') tag.src ??= html.slice(valueAt, end)
    else if (name === 'alt') tag.alt ??= html.slice(valueAt, end)
    else if (name === 'title') tag.title ??= html.slice(valueAt, end)
    else if (name === 'hidden') tag.hidden = true
    else if (name === 'background') tag.background = html.slice(valueAt, end)
    else if (name === 'bgcolor') tag.background ??= html.slice(valueAt, end)
  }
  return tag
}

function declarationEnd(html: string, from: number): number {
  const comment = html.startsWith('<!--', from)
  const end = comment ? html.indexOf('-->', from + 4) : html.indexOf('>', from)
  return end === -1 ? html.length : end + (comment ? 3 : 1)
}

/** Behind the closing tag of an element whose content is no text; the end where it has none. */
function rawEnd(html: string, from: number, name: string): number {
  const wanted = name.toLowerCase()
  for (let end = html.indexOf('</', from); end !== -1; end = html.indexOf('</', end + 2)) {
    if (html.slice(end + 2, end + 2 + name.length).toLowerCase() !== wanted) continue
    const close = html.indexOf('>', end)
    return close === -1 ? html.length : close + 1
  }
  return html.length
}

function lastOpen(open: readonly Open[], name: string): number {
  for (let index = open.length - 1; index >= 0; index--) if (open[index]?.name === name) return index
  return -1
}

/** Decoded, without the control characters browsers drop. */
function cleanTarget(href: string): string {
  const target = decodeEntities(href).trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped.
  return /[\x00-\x1f]/.test(target) ? target.replace(/[\x00-\x1f]+/g, '') : target
}

/** White space as HTML shows it. `even`: there are no tabs, returns or double spaces; most HTML has none. */
function collapse(text: string, afterSpace: boolean, even: boolean): string {
  if (text === '\n') return afterSpace ? '' : ' '
  const single = even && !text.includes('\n') ? text : text.replace(UNEVEN, ' ')
  return afterSpace && unitAt(single, 0) === 32 ? single.slice(1) : single
}

/** Characters a reader would see: padding and invisible ones do not count. */
export function visibleSize(text: string): number {
  return text.replace(/\s|\p{Cf}|\u034f/gu, '').length
}

function endsName(code: number): boolean {
  return isSpace(code) || code === 61 || code === 62 || code === 47
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isAsciiLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}

function isNameUnit(code: number): boolean {
  return isAsciiLetter(code) || (code >= 48 && code <= 57) || code === 58
}
