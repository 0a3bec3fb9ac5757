import { because, type Findings, report } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'

/** Mail that is gone in minutes. A modest list of those seen most; `policy.recipients.disposableDomains` adds yours. */
const DISPOSABLE: ReadonlySet<string> = new Set([
  ...['10minutemail.com', '10minutemail.net', '20minutemail.com', 'anonbox.net', 'burnermail.io', 'discard.email'],
  ...['dispostable.com', 'emailondeck.com', 'fakeinbox.com', 'fakemail.net', 'getairmail.com', 'getnada.com', 'grr.la'],
  ...['guerrillamail.biz', 'guerrillamail.com', 'guerrillamail.de', 'guerrillamail.net', 'guerrillamail.org'],
  ...['guerrillamailblock.com', 'inboxbear.com', 'inboxkitten.com', 'mailcatch.com', 'maildrop.cc', 'mailinator.com'],
  ...['mailinator.net', 'mailnesia.com', 'mailsac.com', 'mintemail.com', 'moakt.com', 'mohmal.com', 'mytemp.email'],
  ...['nada.email', 'sharklasers.com', 'spam4.me', 'spamgourmet.com', 'temp-mail.io', 'temp-mail.org', 'tempail.com'],
  ...['tempmail.dev', 'tempmail.net', 'tempmailo.com', 'tempr.email', 'throwawaymail.com', 'trash-mail.com', 'trashmail.com'],
  ...['trashmail.de', 'trashmail.net', 'yopmail.com', 'yopmail.fr', 'yopmail.net'],
])

/** What people type when they mean a big provider. Only misspellings that are no provider themselves. */
const MISSPELT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'gmail.com':
      'gmial.com gmai.com gmal.com gmil.com gamil.com gmaill.com gmaul.com gnail.com gmail.con gmail.co gmail.cm gmail.om gmail.cmo gmali.com',
    'yahoo.com': 'yaho.com yahooo.com yhoo.com yahho.com yahoo.con yahoo.cm yahoo.om yaoo.com',
    'hotmail.com': 'hotmial.com hotmal.com hotmai.com hotmil.com homail.com hotmail.con hotmail.cm hotmaill.com hotnail.com',
    'outlook.com': 'outlok.com outloo.com outlook.con outlook.cm oulook.com outllok.com',
    'icloud.com': 'iclould.com icoud.com icloud.con iclod.com',
    'aol.com': 'aol.con aol.cm aol.om aol.co',
  }).flatMap(([meant, typed]) => typed.split(' ').map((each): [string, string] => [each, meant])),
)

/** A throw-away mailbox, or a domain that looks misspelt. `email` in its canonical spelling. */
export function checkDoubtfulDomain(email: string, kind: string, policy: GuardrailPolicy, found: Findings): void {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const meant = MISSPELT.get(domain)
  if (meant !== undefined) {
    const message = `${domain} looks like a misspelt ${meant}: it will bounce or reach a stranger. Mend the address in GHL.`
    report(
      found,
      policy.recipients.doubtfulDomains,
      because('recipient.doubtful_domain', message, { domain, meant, kind }, { rule: 'recipient.misspelt-domain' }),
    )
  } else if (DISPOSABLE.has(domain) || hosts(policy).has(domain)) {
    const message = `${domain} gives out throw-away mailboxes: nobody may read this, and it may bounce.`
    report(
      found,
      policy.recipients.doubtfulDomains,
      because('recipient.doubtful_domain', message, { domain, kind }, { rule: 'recipient.disposable-domain' }),
    )
  }
}

const NONE: ReadonlySet<string> = new Set()
const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

function hosts({ recipients: { disposableDomains } }: GuardrailPolicy): ReadonlySet<string> {
  if (disposableDomains.length === 0) return NONE
  let set = sets.get(disposableDomains)
  if (set === undefined) {
    set = new Set(disposableDomains.map((domain) => domain.trim().toLowerCase()))
    sets.set(disposableDomains, set)
  }
  return set
}
