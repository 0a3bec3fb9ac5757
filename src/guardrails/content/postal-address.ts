import { isOneOf, type Words, wordAt, wordSet } from './words.js'

/** Whether the words of an address stand in a text in order, whatever the line breaks and punctuation between them. */
export function containsAddress(words: Words, address: Words): boolean {
  const size = address.hashes.length
  if (size === 0) return true
  const first = address.hashes[0]
  for (let from = 0; from + size <= words.hashes.length; from++) {
    if (words.hashes[from] !== first) continue
    let same = 1
    while (
      same < size &&
      words.hashes[from + same] === address.hashes[same] &&
      wordAt(words, from + same) === wordAt(address, same)
    )
      same++
    if (same === size) return true
  }
  return false
}

/** Whether a text seems to hold a postal address: a street or a box, and a number. Looks at the last 80 words. */
export function seemsToHoldAddress(words: Words): boolean {
  const from = Math.max(0, words.starts.length - 80)
  let street = false
  let number = false
  for (let index = words.starts.length - 1; index >= from; index--) {
    const first = words.text.charCodeAt(words.starts[index] ?? 0)
    if (first >= 48 && first <= 57) number = true
    else if (!street) street = isOneOf(words, index, STREETS)
    if (street && number) return true
  }
  return number && STREET_ENDINGS.test(words.text.slice(words.starts[from] ?? 0))
}

const STREETS = wordSet(
  'st street ave avenue rd road blvd boulevard lane ln drive dr suite ste floor way court ct plaza square parkway pkwy highway hwy box postfach rue avenue calle via viale piazza plaza rua allee',
)

/** Languages that write the street as part of one word. */
const STREET_ENDINGS = /(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|straat|vägen|gatan|vej)\s+\d/i
