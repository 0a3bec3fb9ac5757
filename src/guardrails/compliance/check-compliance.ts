import type { Case, Check } from '../content/case.js'
import type { Findings } from '../findings.js'
import { checkAuthentication } from './authentication.js'
import { checkOneClick } from './one-click.js'
import { checkPostalAddress } from './postal-address.js'
import { checkSmsForbidden } from './sms-forbidden.js'
import { checkSmsOptOut } from './sms-optout.js'
import { checkSegments } from './sms-segments.js'
import { checkSmsSender } from './sms-sender-id.js'
import { checkUnsubscribe } from './unsubscribe.js'

/** What laws, mailbox providers and carriers want of a message, whatever it says beside. */
export function checkCompliance(about: Case, found: Findings): void {
  const { channel } = about.message
  if (channel === 'email') for (const check of EMAIL) check(about, found)
  else if (channel === 'sms' || channel === 'rcs') for (const check of SMS) check(about, found)
}

const EMAIL: readonly Check[] = [checkUnsubscribe, checkPostalAddress, checkOneClick, checkAuthentication]
const SMS: readonly Check[] = [checkSmsOptOut, checkSmsSender, checkSmsForbidden, checkSegments]
