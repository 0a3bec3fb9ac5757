import { type Case, type Check, speak } from '../content/case.js'
import { plainName } from '../content/names.js'
import { because } from '../findings.js'

/** A text message has to name who sends it; a first name is no brand. CTIA; LC Phone policy. */
export const checkSmsSender: Check = (about, found) => {
  const { policy, context, message } = about
  const { brand } = policy.sender
  if (message.isReply === true && context.firstMessage !== true) return
  if (brand === undefined ? context.firstMessage !== true || namesSomebody(about) : namesBrand(about.page.body.text, brand))
    return
  const first = context.firstMessage !== false
  speak(
    found,
    about,
    first && brand !== undefined ? 'block' : 'warn',
    because(
      'compliance.sms_sender_missing',
      'The text does not name who sends it. Begin with the name of the business.',
      { configured: brand !== undefined },
      { rule: 'compliance.sms-sender-id-missing' },
    ),
  )
}

/** The brand, or what it is called in short: its first word, where that is telling. */
function namesBrand(text: string, brand: string): boolean {
  const said = ` ${plainWords(text)} `
  const name = plainWords(brand).replace(LEGAL_FORM, '')
  if (said.includes(` ${name} `) || said.replaceAll(' ', '').includes(name.replaceAll(' ', ''))) return true
  const [first = ''] = name.split(' ')
  return first.length >= 3 && !COMMON.has(first) && said.includes(` ${first} `)
}

function plainWords(text: string): string {
  return plainName(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const LEGAL_FORM = / (?:inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|company|plc|sa|sl|bv|pty ltd|pty|kg|ug|oy|ab|as)$/
const COMMON = new Set(
  'the first best good great new your our all one big north south east west american national united general global city town home house green blue red smart quick fast pro premier elite family healthy health golden free my hello'.split(
    ' ',
  ),
)

/** "Acme: …", "from Acme", "- Acme", "Acme here": somebody beside a first name. */
function namesSomebody({ page: { body } }: Case): boolean {
  return /^\s*\[?[\p{Lu}\p{N}][\p{L}\p{N}&.' -]{1,40}\]?\s?[:|-]\s|\b(?:from|at|with|by) \p{Lu}[\p{L}\p{N}&.'-]+|\bYour \p{Lu}\p{L}+|[-–—~]\s?\p{Lu}[\p{L}&.' -]+$/u.test(
    body.text,
  )
}
