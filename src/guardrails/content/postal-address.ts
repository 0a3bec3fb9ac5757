import { type Words, wordAt } from './words.js'

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

/** Whether a text seems to hold a postal address: a street or box, and a number beside it or a postal code behind it. */
export function seemsToHoldAddress(words: Words): boolean {
  let street = false
  let number = false
  // Addresses stand in the footer.
  for (let index = Math.max(0, words.starts.length - 80); index < words.starts.length; index++) {
    const start = words.starts[index] ?? 0
    const first = words.text.charCodeAt(start)
    if (first >= 48 && first <= 57) number = true
    else if (!street) street = isStreet(wordAt(words, index))
    if (street && number) return true
  }
  return false
}

function isStreet(word: string): boolean {
  return STREETS.has(word) || /(?:stra(?:ß|ss)e|str|weg|platz|gasse|straat|vägen|gatan|vej)$/.test(word)
}

const STREETS = new Set(
  'st street ave avenue rd road blvd boulevard lane ln drive dr suite ste floor way court ct plaza square parkway pkwy highway hwy box postfach rue avenue calle via viale piazza plaza rua allee'.split(
    ' ',
  ),
)
