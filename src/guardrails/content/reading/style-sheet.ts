import { plainCss, settled } from './styles.js'

interface Rule {
  /** Ids go before classes, these before elements; among equals, what stands later. */
  readonly rank: number
  /** The element of `p.x`. */
  readonly element: string | undefined
  readonly css: string
}

/** What a mail's `<style>` says, by class (`.x`), id (`#y`) and element. */
export interface StyleSheet {
  readonly rules: ReadonlyMap<string, readonly Rule[]>
  /** What is shown on some screens or at some time, and whether over a style of its own. */
  readonly shown: ReadonlyMap<string, boolean>
}

interface Reading {
  readonly rules: Map<string, Rule[]>
  readonly shown: Map<string, boolean>
  place: number
}

/** More than this of one rule, of the rules of one name, of what applies to one element is not looked at: reading stays linear. */
const MAX_RULE = 500
const MAX_RULES = 20
const MAX_CSS = 2000
const STYLE = /<style[\s>]/i

/**
 * Reads every `<style>` outside of comments, where conditions for Outlook stand; undefined where nothing in them matters.
 * What a rule for some screens shows (`@media`) is not taken for hidden: mails have parts for phones. Selectors of
 * several steps are not read, but what they show is not taken for hidden, and a background they set for unknown.
 */
