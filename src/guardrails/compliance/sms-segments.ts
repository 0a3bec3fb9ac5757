import { type Check, speak } from '../content/case.js'
import { because } from '../findings.js'

/** More is dear, and long texts arrive late, out of order or not at all. */
const MOST = 3

/** How a text is cut for the air: in GSM-7 160 characters, 153 in each of several; in UCS-2 70 and 67. */
export function smsSegments(text: string): { readonly segments: number; readonly encoding: 'GSM-7' | 'UCS-2' } {
  let units = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (GSM7.has(char)) units++
    else if (EXTENDED.has(char)) units += 2
    else return { segments: parts(text.length, 70, 67), encoding: 'UCS-2' }
  }
  return { segments: parts(units, 160, 153), encoding: 'GSM-7' }
}

function parts(units: number, alone: number, each: number): number {
  return units <= alone ? 1 : Math.ceil(units / each)
}

/** 3GPP TS 23.038: the default alphabet, and the characters that take two of its places. */
const GSM7: ReadonlySet<string> = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const EXTENDED: ReadonlySet<string> = new Set('^{}\\[~]|€\f')

export const checkSegments: Check = (about, found) => {
  const { text } = about.page.body
  // UCS-2 is the dearest: shorter than this is three segments in any alphabet.
  if (text.length <= MOST * 67) return
  const { segments, encoding } = smsSegments(text)
  if (segments <= MOST) return
  speak(
    found,
    about,
    'warn',
    because(
      'content.too_large',
      `The text takes ${segments} segments in ${encoding}; more than ${MOST} are dear and may not arrive whole. Shorten it.`,
      { segments, encoding, length: text.length, max: MOST },
      { rule: 'sms.too-many-segments' },
    ),
  )
}
