import { type Check, speak } from '../content/case.js'
import { because } from '../findings.js'
import { mailboxGroup } from '../recipients/mailbox-group.js'

/** What mailbox providers ask of the sending domain; judged from what the host says of it in `sender.authentication`. */
export const checkAuthentication: Check = (about, found) => {
  const { policy, message, context } = about
  const { authentication } = policy.sender
  if (authentication !== undefined) {
    const { spf, dkim, dmarc, aligned, bulk } = authentication
    const say = (rule: string, severity: 'block' | 'warn', text: string) =>
      speak(
        found,
        about,
        severity,
        because('compliance.authentication', text, { spf, dkim, dmarc, aligned, bulk }, { rule: `auth.${rule}` }),
      )
    if (!spf && !dkim)
      say('spf-dkim', 'block', 'Neither SPF nor DKIM passes for the sending domain; Gmail refuses such mail. Set up one of them.')
    if (!dmarc || !aligned) {
      say(
        'dmarc-aligned',
        bulk ? 'block' : 'warn',
        'The sending domain has no DMARC record, or neither SPF nor DKIM is aligned with it. Gmail, Yahoo and Microsoft ask this of bulk senders. A record with p=none will do.',
      )
    }
    if (bulk && !(spf && dkim && dmarc) && reachesMicrosoft(context.contact?.emails ?? [])) {
      say(
        'ms-bulk',
        'block',
        'Outlook.com refuses bulk mail without SPF, DKIM and DMARC together (550 5.7.515). Set up all three.',
      )
    }
  }
  const from = message.from?.slice(message.from.lastIndexOf('@') + 1).toLowerCase()
  if (from !== undefined && FREEMAIL.has(mailboxGroup(from))) {
    speak(
      found,
      about,
      'warn',
      because(
        'compliance.authentication',
        'The sender is an address of a free mailbox provider, and its DMARC policy lets others refuse what it did not send itself. Send from a domain of your own.',
        {},
        { rule: 'from.freemail' },
      ),
    )
  }
}

const FREEMAIL = new Set(['google', 'yahoo', 'microsoft'])

function reachesMicrosoft(emails: readonly string[]): boolean {
  const [first] = emails
  return first !== undefined && mailboxGroup(first.slice(first.lastIndexOf('@') + 1)) === 'microsoft'
}
