import { type Case, type Check, speak } from '../content/case.js'
import { because } from '../findings.js'
import { hasOneClick } from './one-click.js'
import { leadsSomewhere, type OptOut, readOptOut } from './opt-out.js'

/** An e-mail has to say how to stop it, and make that easy. 15 USC 7704(a)(5), 16 CFR 316.5. */
export const checkUnsubscribe: Check = (about, found) => {
  const { page, policy, context } = about
  const severity = policy.compliance.optOut.email
  if (severity === 'off' || context.purpose === 'transactional') return
  const state = readOptOut(page.body, page.links)
  if (state.stated || (policy.compliance.optOut.header && hasOneClick(context.headers))) return
  const fault = (rule: string, message: string) =>
    speak(
      found,
      about,
      severity,
      because('compliance.opt_out_missing', message, { channel: 'email' }, { rule: `compliance.unsubscribe-${rule}` }),
    )
  const why = whyNot(about, state)
  if (why !== undefined) fault(why, FAULTS[why])
  fault('missing', MISSING)
}

const MISSING =
  'The e-mail names no way to unsubscribe: add a link, or "Reply STOP to opt out". A mere mention of the word does not count.'

const FAULTS = {
  negated: 'The e-mail says that one cannot or need not unsubscribe. Take that out and say how to.',
  burdensome:
    'Unsubscribing asks for money, a log-in, data, a letter, a call or a visit. One reply or one web page has to be enough.',
  hidden: 'The way to unsubscribe is hidden from the reader. Show it.',
} as const

function whyNot({ page: { html, body } }: Case, { negated, burdened }: OptOut): keyof typeof FAULTS | undefined {
  if (burdened) return 'burdensome'
  if (negated) return 'negated'
  if (html === undefined) return undefined
  const hidden = html.links.some(
    (link) => !link.visible && leadsSomewhere(link) && UNSUBSCRIBE.test(`${link.href} ${body.text.slice(link.start, link.end)}`),
  )
  return hidden || (html.hidden !== '' && UNSUBSCRIBE.test(html.hidden.slice(0, 20_000))) ? 'hidden' : undefined
}

const UNSUBSCRIBE =
  /unsubscri|opt-?out|opt out|abmeld|abbestell|desabonn|désabonn|desinscri|désinscri|\bbaja\b|disiscri|uitschrijf|afmeld|preferences|remove me/i
