import { unitAt } from '../../../core/unit-at.js'
import { COLOR, colorOf } from './colors.js'
import { decodeEntities } from './entities.js'

/** How an element keeps its text from the reader: the usual way, as preheaders are, by a trick nobody needs, or by cutting all of it off, as is done for readers who listen. */
export type Hiding = 'no' | 'unshown' | 'trick' | 'clipped'

/** What keeps a text unseen only until something inside says otherwise, because it is inherited; as bits. */
export const VEIL = { size: 1, visibility: 2 } as const

/** What declarations of CSS say about how a text looks; colours only where they name one. */
export interface Look {
  readonly hides: Hiding
  /** The bits of VEIL it sets, and those it ends. */
  readonly veils: number
  readonly bares: number
  readonly ink: number | undefined
  readonly paper: number | undefined
}

/** `declarations` are plain, as `plainCss` makes them. */
export function lookOf(declarations: string): Look {
  const css = declarations.includes('!important') ? settled(declarations) : declarations
  // The text is the hole in its background.
  const ink = css.includes('background-clip:text') ? undefined : propertyOf(css, 'color:')
  const size = css.includes('font') ? sizeOf(css) : 'as around'
  const visibility = css.includes('visibility:') ? propertyOf(css, 'visibility:') : undefined
  return {
    hides: hidingOf(css),
    veils: (size === 'none' ? VEIL.size : 0) | (visibility === 'hidden' || visibility === 'collapse' ? VEIL.visibility : 0),
    bares: (size === 'some' ? VEIL.size : 0) | (visibility === 'visible' ? VEIL.visibility : 0),
    ink: ink === undefined || ink === 'inherit' ? undefined : colorOf(ink),
    paper: paperOf(css),
  }
}

/** The declarations of an attribute or a rule as they are looked at: lower case, without spaces. */
export function plainCss(declarations: string): string {
  const css = decodeEntities(declarations).toLowerCase()
  return /\s/.test(css) ? css.replace(/\s+/g, '') : css
}

/** One declaration of each property: the last, where none of them is important. */
export function settled(css: string): string {
  const usual = new Map<string, string>()
  const important = new Map<string, string>()
  for (const declaration of css.split(';')) {
    const name = nameOf(declaration)
    const among = declaration.includes('!important') ? important : usual
    // So that of `background` and `background-color` the later stays behind.
    among.delete(name)
    among.set(name, declaration)
  }
  for (const name of important.keys()) usual.delete(name)
  return [...usual.values(), ...important.values()].join(';')
}

function nameOf(declaration: string): string {
  return declaration.slice(0, declaration.indexOf(':') + 1)
}

function hidingOf(css: string): Hiding {
  if (UNSHOWN.some((rule) => css.includes(rule))) return 'unshown'
  if (css.includes('clip:') && CLIPPED.test(css)) return 'clipped'
  return isTrick(css) ? 'trick' : 'no'
}

/** `mso-hide:all` alone is not among them: only Outlook follows it. */
const UNSHOWN = ['display:none', 'max-height:0', 'content-visibility:hidden']
const CLIPPED = /clip:rect\((?:0|1px,?1px)/

function isTrick(css: string): boolean {
  return (
    (css.includes('opacity:') && /opacity:0?(?:\.0\d{0,3})?%?(?:;|!|$)/.test(css)) ||
    (css.includes('opacity') && /filter:[^;]{0,40}opacity(?:\(0?(?:\.0\d{0,3})?%?\)|=0\))/.test(css)) ||
    (css.includes('-') && /(?:left|top|right|text-indent|margin-left|margin-top):-\d{3,}/.test(css)) ||
    (css.includes('translate') && /translate(?:x|y|3d)?[(:][^;]{0,20}-\d{3,}/.test(css)) ||
    (css.includes('overflow:hidden') && isCutOff(css)) ||
    (css.includes('scale') && /(?<!gray)scale(?:x|y|3d)?[(:]0(?:\.0+)?(?:[,);!]|$)/.test(css)) ||
    (css.includes('clip') && /clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(00,00)/.test(css)) ||
    (css.includes('zoom:0') && /(?:^|;)zoom:0(?:\.0+)?%?(?:;|!|$)/.test(css)) ||
    (css.includes('text-fill-color:transparent') && !css.includes('background-clip:text'))
  )
}

/** Not a cell that takes the width its table gives it and cuts a long text short, nor what grows to a least width. */
function isCutOff(css: string): boolean {
  if (/(?:^|;)height:0(?:px)?(?:;|!|$)/.test(css)) return true
  if (/(?:^|;)min-width:[1-9]/.test(css)) return false
  return (
    /(?:^|;)width:0(?:px)?(?:;|!|$)/.test(css) ||
    (/(?:^|;)max-width:0(?:px)?(?:;|!|$)/.test(css) && !css.includes('text-overflow:ellipsis'))
  )
}

/** Whether letters have a size. What is measured in that of the text around is as small as it. */
function sizeOf(css: string): 'none' | 'some' | 'as around' {
  const at = startOf(css, 'font-size:')
  const short = startOf(css, 'font:')
  if (short > at) {
    const font = valueAt(css, short)
    return SHORT_NONE.test(font) ? 'none' : SHORT_SOME.test(font) ? 'some' : 'as around'
  }
  const size = at === -1 ? '' : valueAt(css, at)
  if (SIZE_NONE.test(size)) return 'none'
  return size === '' || SIZE_AS_AROUND.test(size) ? 'as around' : 'some'
}

const SHORT_NONE = /^(?:normal|bold|italic)?(?:[01](?:px|pt)|0(?:em|rem|%)?(?=[/a-z"']))/
const SHORT_SOME = /\d(?:px|pt|rem)/
const SIZE_NONE = /^(?:[01](?:\.\d{0,3})?(?:px|pt|%)?|0?\.\d{1,3}(?:px|pt|%)|0?(?:\.0\d{0,3})?r?em|0r?em)$/
const SIZE_AS_AROUND = /^[\d.]{1,9}(?:em|%)$|^(?:inherit|unset|smaller|larger)$/

/** A picture or a gradient may be of any colour; one that is drawn through is that of what lies behind. */
function paperOf(css: string): number | undefined {
  if (!css.includes('background')) return undefined
  if (css.includes('url(') || css.includes('gradient(')) return COLOR.unknown
  const at = Math.max(startOf(css, 'background-color:'), startOf(css, 'background:'))
  const paper = at === -1 ? 'none' : valueAt(css, at)
  if (paper === 'none' || paper === 'inherit' || paper === '') return undefined
  const color = colorOf(paper)
  return color === COLOR.clear ? undefined : color
}

function propertyOf(css: string, property: string): string | undefined {
  const at = startOf(css, property)
  return at === -1 ? undefined : valueAt(css, at)
}

/** Where the last value of a property starts; -1 for none. */
function startOf(css: string, property: string): number {
  let at = css.lastIndexOf(property)
  while (at > 0 && unitAt(css, at - 1) !== 59) at = css.lastIndexOf(property, at - 1)
  return at === -1 ? -1 : at + property.length
}

/** To its `;` or `!`. */
function valueAt(css: string, at: number): string {
  let end = at
  while (end < css.length && unitAt(css, end) !== 59 && unitAt(css, end) !== 33) end++
  return css.slice(at, end)
}
