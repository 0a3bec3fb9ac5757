/** True for text that needs no normalising. */
export function isAscii(text: string): boolean {
  return ASCII.test(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character is meant.
const ASCII = /^[\x00-\x7f]*$/

/** One form for what looks alike: NFKC (full-width, mathematical, circled letters), without invisible characters. */
export function canonicalText(text: string): string {
  return isAscii(text) ? text : text.normalize('NFKC').replace(/\p{Cf}/gu, '')
}

/** Words that mix Latin letters with their Greek or Cyrillic doubles, written in Latin. Other words stay untouched. */
export function unmixScripts(text: string): string {
  if (!DOUBLES.test(text)) return text
  return text.replace(/[\p{L}\p{M}]+/gu, (word) =>
    /[a-z]/i.test(word) && DOUBLES.test(word) ? Array.from(word.toLowerCase(), (char) => LATIN.get(char) ?? char).join('') : word,
  )
}

const DOUBLES = /[\u0370-\u04ff\u0501\u0261]/

const LATIN: ReadonlyMap<string, string> = new Map(
  Array.from('аaеeоoрpсcуyхxіiјjѕsкkвbнhтtмmԁdɡgοoαaεeιiκkνvρpτtυuχxηn'.matchAll(/(.)(.)/gu), ([, double = '', latin = '']) => [
    double,
    latin,
  ]),
)

/** A word with digits and symbols read as the letters they are drawn like: `w1nn3r` as `winner` and `wlnner`. */
export function unleet(word: string): readonly string[] {
  const read = Array.from(word.toLowerCase(), (char) => LEET.get(char) ?? char).join('')
  return /[1!|]/.test(word)
    ? [read, Array.from(word.toLowerCase(), (char) => (/[1!|]/.test(char) ? 'l' : (LEET.get(char) ?? char))).join('')]
    : [read]
}

const LEET: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    '8': 'b',
    '@': 'a',
    $: 's',
    '!': 'i',
    '|': 'l',
    '€': 'e',
  }),
)
