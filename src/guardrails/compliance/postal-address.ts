import { unitAt } from '../../core/unit-at.js'
import { type Check, speak } from '../content/case.js'
import { MARK } from '../content/reading/chars.js'
import { wordSet } from '../content/reading/lexicon.js'
import { isOneOf, isPlain, type Words, wordAt } from '../content/reading/words.js'
import { because } from '../findings.js'
import { regionOf } from '../time/regions.js'

/** An e-mail has to hold a postal address: yours, where it is configured; else one that looks like one. */
export const checkPostalAddress: Check = (about, found) => {
  const { page, policy, context } = about
  if (context.purpose === 'transactional') return
  const { words } = page.body
  const { postalAddress } = policy.sender
  if (postalAddress === undefined) {
    if (seemsToHoldAddress(words)) return
    const why = 'The e-mail seems to hold no postal address, which US law asks for. Put it in the footer.'
    speak(found, about, 'warn', because('compliance.postal_address_missing', why, {}, { rule: RULE }))
  } else if (!containsAddress(words, postalAddress)) {
    const why = 'The e-mail does not hold your postal address as configured. Put it in the footer.'
    speak(found, about, 'block', because('compliance.postal_address_missing', why, {}, { rule: RULE }))
  }
}

const RULE = 'compliance.postal-address-missing'

/** Whether the words of an address stand in a text in order, whatever the line breaks and punctuation between them. */
function containsAddress(words: Words, address: string): boolean {
  const [first, ...rest] = addressWords(address)
  if (first === undefined) return true
  // From the end: an address is in the footer.
  for (let from = words.starts.length - 1 - rest.length; from >= 0; from--) {
    if (!isWord(words, from, first)) continue
    if (rest.every((word, index) => isWord(words, from + 1 + index, word))) return true
  }
  return ` ${unabbreviated(words.text.slice(-LONGEST_FOOTER))} `.includes(` ${unabbreviated(address)} `)
}

/** Units of a text's end that are read once more, with abbreviations written out. */
const LONGEST_FOOTER = 2000

function addressWords(address: string): string[] {
  return address
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '')
}

/** An address with its abbreviations written out, and its states as codes: `548 market street suite 200 … CA`. */
function unabbreviated(address: string): string {
  const said = addressWords(address)
  const plain: string[] = []
  for (let at = 0; at < said.length; at++) {
    const [word = '', next = ''] = said.slice(at, at + 2)
    const short = regionOf(word, 'US')
    // New York is two words, and one state.
    const long = short === undefined && /^[a-z]+$/.test(next) ? regionOf(word + next, 'US') : undefined
    if (long !== undefined) at++
    plain.push((short ?? long)?.id ?? ABBREVIATIONS.get(word) ?? word)
  }
  return plain.join(' ')
}

const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  'st=street ave=avenue av=avenue rd=road blvd=boulevard ln=lane dr=drive ste=suite fl=floor ct=court sq=square pkwy=parkway hwy=highway pl=place apt=apartment bldg=building n=north s=south e=east w=west'
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
)

function isWord(words: Words, index: number, word: string): boolean {
  const start = words.starts[index] ?? 0
  return (words.ends[index] ?? 0) - start === word.length && wordAt(words, index) === word
}

/** Whether a text seems to hold a postal address: a street or a box, and a number, near each other in its last 80 words. */
function seemsToHoldAddress(words: Words): boolean {
  const from = Math.max(0, words.starts.length - 80)
  if (!isPlain(words) && BLOCK_NUMBER.test(words.text.slice(words.starts[from]))) return true
  if (words.numbers.some((number) => number >= from && isStreetNumber(words, number))) return true
  return ADDRESS_LINE.test(words.text.slice(words.starts[from]))
}

/** Without a word for the street: "2500 N Lamar, Austin, TX", "Karl Johans gate 1, 0154 Oslo"; "March 3, 2026 Paris" is a day. */
const ADDRESS_LINE =
  /\b\d{1,6}[A-Za-z]?(?: \p{Lu}[\p{L}.'’-]{0,20}){1,4},(?: \p{Lu}[\p{L}.'’-]{0,20}){1,3}, [A-Z]{2}\b|\b\d{1,4}[a-z]?, (?!(?:19|20)\d\d )\d{4,5} \p{Lu}\p{L}/u

/** Whether a number (which may carry a letter: 14b) belongs to a street or a box: "548 Market St", "Lindenstraße 14", "PO Box 12", "rue de Lyon 5". `index` = one of `words.numbers`. */
export function isStreetNumber(words: Words, index: number): boolean {
  if (!isHouseNumber(words, index)) return false
  for (let ahead = index + 1; ahead <= index + 5 && ahead < words.starts.length; ahead++) {
    if (isStreet(words, ahead)) return true
    if (((words.marks[ahead] as number) & (MARK.line | MARK.clause)) !== 0) break
  }
  for (let back = index - 1; back >= Math.max(0, index - 5); back--) {
    if (isStreet(words, back)) return true
    if (((words.marks[back + 1] as number) & MARK.line) !== 0) break
  }
  return false
}

function isHouseNumber({ text, starts, ends }: Words, index: number): boolean {
  const start = starts[index] ?? 0
  const code = unitAt(text, start)
  return code >= 48 && code <= 57 && (ends[index] ?? 0) - start <= 7
}

function isStreet(words: Words, index: number): boolean {
  if (isOneOf(words, index, STREETS)) return true
  const start = words.starts[index] ?? 0
  const end = words.ends[index] ?? 0
  return end - start > 5 && STREET_ENDING.test(words.text.slice(end - 7, end))
}

/** Japan, China, Korea: a postal mark, or a number of a block or house. */
const BLOCK_NUMBER = /〒\s?\d{3}|\d\s?(?:丁目|番地|号|號|번지)/

const STREETS = wordSet(
  'st street ave avenue av rd road blvd boulevard lane ln drive dr court ct cove plaza square sq parkway pkwy highway hwy box postfach terrace circle cir place crescent close row quay wharf alley loop trail rue quai allée avda avenida calle paseo carrer via viale piazza corso vicolo rua travessa praça allee straße strasse str platz weg gasse damm ring ufer laan straat plein kade gracht weg väg vägen gatan gata vej gade vei katu tie ulica ul aleja al utca út náměstí třída улица ул проспект way quarter park',
)

/** Languages that write the street as part of one word. */
const STREET_ENDING =
  /(?:stra(?:ß|ss)e|str|weg|platz|gasse|allee|damm|ring|ufer|straat|laan|plein|kade|gracht|vägen|gatan|gata|vej|gade|katu|tie|utca)$/i
