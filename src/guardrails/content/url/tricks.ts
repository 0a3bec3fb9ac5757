import { registrableDomain } from '../../recipients/registrable-domain.js'
import type { Case } from '../case.js'
import type { Link } from '../reading/html.js'
import { linksIn } from '../reading/links.js'
import { isAddress, isHomograph } from './host.js'
import { redirects } from './redirector.js'
import { isShortener } from './shorteners.js'

export type Trick =
  | 'dangerous-scheme'
  | 'ip-host'
  | 'userinfo'
  | 'homograph'
  | 'anchor-mismatch'
  | 'redirector'
  | 'shortener'
  | 'insecure'

/** What is wrong with one link. */
export function tricksOf(link: Link, { page, policy }: Case): Trick[] {
  const { href, start, end, scheme, authority, host } = link
  if (DANGEROUS.has(scheme)) return ['dangerous-scheme']
  if (host === '') return []
  const tricks: Trick[] = []
  if (scheme === 'http') tricks.push('insecure')
  if (isAddress(host)) tricks.push('ip-host')
  if (authority.includes('@')) tricks.push('userinfo')
  if (isHomograph(host)) tricks.push('homograph')
  if (isShortener(host)) tricks.push('shortener')
  if (redirects(href, host)) tricks.push('redirector')
  if (end - start < 200 && leadsElsewhere(href, host, page.body.text.slice(start, end), policy.sender.domains))
    tricks.push('anchor-mismatch')
  return tricks
}

const DANGEROUS = new Set([
  'javascript',
  'data',
  'vbscript',
  'file',
  'blob',
  'about',
  'filesystem',
  'mhtml',
  'ms-msdt',
  'search-ms',
])

/** The text shows an address of another registrable domain than the link's, and the link's is none of the sender's own. */
function leadsElsewhere(href: string, to: string, text: string, own: readonly string[]): boolean {
  if (text === href || !text.includes('.')) return false
  const from = shownHost(text)
  if (from === '' || from === to) return false
  const target = registrableDomain(to)
  return registrableDomain(from) !== target && !own.includes(target)
}

/** The host in a link's text: of an address written out, or of a text that is nothing but a domain. */
function shownHost(text: string): string {
  const [shown] = linksIn(text)
  if (shown !== undefined) return shown.host
  const bare = /^\s{0,3}((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})(?:\/\S*)?\s{0,3}$/i.exec(text)?.[1]?.toLowerCase()
  if (bare === undefined || PRODUCTS.has(bare)) return ''
  return TOP.has(bare.slice(bare.lastIndexOf('.') + 1)) ? bare : ''
}

const PRODUCTS = new Set(['asp.net', 'vb.net', 'ado.net', 'ml.net', 'paint.net'])

/** Endings that mean a domain when they stand in a text; `.js`, `.ai` or `.md` may be something else. */
const TOP = new Set(
  'com net org edu gov co io info biz us uk ca au de fr es it nl be ch at se no dk fi pl cz ie pt br mx in jp cn ru ua eu app dev shop store online site xyz club me tv cc bank'.split(
    ' ',
  ),
)
