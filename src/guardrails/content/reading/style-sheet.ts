import { plainCss } from './styles.js'

/** The rules of a mail's `<style>` for one class or id each (`.x`, `p.x`, `#y`), by that name. */
export type StyleSheet = ReadonlyMap<string, string>

/** More than this of one name's declarations is not looked at, so that reading stays linear. */
const MAX_RULE = 1000
const NO_STYLES: StyleSheet = new Map()
const STYLE = /<style[\s>]/i

/**
 * Reads every `<style>` outside of comments, where conditions for Outlook stand. What a rule for some screens shows
 * (`@media`) is not taken for hidden: mails have parts for phones. Selectors of several steps are not read.
 */
export function styleSheetOf(html: string): StyleSheet {
  if (!STYLE.test(html)) return NO_STYLES
  const start = nextStyle(html, 0)
  if (start === -1) return NO_STYLES
  const rules = new Map<string, string>()
  const elsewhere = new Set<string>()
  for (let at = start; at !== -1; at = nextStyle(html, at)) {
    const open = html.indexOf('>', at)
    if (open === -1) break
    const close = html.indexOf('</', open)
    const always = !/\bmedia\s*=\s*["']?(?!all|screen["'\s])/i.test(html.slice(at, Math.min(open, at + 200)))
    readRules(html.slice(open + 1, close === -1 ? html.length : close), always, rules, elsewhere)
    if (close === -1) break
    at = close
  }
  for (const name of elsewhere) {
    const rule = rules.get(name)
    if (rule !== undefined) rules.set(name, coloursOf(rule))
  }
  return rules
}

/** The declarations for an element of these classes and this id; undefined where there are none. */
export function rulesFor(sheet: StyleSheet, classes: string | undefined, id: string | undefined): string | undefined {
  let found = id === undefined ? undefined : sheet.get(`#${id.trim()}`)
  if (classes === undefined) return found
  for (const name of classes.split(/\s+/, 20)) {
    const rule = name === '' ? undefined : sheet.get(`.${name}`)
    if (rule !== undefined && (found === undefined || found.length < 2 * MAX_RULE))
      found = found === undefined ? rule : `${rule};${found}`
  }
  return found
}

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
function readRules(text: string, always: boolean, rules: Map<string, string>, elsewhere: Set<string>): void {
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
      addRule(selector, css.slice(at, close), applies, rules, elsewhere)
      at = close + 1
      close = css.indexOf('}', at)
    }
    open = css.indexOf('{', at)
  }
}

function addRule(selector: string, body: string, applies: boolean, rules: Map<string, string>, elsewhere: Set<string>): void {
  let css: string | undefined
  for (const one of selector.split(',')) {
    const name = SIMPLE.exec(one)?.[1]
    if (name === undefined) continue
    css ??= plainCss(body)
    if (applies) {
      const known = rules.get(name)
      if (known === undefined || known.length < MAX_RULE)
        rules.set(name, (known === undefined ? css : `${known};${css}`).slice(0, MAX_RULE))
    } else if (SHOWS.test(css)) elsewhere.add(name)
  }
}

const SIMPLE = /^\s{0,20}(?:[a-z][a-z0-9]{0,9})?([.#][\w-]{1,60})\s{0,20}$/i
const SHOWS = /display:(?!none)|visibility:visible|(?:max-height|font-size|opacity):(?!0)|height:auto/

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
