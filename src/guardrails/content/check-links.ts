import type { Reason } from '../../core/reason.js'
import { because } from '../findings.js'
import { hostOf, schemeOf } from './links.js'
import type { Page } from './page.js'

/** Links that are not encrypted, and links that hide where they lead. */
export function linkFaults({ links }: Page): Reason[] {
  let insecure = 0
  let short = 0
  for (const { href } of links) {
    if (schemeOf(href) === 'http') insecure++
    if (SHORTENERS.has(hostOf(href))) short++
  }
  const faults: Reason[] = []
  if (insecure > 0) {
    faults.push(because('content.insecure_link', `${insecure} link(s) use http://. Use https://.`, { links: insecure }))
  }
  if (short > 0) {
    faults.push(
      because(
        'content.insecure_link',
        `${short} link(s) are shortened, so nobody sees where they lead. Use the full address.`,
        { links: short },
        { rule: 'content.short_link' },
      ),
    )
  }
  return faults
}

const SHORTENERS: ReadonlySet<string> = new Set(
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at tiny.cc t.ly lnkd.in bl.ink v.gd s.id shorte.st adf.ly tr.im short.io bitly.com'.split(
    ' ',
  ),
)
