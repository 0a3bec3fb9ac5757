import type { Reason } from '../../core/reason.js'
import { because } from '../findings.js'
import { registrableDomain } from '../recipients/registrable-domain.js'
import { authorityOf, hostOf, linksIn, schemeOf } from './links.js'
import type { Page } from './page.js'

/** Links that hide where they lead: a block of their own, whatever the score. Each trick is told once. */
export function urlTricks({ links, body }: Page): Reason[] {
  if (links.length === 0) return []
  const found = new Set<Trick>()
  for (const { href, start, end } of links) {
    if (DANGEROUS.has(schemeOf(href))) found.add('scheme')
    if (isAddress(hostOf(href))) found.add('ip')
    if (authorityOf(href).includes('@')) found.add('user')
    if (end - start < 200 && leadsElsewhere(href, body.raw.slice(start, end))) found.add('mismatch')
  }
  return [...found].map((trick) =>
    because('content.insecure_link', TRICKS[trick].message, { trick }, { rule: TRICKS[trick].rule }),
  )
}

type Trick = 'scheme' | 'ip' | 'user' | 'mismatch'

const TRICKS: Readonly<Record<Trick, { readonly rule: string; readonly message: string }>> = {
  scheme: {
    rule: 'url.dangerous_scheme',
    message: 'A link runs code or carries data instead of leading somewhere. Link to an https:// address.',
  },
  ip: { rule: 'url.ip_host', message: 'A link leads to a number instead of a host name. Link to the host name.' },
  user: { rule: 'url.userinfo', message: 'A link has a part before @ that hides its host. Take that part out.' },
  mismatch: {
    rule: 'url.anchor_mismatch',
    message: 'A link shows one address and leads to another domain. Show where it leads.',
  },
}

const DANGEROUS = new Set(['javascript', 'data', 'vbscript', 'file', 'blob'])

/** Dotted, decimal, hexadecimal or bracketed IP addresses. */
function isAddress(host: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|\d{8,10}|0x[0-9a-f]{6,8}|\[[0-9a-f:.]+\])$/.test(host)
}

/** The text shows an address of another registrable domain than the link's. */
function leadsElsewhere(href: string, text: string): boolean {
  if (text === href) return false
  const [shown] = linksIn(text)
  if (shown === undefined || shown.end - shown.start < text.trim().length) return false
  const from = hostOf(shown.href)
  const to = hostOf(href)
  return from !== '' && to !== '' && registrableDomain(from) !== registrableDomain(to)
}
