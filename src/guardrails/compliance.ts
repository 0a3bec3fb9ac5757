import type { Message } from '../core/message.js'
import { hasOptOut, hasStopInstruction } from './content/opt-out.js'
import type { Page } from './content/page.js'
import { containsAddress, seemsToHoldAddress } from './content/postal-address.js'
import { wordsOf } from './content/words.js'
import { because, deny, type Findings, report, warn } from './findings.js'
import type { GuardrailPolicy } from './policy.js'

/** What the law wants in a message: a way out (15 USC 7704(a)(5), CTIA for SMS) and, in e-mail, a postal address. */
export function checkCompliance({ channel }: Message, page: Page, { compliance }: GuardrailPolicy, found: Findings): void {
  if (channel === 'email') {
    checkOptOut(page, compliance.optOut.email, found)
    checkPostalAddress(page, compliance.postalAddress, found)
  } else if (channel === 'sms' && !hasStopInstruction(page.body.open)) {
    report(
      found,
      compliance.optOut.sms,
      because(
        'compliance.opt_out_missing',
        'The text does not say how to stop: add "Reply STOP to opt out".',
        { channel: 'sms' },
        { rule: 'compliance.sms_stop' },
      ),
    )
  }
}

type Severity = GuardrailPolicy['compliance']['optOut']['email']

function checkOptOut({ body, links }: Page, severity: Severity, found: Findings): void {
  if (severity === 'off' || hasOptOut(body.open, links)) return
  report(
    found,
    severity,
    because(
      'compliance.opt_out_missing',
      'The e-mail names no way to unsubscribe: add a link, or "Reply STOP to opt out". A mere mention of the word does not count.',
      {
        channel: 'email',
      },
    ),
  )
}

function checkPostalAddress({ body }: Page, configured: string | undefined, found: Findings): void {
  if (configured === undefined) {
    if (seemsToHoldAddress(body.words)) return
    warn(
      found,
      because(
        'compliance.postal_address_missing',
        'The e-mail seems to hold no postal address, which US law asks for. Put it in the footer.',
      ),
    )
  } else if (!containsAddress(body.words, wordsOf(configured))) {
    deny(
      found,
      because(
        'compliance.postal_address_missing',
        'The e-mail does not hold your postal address as configured. Put it in the footer.',
      ),
    )
  }
}
