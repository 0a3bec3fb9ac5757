import { CHANNELS } from '../../core/contact.js'
import type { Rule } from '../rules/rule.js'

const AS_OF = '2026-11-25'
const TEXT = CHANNELS.filter((channel) => channel !== 'call')

/** The product's own judgement, on every channel that carries text. */
function own(id: string, verdict: Rule['verdict'], says: string, source = 'own', channels: Rule['channels'] = TEXT): Rule {
  return { id, pack: 'product', channels, jurisdiction: 'all', verdict, says, asOf: AS_OF, source }
}

const EMAIL = ['email'] as const

export const CONTENT_RULES: readonly Rule[] = [
  own('content.too-large', 'block', 'Longer than 262,144 characters, or 204,800 of HTML; such a message is not read.'),
  own('content.opaque', 'hold', 'GHL fills the text from a template, so it cannot be read here.'),
  own('content.empty', 'block', 'Fewer than two words beside the opt-out (one on channels other than e-mail).'),
  own('content.empty-subject', 'block', 'An e-mail without a subject.', 'own', EMAIL),
  own(
    'content.merge-tag',
    'block',
    'A template tag was not filled in, or left a gap, in the text, a link or an attribute: `{{x}}`, `[First Name]`, `%NAME%`, `Hi ,`, `Hi undefined,`, `raised $ million`.',
  ),
  own('content.placeholder', 'block', 'A draft: lorem ipsum, `[Your Name]`, TODO, John Doe, 555-555-5555, example.com, a test.'),
  own(
    'content.ai-giveaway',
    'block',
    'A language model shows: a preamble or postscript, a refusal, markdown, JSON, a subject line in the text.',
  ),
  own('content.truncated', 'block', 'The text ends in the middle of a sentence.'),
  own(
    'content.wrong-recipient',
    'block',
    'The greeting names somebody else than the contact (nicknames and accents count as the same), or another recipient’s company is named.',
  ),
  own(
    'content.hidden-text',
    'block',
    'Text is kept from the reader: by size, colour or position, or more than a preheader of 150 characters.',
    'own',
    EMAIL,
  ),
  own('content.image-only', 'block', 'Pictures and fewer than 4 words; fewer than 10 where the picture is a link.', 'own', EMAIL),
  own(
    'content.spam-phrase',
    'block',
    'Phrases of advertising add up: a warning from 2.5 points, refused from 5.',
    'Weights after apache/spamassassin 50_scores.cf, threshold 5.0; measured on public corpora',
  ),
  own(
    'content.obfuscation',
    'block',
    'Such a phrase, or in a text one of what carriers do not carry, is disguised: invisible characters, other scripts, digits for letters, spaced letters, tags inside words, base64 or quoted-printable.',
  ),
  own('content.advance-fee', 'block', 'The story of a fortune, a stranger’s part in it and what is asked of the reader.'),
  own(
    'content.phishing',
    'block',
    'A threat to an account beside a request to verify it, or a request to send a secret by answer.',
  ),
  own('content.shouting', 'warn', 'Half of more than 40 letters, or six words in a row, are capitals.'),
  own('subject.capitals', 'warn', 'A subject in capitals only.', 'own', EMAIL),
  own('subject.punctuation', 'warn', 'More than one exclamation or two question marks in the subject.', 'own', EMAIL),
  own('subject.too-long', 'warn', 'A subject of more than 60 characters.', 'own', EMAIL),
  {
    ...own(
      'subject.deceptive',
      'warn',
      'A commercial e-mail under the subject of an order, a payment or an account.',
      '15 USC 7704(a)(2)',
      EMAIL,
    ),
    pack: 'us-federal',
  },
  {
    ...own('subject.deceptive-prefix', 'warn', 'Re: or Fwd: outside of a thread.', '15 USC 7704(a)(2)', EMAIL),
    pack: 'us-federal',
  },
  own('url.dangerous-scheme', 'block', 'A link with `javascript:`, `data:` or the like.'),
  own('url.ip-host', 'block', 'A link to an IP address: dotted, decimal, hexadecimal, IPv6.'),
  own('url.userinfo', 'block', 'A link with a part before `@` in its host.'),
  own('url.homograph', 'block', 'A link whose host mixes alphabets, or is drawn like a Latin one.', 'UTS #39'),
  own(
    'url.anchor-mismatch',
    'block',
    'A link that shows one domain and leads to another; your own domains are excepted.',
    'own',
    EMAIL,
  ),
  own('url.insecure', 'warn', 'A link with http://.'),
  own('url.redirector', 'warn', 'A link that only passes its reader on to another domain.'),
  own('url.too-many', 'warn', 'More than 10 distinct links.'),
  own('url.shortener', 'warn', 'A public link shortener in an e-mail.', 'own', EMAIL),
  {
    ...own('url.shortener', 'block', 'A public link shortener in a text message.', 'https://support.twilio.com 360045004974', [
      'sms',
      'rcs',
    ]),
    pack: 'carriers',
  },
]
