import { because, type Findings, report, warn } from '../findings.js'
import type { GuardrailPolicy } from '../policy.js'

/** Read by machines or by whoever handles complaints: mail to them is never wanted, and some of them report it (RFC 2142). */
const NEVER: ReadonlySet<string> = new Set([
  ...['abuse', 'postmaster', 'noreply', 'no-reply', 'no_reply', 'donotreply', 'do-not-reply', 'mailer-daemon', 'hostmaster'],
  ...['webmaster', 'security', 'privacy', 'legal', 'spam'],
])

/** Read by several people, none of whom asked: it is where complaints come from. */
const SHARED: ReadonlySet<string> = new Set(['info', 'sales', 'support', 'admin', 'office', 'billing', 'hr', 'careers'])

/** An address of a function rather than of a person. `email` in its canonical spelling. */
export function checkRoleAccount(email: string, kind: string, policy: GuardrailPolicy, found: Findings): void {
  const end = email.indexOf('+')
  const at = email.lastIndexOf('@')
  const user = email.slice(0, end > 0 && end < at ? end : at)
  const never = NEVER.has(user)
  if (!never && !SHARED.has(user)) return
  const severity = policy.recipients.roleAccounts
  if (never) {
    const message = `${user}@ is read by machines or handles complaints. Take this recipient out, or find a person.`
    report(found, severity, because('recipient.role_account', message, { user, kind }, { rule: 'recipient.role-account' }))
  } else if (severity !== 'off') {
    const message = `${user}@ is shared by several people. A person's own address complains less.`
    warn(found, because('recipient.role_account', message, { user, kind }, { rule: 'recipient.shared-account' }))
  }
}
