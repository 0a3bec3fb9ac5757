import type { Rule } from '../rules/rule.js'

const AS_OF = '2026-11-23'
const EMAIL = ['email'] as const
const SMS = ['sms', 'rcs'] as const
const LC_PHONE = 'CTIA Messaging Principles; https://help.gohighlevel.com 48001213941'
const TWILIO = 'https://support.twilio.com 360045004974'

function email(
  id: string,
  pack: Rule['pack'],
  jurisdiction: string,
  verdict: Rule['verdict'],
  says: string,
  source: string,
): Rule {
  return { id, pack, channels: EMAIL, jurisdiction, verdict, says, asOf: AS_OF, source }
}

function sms(id: string, pack: Rule['pack'], jurisdiction: string, verdict: Rule['verdict'], says: string, source: string): Rule {
  return { id, pack, channels: SMS, jurisdiction, verdict, says, asOf: AS_OF, source }
}

export const COMPLIANCE_RULES: readonly Rule[] = [
  email(
    'compliance.unsubscribe-missing',
    'product',
    'all',
    'block',
    'A commercial e-mail names no working way to unsubscribe.',
    '15 USC 7704(a)(5), 16 CFR 316.5; CASL; PECR reg 23',
  ),
  email(
    'compliance.unsubscribe-negated',
    'product',
    'all',
    'block',
    'It says that one cannot or need not unsubscribe.',
    '15 USC 7704(a)(5)',
  ),
  email(
    'compliance.unsubscribe-burdensome',
    'product',
    'all',
    'block',
    'Unsubscribing asks for money, a log-in, data beyond an address and preferences, a letter, a call or a visit.',
    '16 CFR 316.5',
  ),
  email(
    'compliance.unsubscribe-hidden',
    'product',
    'all',
    'block',
    'The way to unsubscribe is hidden from the reader.',
    '15 USC 7704(a)(5)',
  ),
  email(
    'compliance.postal-address-missing',
    'us-federal',
    'US',
    'block',
    'No postal address: a warning; refused once yours is configured.',
    '15 USC 7704(a)(5)(A)(iii)',
  ),
  email(
    'compliance.postal-address-missing',
    'canada',
    'CA',
    'block',
    'No postal address: a warning; refused once yours is configured.',
    'CASL s. 6(2); SOR/2012-36 s. 2',
  ),
  email(
    'auth.spf-dkim',
    'mailbox-providers',
    'all',
    'block',
    'Neither SPF nor DKIM passes for the sending domain.',
    'Gmail sender guidelines, enforced from 2025-11',
  ),
  email(
    'auth.dmarc-aligned',
    'mailbox-providers',
    'all',
    'block',
    'No DMARC record or no alignment: a warning; refused from 5,000 a day.',
    'Gmail, Yahoo and Microsoft sender guidelines',
  ),
  email(
    'auth.ms-bulk',
    'mailbox-providers',
    'all',
    'block',
    'To Outlook.com, from 5,000 a day: SPF, DKIM and DMARC not all there.',
    'Microsoft, from 2025-05-05; SMTP 550 5.7.515',
  ),
  email(
    'header.one-click',
    'mailbox-providers',
    'all',
    'block',
    'Known to lack the headers of one-click unsubscribing: a warning; refused from 5,000 a day.',
    'RFC 8058; Gmail and Yahoo sender guidelines',
  ),
  email(
    'from.freemail',
    'mailbox-providers',
    'all',
    'warn',
    'The sender is an address of a free mailbox provider.',
    'Gmail sender guidelines',
  ),
  sms(
    'compliance.sms-optout-missing',
    'product',
    'all',
    'block',
    'A text that is no answer and no transaction does not say how to stop, in plain letters.',
    `${LC_PHONE}; 47 CFR 64.1200(a)(10)`,
  ),
  sms('compliance.unsubscribe-negated', 'product', 'all', 'block', 'It says not to answer STOP.', LC_PHONE),
  sms('compliance.sms-sender-id-missing', 'product', 'all', 'block', 'The configured brand is not named.', LC_PHONE),
  ...['US', 'CA'].flatMap((country) => [
    sms(
      'compliance.shaft',
      'carriers',
      country,
      'block',
      'Sex, hate, alcohol, firearms, tobacco, cannabis; a warning for age-gated alcohol and tobacco.',
      'CTIA; Twilio 30459, 30469, 30873, 30874',
    ),
    sms(
      'compliance.sms-forbidden-category',
      'carriers',
      country,
      'block',
      'Loans, debt and credit repair, crypto and stock tips, get-rich-quick, gambling, lead selling, medicines.',
      TWILIO,
    ),
  ]),
  sms(
    'sms.too-many-segments',
    'product',
    'all',
    'warn',
    'More than 3 segments. GSM-7 160/153 characters, UCS-2 70/67.',
    '3GPP TS 23.040',
  ),
]
