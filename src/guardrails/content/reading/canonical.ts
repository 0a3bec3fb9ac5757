/** True for text that needs no normalising. */
function isAscii(text: string): boolean {
  return ASCII.test(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character is meant.
const ASCII = /^[\x00-\x7f]*$/

/** One form for what looks alike: NFKC (full-width, mathematical, circled letters), without invisible characters. */
export function canonicalText(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cf}|\u034f|\u115f|\u1160|\u3164|\ufe0e|\ufe0f/gu, '')
}

/** Ligatures come along when text is copied from a document; they disguise nothing. */
export function withoutLigatures(text: string): string {
  return LIGATURES.test(text) ? text.replace(/[\ufb00-\ufb06]/g, (char) => char.normalize('NFKC')) : text
}

const LIGATURES = /[\ufb00-\ufb06]/

/**
 * Words written in Latin that mix in letters drawn like Latin ones (Greek, Cyrillic, small capitals, boxed letters),
 * or carry accents and strokes. A word wholly in another script stays as it is, unless all of its letters have Latin
 * doubles and the text around it is Latin.
 */
export function plainLetters(text: string): string {
  const latin = countOf(text, /\p{Script=Latin}/gu)
  const other = countOf(text, /[\p{Script=Cyrillic}\p{Script=Greek}]/gu)
  const mostlyLatin = latin > other * 3
  return text.replace(/[\p{L}\p{M}\p{So}\p{Nd}]+/gu, (word) => {
    if (isAscii(word)) return word
    const bare = word.normalize('NFKD').replace(/\p{M}+/gu, '')
    const folded = Array.from(bare, (char) => DOUBLES.get(char.toLowerCase()) ?? char).join('')
    const mixed = /[a-z]/i.test(bare) || /\p{So}/u.test(bare)
    return mixed || (mostlyLatin && isAscii(folded)) ? folded : word
  })
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

const PAIRS =
  'аaеeоoрpсcуyхxіiїiјjѕsкkвbнhтtмmԁdɡgԛqԝwһhʟlӏlΙi οoαaεeιiκkνvρpτtυuχxηnωwγyβbσoѵv' +
  'ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzɑaıiłløođdħhŧtƒfաwօoսuհhոnցgզqςcєeиnяrшw' +
  'ᗩaᗷbᑕcᗪdᖴfᕼhᒍjᒪlᗰmᑎnᑭpᖇrᔕsᑌuᐯvᗯwᘔz'

const DOUBLES: ReadonlyMap<string, string> = new Map([
  ...[...PAIRS.replace(' ', '').matchAll(/(.)(.)/gu)].map(([, double = '', latin = '']): [string, string] => [double, latin]),
  ...boxed(0x1f150),
  ...boxed(0x1f170),
  ...boxed(0x1f1e6),
])

/** Twenty-six letters in a row, in circles, boxes or flags. */
function boxed(from: number): [string, string][] {
  return Array.from({ length: 26 }, (_, index) => [String.fromCodePoint(from + index), String.fromCharCode(97 + index)])
}

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
    '2': 'z',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '6': 'g',
    '7': 't',
    '8': 'b',
    '9': 'g',
    '@': 'a',
    $: 's',
    '!': 'i',
    '|': 'l',
    '€': 'e',
  }),
)

/** Whether a text turns its direction around where nothing in it is written from right to left. */
export function isTurned(text: string): boolean {
  return (
    /[\u202d\u202e\u2066-\u2068]/.test(text) &&
    !/[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(text)
  )
}
