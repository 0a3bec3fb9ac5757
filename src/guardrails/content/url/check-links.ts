import { because } from '../../findings.js'
import { type Check, speak } from '../case.js'
import { linksIn } from '../reading/links.js'
import { type Trick, tricksOf } from './tricks.js'

/** More distinct links than this look like a link farm. */
const MAX_LINKS = 10

/** Links that are not encrypted, hide where they lead, or are too many. Each fault is told once. */
export const checkLinks: Check = (about, found) => {
  const { links, alternative } = about.page
  const all =
    alternative === undefined ? links : [...links, ...linksIn(alternative.text).map((link) => ({ ...link, end: link.start }))]
  if (all.length === 0) return
  const counts = new Map<Trick, number>()
  for (const link of all) for (const trick of tricksOf(link, about)) counts.set(trick, (counts.get(trick) ?? 0) + 1)
  for (const [trick, count] of counts) {
    const { severity, message } = TRICKS[trick]
    const chosen =
      severity === 'setting' ? about.policy.content.links : trick === 'shortener' ? shortenerSeverity(about) : severity
    speak(found, about, chosen, because('content.link', message, { links: count }, { rule: `url.${trick}` }))
  }
  if (all.length <= MAX_LINKS) return
  const distinct = new Set(all.map(({ href }) => href)).size
  if (distinct <= MAX_LINKS) return
  const why = `It has ${distinct} links; more than ${MAX_LINKS} look like a link farm. Leave some out.`
  speak(
    found,
    about,
    about.policy.content.links,
    because('content.link', why, { links: distinct, max: MAX_LINKS }, { rule: 'url.too-many' }),
  )
}

/** Carriers filter public shorteners out of texts; in e-mail they cost reputation. */
function shortenerSeverity({ message, policy }: Parameters<Check>[0]): 'block' | 'warn' | 'off' {
  return message.channel === 'sms' || message.channel === 'rcs' ? 'block' : policy.content.links
}

const TRICKS: Readonly<Record<Trick, { readonly severity: 'block' | 'warn' | 'setting'; readonly message: string }>> = {
  'dangerous-scheme': {
    severity: 'block',
    message: 'A link runs code or carries data instead of leading somewhere. Link to an https:// address.',
  },
  'ip-host': { severity: 'block', message: 'A link leads to a number instead of a host name. Link to the host name.' },
  userinfo: { severity: 'block', message: 'A link has a part before @ that hides its host. Take that part out.' },
  homograph: { severity: 'block', message: 'The host of a link mixes alphabets to look like another. Link to the real one.' },
  'anchor-mismatch': { severity: 'block', message: 'A link shows one address and leads to another domain. Show where it leads.' },
  redirector: {
    severity: 'setting',
    message: 'A link goes through a redirector, so nobody sees where it leads. Link to the target.',
  },
  shortener: { severity: 'warn', message: 'A link is shortened, so nobody sees where it leads. Use the full address.' },
  insecure: { severity: 'setting', message: 'A link uses http://. Use https://.' },
}
