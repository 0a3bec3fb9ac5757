import type { Message } from '../../../src/core/message.js'

/** A stream of messages that are random or mutated, the same for the same seed. */
export function messages(seed: number): () => Message {
  const random = randomOf(seed)
  const below = (max: number) => Math.floor(random() * max)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const piece = () => {
    const kind = below(10)
    if (kind < 5) return pick(PIECES)
    if (kind < 7) return pick(WORDS)
    if (kind < 8) return String.fromCharCode(below(128))
    return kind < 9 ? String.fromCharCode(below(0x10000)) : String.fromCodePoint(below(0x110000))
  }
  const text = (most: number) => Array.from({ length: below(most) }, () => piece() + (below(3) === 0 ? ' ' : '')).join('')
  const mutated = (base: string) => {
    let out = base
    for (let edits = below(6); edits >= 0; edits--) {
      const at = below(out.length + 1)
      const until = Math.min(out.length, at + below(8))
      out = out.slice(0, at) + (below(2) === 0 ? piece() : '') + out.slice(below(2) === 0 ? at : until)
    }
    return out
  }
  const content = (most: number) => (below(2) === 0 ? text(most) : mutated(pick(BASES)))
  return () => ({
    channel: pick(['email', 'email', 'sms', 'whatsapp', 'live_chat'] as const),
    recipients: [],
    ...(below(4) === 0 ? {} : { subject: below(2) === 0 ? text(6) : mutated('Notes from our call') }),
    ...(below(3) === 0 ? {} : { text: content(40) }),
    ...(below(2) === 0 ? {} : { html: content(60) }),
    ...(below(10) === 0 ? { templateId: 't' } : {}),
    ...(below(5) === 0 ? { isReply: true } : {}),
  })
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const PIECES = [
  ...[
    '<',
    '>',
    '</',
    '<a href="',
    '<a href=',
    '">',
    "'",
    '"',
    '<p>',
    '</p>',
    '<br>',
    '<!--',
    '-->',
    '<style>',
    '</style>',
    '<img>',
  ],
  ...[
    '<span style="',
    'display:none',
    'font-size:0',
    'color:#fff',
    '&#',
    '&#x7b;',
    '&amp;',
    ';',
    '&',
    '{{',
    '}}',
    '{%',
    '[',
    ']',
  ],
  ...[
    '[[',
    '%',
    '%%',
    '*|',
    '|*',
    '$' + '{',
    '#',
    '@',
    '_',
    '__',
    '«',
    '»',
    '=',
    '=3D',
    '%7B',
    '```',
    '**',
    '# ',
    '\n',
    '\n\n',
    '\t',
  ],
  ...[
    'https://',
    'http://',
    'www.',
    'mailto:',
    'javascript:',
    'data:',
    '//',
    '/',
    '\\',
    '.',
    ',',
    '!',
    '!!!',
    '?',
    ':',
    '-',
    '-- \n',
    '\n> ',
  ],
  ...[
    '\u200b',
    '\u00ad',
    '\u202e',
    '\u0301',
    '\u00a0',
    '\ud83d',
    '\udc00',
    'е',
    'ｆ',
    '🅰',
    'ﬁ',
    '£',
    '€',
    '0',
    '1',
    '18+',
    '150p',
    '09061701461',
  ],
]
const WORDS =
  'hi hello dear free winner claim your prize act now unsubscribe stop reply opt out not no to from null undefined none i a w 548 market street suite subject assistant sorry the and in at verify account suspended text txt win 87066 call won'.split(
    ' ',
  )
const BASES = [
  'Hi Ada,\n\nThanks for the call. Would Tuesday suit you?\n\nSam\n\n-- \nExample Agency, 548 Market St, San Francisco, CA 94104\nUnsubscribe: https://agency.example/u',
  '<p>Hi Ada,</p><p>Thanks for the call. Would Tuesday <b>suit</b> you?</p><p>Example Agency, 548 Market St</p><a href="https://agency.example/u">Unsubscribe</a>',
  'Acme: see you on Tuesday at 10. Reply STOP to opt out',
  'WINNER! Y0u have w0n a £1000 prize. Call 09061701461 to claim. 150ppm',
]
