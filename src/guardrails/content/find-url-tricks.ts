import { registrableDomain } from '../recipients/registrable-domain.js'
import { authorityOf, hostOf, linksIn, schemeOf } from './links.js'
import type { Page } from './page.js'
import type { Finding } from './score-content.js'

/** Links that hide where they lead. Each trick counts once. */
export function findUrlTricks({ links, body }: Page, findings: Finding[]): void {
  if (links.length === 0) return
  const found = new Set<Trick>()
  for (const { href, start, end } of links) {
    if (DANGEROUS.has(schemeOf(href))) found.add('scheme')
    if (isAddress(hostOf(href))) found.add('ip')
    if (authorityOf(href).includes('@')) found.add('user')
    if (end - start < 200 && leadsElsewhere(href, body.raw.slice(start, end))) found.add('mismatch')
  }
  for (const trick of found) findings.push(FINDINGS[trick])
}

type Trick = 'scheme' | 'ip' | 'user' | 'mismatch'

const FINDINGS: Readonly<Record<Trick, Finding>> = {
  scheme: { rule: 'url.dangerous_scheme', weight: 5, part: 'body', mend: 'Link to an https:// address.' },
  ip: { rule: 'url.ip_host', weight: 5, part: 'body', mend: 'Link to a host name, not to a number.' },
  user: { rule: 'url.userinfo', weight: 5, part: 'body', mend: 'Take the part before @ out of the link.' },
  mismatch: { rule: 'url.anchor_mismatch', weight: 5, part: 'body', mend: 'Show the address the link leads to.' },
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
