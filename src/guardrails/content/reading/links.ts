import { unitAt } from '../../../core/unit-at.js'
import type { Link } from './html.js'

/** Addresses written out in a text: `https://…`, `www.…`, `mailto:…`. */
export function linksIn(text: string): Link[] {
  const links: Link[] = []
  if (text.includes('://')) collect(text, '://', links)
  if (text.includes('mailto:')) collect(text, 'mailto:', links)
  const lower = text.includes('www.') || text.includes('WWW.')
  if (lower) collect(text.replaceAll('WWW.', 'www.'), 'www.', links)
  if (text.includes('/')) collectBare(text, links)
  return links
}

/** A link to an address, with the parts of it that rules look at. */
export function linkTo(href: string, start: number, end: number, visible: boolean): Link {
  const scheme = schemeOf(href)
  const authority = authorityOf(href, scheme)
  return { href, start, end, visible, scheme, authority, host: hostIn(authority) }
}

/** The host of an address, lower case, without user and port; '' when it has none. */
export function hostOf(href: string): string {
  return hostIn(authorityOf(href, schemeOf(href)))
}

function hostIn(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1 || host.length)
  const port = host.indexOf(':')
  const name = port === -1 ? host : host.slice(0, port)
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/** Between the slashes and the path, lower case. Browsers take any number of slashes, and backslashes for them. */
function authorityOf(href: string, scheme: string): string {
  let from = 0
  if (scheme === 'https' || scheme === 'http') from = href.indexOf(':') + 1
  else if (href.startsWith('//')) from = 2
  else {
    const marker = href.indexOf('://')
    if (marker === -1 && !/^www\./i.test(href)) return ''
    from = marker === -1 ? 0 : marker + 3
  }
  while (isSlash(unitAt(href, from))) from++
  let end = from
  while (end < href.length && !endsAuthority(unitAt(href, end))) end++
  return href.slice(from, end).toLowerCase()
}

function endsAuthority(code: number): boolean {
  return isSlash(code) || code === 63 || code === 35
}

function isSlash(code: number): boolean {
  return code === 47 || code === 92
}

/** The scheme in lower case without the characters browsers ignore; '' for none. */
function schemeOf(href: string): string {
  if (href.startsWith('https:')) return 'https'
  const colon = href.indexOf(':')
  if (colon === -1 || colon > 40) return ''
  const scheme = href
    .slice(0, colon)
    .replace(/[\p{Cc}\s]/gu, '')
    .toLowerCase()
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) ? scheme : ''
}

function collect(text: string, marker: string, links: Link[]): void {
  let from = 0
  for (;;) {
    const at = text.indexOf(marker, from)
    if (at === -1 || links.length >= MAX_LINKS) return
    let start = at
    if (marker === '://') while (start > from && at - start < 12 && isSchemeUnit(unitAt(text, start - 1))) start--
    else if (marker === 'www.' && at > 0 && unitAt(text, at - 1) === 47) {
      from = at + 4
      continue
    }
    let end = at + marker.length
    while (end < text.length && !isEnd(unitAt(text, end))) end++
    from = end
    while (end > at && TRAILING.includes(text.charAt(end - 1))) end--
    if (start < at || marker !== '://') links.push(linkTo(text.slice(start, end), start, end, true))
  }
}

/** `bit.ly/abc`: phones make links of a domain and a path without a scheme. */
function collectBare(text: string, links: Link[]): void {
  for (let slash = text.indexOf('/'); slash !== -1 && links.length < MAX_LINKS; slash = text.indexOf('/', slash + 1)) {
    let start = slash
    while (start > 0 && slash - start < 100 && isHostUnit(unitAt(text, start - 1))) start--
    const before = start === 0 ? 32 : unitAt(text, start - 1)
    const host = text.slice(start, slash)
    if (before === 47 || before === 64 || before === 58 || !BARE_HOST.test(host) || /^www\./i.test(host)) continue
    let end = slash
    while (end < text.length && !isEnd(unitAt(text, end))) end++
    while (end > slash && TRAILING.includes(text.charAt(end - 1))) end--
    links.push(linkTo(`https://${text.slice(start, end)}`, start, end, true))
    slash = end
  }
}

const BARE_HOST = /^(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}$/i

function isHostUnit(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 46
}

const MAX_LINKS = 500
const TRAILING = '.,;:!?)]}\'"*'

function isSchemeUnit(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}

function isEnd(code: number): boolean {
  return code <= 32 || code === 34 || code === 60 || code === 62 || code === 0xa0
}