export function styleSheetOf(html: string): StyleSheet | undefined {
  if (!STYLE.test(html)) return undefined
  const reading: Reading = { rules: new Map(), shown: new Map(), place: 0 }
  for (let at = nextStyle(html, 0); at !== -1; at = nextStyle(html, at)) {
    const open = html.indexOf('>', at)
    if (open === -1) break
    const close = html.indexOf('</', open)
    const always = !/\bmedia\s*=\s*["']?(?!all|screen["'\s])/i.test(html.slice(at, Math.min(open, at + 200)))
    readRules(html.slice(open + 1, close === -1 ? html.length : close), always, reading)
    if (close === -1) break
    at = close
  }
  return reading.rules.size + reading.shown.size === 0 ? undefined : reading
}

/** An element as rules see it; `style` is its own. */
export interface Styled {
  readonly class?: string
  readonly id?: string
  readonly style?: string
}

/** The rules for an element, the stronger behind the weaker, and behind them its own style; undefined where there are none. */
export function cascade({ rules, shown }: StyleSheet, element: string, styled: Styled): string | undefined {
  const names: string[] = [element]
  if (styled.class !== undefined) for (const name of styled.class.split(/\s+/, 20)) names.push(`.${name}`)
  if (styled.id !== undefined) names.push(`#${styled.id.trim()}`)
  const found: Rule[] = []
  let isShown = false
  let overOwn = false
  for (const name of names) {
    const over = shown.get(name)
    if (over !== undefined) isShown = true
    if (over === true) overOwn = true
    for (const rule of rules.get(name) ?? NO_RULES) if (rule.element === undefined || rule.element === element) found.push(rule)
  }
  if (found.length === 0 && !isShown) return undefined
  let css = ''
  for (const rule of found.sort((one, other) => other.rank - one.rank)) {
    if (css.length > MAX_CSS) break
    css = `${rule.css};${css}`
  }
  const own = plainCss(styled.style ?? '')
  return settled(`${isShown ? coloursOf(css) : css};${overOwn ? coloursOf(own) : own}`)
}

const NO_RULES: readonly Rule[] = []

/** Where the next `<style` stands, past comments; -1 for none. */
function nextStyle(html: string, from: number): number {
  const pattern = /<!--|<style[\s>]/gi
  pattern.lastIndex = from
  for (let match = pattern.exec(html); match !== null; match = pattern.exec(html)) {
    if (match[0] !== '<!--') return match.index
    const end = html.indexOf('-->', match.index + 4)
    if (end === -1) return -1
    pattern.lastIndex = end + 3
  }
  return -1
}

/** One pass over the braces: a rule, or the beginning of a group of rules. */
function readRules(text: string, always: boolean, reading: Reading): void {
  const css = withoutComments(text)
  let applies = always
  let at = 0
  let open = css.indexOf('{')
  let close = css.indexOf('}')
  while (open !== -1 && close !== -1) {
    if (close < open) {
      applies = always
      at = close + 1
      close = css.indexOf('}', at)
      continue
    }
    const head = css.slice(at, open)
    const selector = head.slice(head.lastIndexOf(';') + 1)
    at = open + 1
    if (selector.includes('@media') || selector.includes('@supports'))
      applies = always && /@media\s+(?:all|screen)\s*$/.test(selector)
    else {
      addRule(selector, css.slice(at, close), applies, reading)
      at = close + 1
      close = css.indexOf('}', at)
    }
    open = css.indexOf('{', at)
  }
}

function addRule(selector: string, body: string, applies: boolean, reading: Reading): void {
  const css = plainCss(body).slice(0, MAX_RULE)
  if (!LOOKED_AT.test(css)) return
  const shows = SHOWS.test(css)
  const paints = applies && css.includes('background')
  for (const written of selector.split(',')) {
    // What is written as an attribute is a class all the same.
    const one = written.includes('[') ? written.replace(CLASS_ATTRIBUTE, '.$1') : written
    const [, element, name] = SIMPLE.exec(one) ?? []
    if (applies && name !== undefined) {
      const level = name.startsWith('#') ? LEVEL.id : element === undefined ? LEVEL.class : LEVEL.classOfElement
      add(reading, name, level, element?.toLowerCase(), css)
    } else if (applies && element !== undefined) add(reading, element.toLowerCase(), LEVEL.element, undefined, css)
    else {
      const shown = shows ? lastName(one.slice(-MAX_STEP)) : undefined
      if (shown !== undefined) reading.shown.set(shown, reading.shown.get(shown) === true || SHOWS_OVER.test(css))
      const painted = paints ? lastOfSteps(one) : undefined
      if (painted !== undefined) add(reading, painted, LEVEL.unread, undefined, 'background:unknown')
    }
  }
}

/** What a selector of several steps is for in the end; nothing where it is for a moment, as below a pointer. */
function lastOfSteps(selector: string): string | undefined {
  const step = LAST_STEP.exec(selector.trim().slice(-MAX_STEP))?.[0] ?? ''
  return STATE.test(step) ? undefined : (lastName(step) ?? ELEMENT.exec(step)?.[0].toLowerCase())
}

function lastName(selector: string): string | undefined {
  return selector.match(NAMES)?.at(-1)
}

function add(reading: Reading, name: string, level: number, element: string | undefined, css: string): void {
  const rules = reading.rules.get(name) ?? []
  if (rules.length === 0) reading.rules.set(name, rules)
  if (rules.length < MAX_RULES) rules.push({ rank: level + reading.place++, element, css })
}

const LEVEL = { element: 0, class: 1e6, classOfElement: 2e6, id: 3e6, unread: 4e6 } as const
const MAX_STEP = 100
/** One step: an element, a class or an id, or the first with one of the others. */
const SIMPLE = /^\s{0,20}([a-z][a-z0-9]{0,9})?([.#][\w-]{1,60})?\s{0,20}$/i
const NAMES = /[.#][a-z_-][\w-]{0,59}/gi
const CLASS_ATTRIBUTE = /\[class~?=["']?([\w-]{1,60})["']?\]/gi
const ELEMENT = /^[a-z][a-z0-9]{0,9}/i
const LAST_STEP = /[^\s>+~]{1,100}$/
/** How it looks only while a pointer is on it, and what stands before or behind it. */
const STATE = /:(?:hover|active|focus|visited|before|after|:)/
/** The properties that may hide a text or give it a colour. */
const LOOKED_AT =
  /(?:^|;)(?:-[a-z]{1,9}-)?(?:display|(?:content-)?visibility|font(?:-size)?|opacity|filter|transform|translate|scale|zoom|clip(?:-path)?|(?:min-|max-)?(?:width|height)|overflow|left|top|right|text-(?:indent|fill-color|overflow)|margin-(?:left|top)|color|background(?:-[a-z]{1,9})?):/
const SHOWS = /display:(?!none)|visibility:visible|(?:max-height|font-size|opacity):(?!0)|height:auto/
const SHOWS_OVER = /(?:display:(?!none)|visibility:visible)[^;!]{0,40}!important/

function coloursOf(rule: string): string {
  return rule
    .split(';')
    .filter((declaration) => /^(?:background|color:)/.test(declaration))
    .join(';')
}

function withoutComments(css: string): string {
  const plain = css.replaceAll('<!--', '').replaceAll('-->', '')
  let shown = ''
  let at = 0
  for (;;) {
    const open = plain.indexOf('/*', at)
    if (open === -1) return shown + plain.slice(at)
    shown += plain.slice(at, open)
    const close = plain.indexOf('*/', open + 2)
    if (close === -1) return shown
    at = close + 2
  }
}
