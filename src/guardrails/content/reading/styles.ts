import { unitAt } from '../../../core/unit-at.js'
import { decodeEntities } from './entities.js'

/** How an element keeps its text from the reader: the usual way, as preheaders are, or by a trick nobody needs. */
export type Hiding = 'no' | 'unshown' | 'trick'

/** What the attributes of a tag say about how its text looks. */
export interface Look {
  readonly hides: Hiding
  /** It sets a background, on which pale text can be read. */
  readonly paints: boolean
}

/** `style` is the raw attribute, `color` that of a `<font>`. `onPaper`: no element around it sets a background. */
export function lookOf(style: string | undefined, color: string | undefined, hidden: boolean, onPaper: boolean): Look {
  if (style === undefined) return { hides: hidden ? 'unshown' : onPaper && isPale(color) ? 'trick' : 'no', paints: false }
  const css = decodeEntities(style).toLowerCase().replaceAll(' ', '')
  const paints = css.includes('background')
  if (hidden || UNSHOWN.some((rule) => css.includes(rule))) return { hides: 'unshown', paints }
  if (isTrick(css)) return { hides: 'trick', paints }
  const ink = propertyOf(css, 'color:') ?? color
  if (ink === undefined) return { hides: 'no', paints }
  const paper = propertyOf(css, 'background-color:') ?? propertyOf(css, 'background:')
  const unseen = paper === undefined ? onPaper && isPale(ink) : paper === ink
  return { hides: unseen ? 'trick' : 'no', paints }
}

const UNSHOWN = ['display:none', 'visibility:hidden', 'mso-hide:all', 'max-height:0']

function isTrick(css: string): boolean {
  return (
    (css.includes('font-size:') && /font-size:(?:[01](?:\.\d{1,3})?(?:px|pt|%)?|0(?:\.\d{1,3})?(?:em|rem))(?![\d.])/.test(css)) ||
    (css.includes('font:') && /(?:^|;)font:(?:[01])(?:px|pt)/.test(css)) ||
    (css.includes('opacity:') && /opacity:0?(?:\.0\d{0,3})?(?:;|!|$)/.test(css)) ||
    (css.includes('-') && /(?:left|top|right|text-indent|margin-left|margin-top):-\d{3,}/.test(css)) ||
    (css.includes('height:0') && /(?:^|;)height:0(?:px)?(?:;|!|$)/.test(css) && css.includes('overflow:hidden')) ||
    css.includes('clip:rect(0') ||
    css.includes('scale(0)') ||
    css.includes('color:transparent')
  )
}

/** The value of a property, to its `;` or `!`. */
function propertyOf(css: string, property: string): string | undefined {
  let at = css.indexOf(property)
  while (at > 0 && unitAt(css, at - 1) !== 59) at = css.indexOf(property, at + 1)
  if (at === -1) return undefined
  let end = at + property.length
  while (end < css.length && unitAt(css, end) !== 59 && unitAt(css, end) !== 33) end++
  return css.slice(at + property.length, end)
}

/** White, or so near to it that nobody reads it on paper: each channel from f8 on. */
function isPale(color: string | undefined): boolean {
  return (
    color !== undefined &&
    /^(?:white|#fff(?:f{3})?|#f[89a-f]f[89a-f]f[89a-f]|rgba?\((?:2(?:4[89]|5\d),){2}2(?:4[89]|5\d)(?:,[\d.]{1,4})?\))$/i.test(
      color,
    )
  )
}
